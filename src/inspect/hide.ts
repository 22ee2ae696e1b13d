/**
 * Takes the content of peers and applications out of a trace line. The name and the length of a stanza stay, because
 * the limits of the queue depend on the length. SM-IDs are already shortened in every trace.
 */
import { rewritten, type TraceLine } from '../engine/trace.js';
import { tagOf } from './effect-text.js';

export const withoutContent = <L extends TraceLine>(line: L): L =>
  rewritten(line, isContent, (text, key) => (key === QUOTING ? '' : nameOf(text)));

/** True when only the name of the element is left. */
export const isHidden = (xml: string): boolean => xml.endsWith(HIDDEN);

const isContent = (key: string): boolean => key === 'stanza' || key === 'xml' || key === QUOTING;

/** The field in which a parser may quote the text that it could not read. */
const QUOTING = 'text';

const HIDDEN = '…';

/**
 * The name of a stanza, filled up to the length of the stanza. Stanzas of the same name and length share a text,
 * because many sessions get copies of the same stanza.
 */
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
