import { isLeft } from '../index.js';
import { type Element, parseElement } from '../xml.js';

/**
 * A stanza that the host itself wrote to a queue or to offline storage.
 * @returns undefined when it is none, which a stanza that came through a stream cannot be
 */
export const readStored = (stanza: string): Element | undefined => {
  const read = parseElement(stanza, UNLIMITED);
  return isLeft(read) ? undefined : read.right;
};

/** What was within the limits when it came has grown by addresses and escapes since. */
const UNLIMITED = {
  maxStanzaBytes: Number.POSITIVE_INFINITY,
  maxDepth: Number.POSITIVE_INFINITY,
  maxAttributes: Number.POSITIVE_INFINITY,
  maxElements: Number.POSITIVE_INFINITY,
};
