import { isLeft } from '../index.js';
import { type Element, parseElement } from '../xml.js';

/**
 * A stanza that the host itself wrote to a queue or to offline storage.
 * @returns undefined when the text is not an element; a stanza from a stream is always an element
 */
export const readStored = (stanza: string): Element | undefined => {
  const read = parseElement(stanza, UNLIMITED);
  return isLeft(read) ? undefined : read.right;
};

/** Addresses and escapes have made the stanza longer since it passed the limits of its stream. */
const UNLIMITED = {
  maxStanzaBytes: Number.POSITIVE_INFINITY,
  maxDepth: Number.POSITIVE_INFINITY,
  maxAttributes: Number.POSITIVE_INFINITY,
  maxElements: Number.POSITIVE_INFINITY,
};
