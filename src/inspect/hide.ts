/**
 * Takes what peers and applications wrote out of a line of a trace. Of a stanza the name is left, and the length, for the limits
 * of the queue go by it. SM-IDs are short already, as in every trace.
 */
import type { TraceLine } from '../engine/trace.js';
import { tagOf } from './effect-text.js';

export const withoutContent = <L extends TraceLine>(line: L): L => hidden(line) as L;

/** As long as it was; what comes behind the name takes no memory to speak of. */
const nameOf = (xml: string): string => `${tagOf(xml)}${HIDDEN.repeat(xml.length)}`.slice(0, xml.length);

/** The name alone is left of it. */
export const isHidden = (xml: string): boolean => xml.endsWith(HIDDEN);

const HIDDEN = '…';

/** The same value where there is nothing to hide: most lines have nothing. */
const hidden = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  const changes = Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    const left = typeof inner === 'string' ? textIn(key, inner) : hidden(inner);
    return left === inner ? [] : [[key, left]];
  });
  if (changes.length === 0) return value;
  return Object.assign(Array.isArray(value) ? [...value] : { ...value }, Object.fromEntries(changes));
};

const textIn = (key: string, text: string): string => {
  if (CONTENT.includes(key)) return nameOf(text);
  return key === QUOTING ? '' : text;
};

const CONTENT = ['stanza', 'xml'];
/** A parser may quote what it could not read. */
const QUOTING = 'text';
