/**
 * Takes what peers and applications wrote out of a line of a trace. Of a stanza the name is left, and the length, for the limits
 * of the queue go by it. SM-IDs are short already, as in every trace.
 */
import { rewritten, type TraceLine } from '../engine/trace.js';
import { tagOf } from './effect-text.js';

export const withoutContent = <L extends TraceLine>(line: L): L =>
  rewritten(line, isContent, (text, key) => (key === QUOTING ? '' : nameOf(text)));

/** The name alone is left of it. */
export const isHidden = (xml: string): boolean => xml.endsWith(HIDDEN);

const isContent = (key: string): boolean => key === 'stanza' || key === 'xml' || key === QUOTING;

/** A parser may quote what it could not read. */
const QUOTING = 'text';

const HIDDEN = '…';

/** As long as it was. Stanzas of the same name and length share one text, for a crowd gets copies of one stanza. */
const nameOf = (xml: string): string => {
  const tag = tagOf(xml);
  const key = `${tag} ${xml.length}`;
  const known = names.get(key);
  if (known !== undefined) return known;
  if (names.size > MOST_NAMES) names.clear();
  const name = `${tag}${HIDDEN.repeat(xml.length)}`.slice(0, xml.length);
  if (name.length <= LONGEST_SHARED) names.set(key, name);
  return name;
};

const names = new Map<string, string>();
const MOST_NAMES = 1_000;
const LONGEST_SHARED = 4_000;
