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

const hidden = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(hidden);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      typeof inner === 'string' ? [key, textIn(key, inner)] : [key, hidden(inner)],
    ),
  );
};

const textIn = (key: string, text: string): string => {
  if (CONTENT.includes(key)) return nameOf(text);
  return key === QUOTING ? '' : text;
};

const CONTENT = ['stanza', 'xml'];
/** A parser may quote what it could not read. */
const QUOTING = 'text';
