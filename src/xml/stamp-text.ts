/** XEP-0203 for a stanza that is text: a queue holds text, and most of it needs no parser to get a stamp. */
import { checkObject, checkText } from '../arguments/check.js';
import { DELAY, type Delay } from './delay.js';
import { escapeXml } from './escape.js';
import { parseElement } from './parse-element.js';

/**
 * Adds a delay stamp to a message or presence that is text already. It does not parse the text, unless the text may have a stamp.
 *
 * @param stanza a stanza of a queue: its text, its kind and its type
 * @returns the text with the stamp; or the same text for an iq, for a stanza that has a stamp, for text that is not an element, and for a
 * time that a Date cannot hold
 * @throws TypeError that names the argument
 */
export const stampText = (stanza: StanzaText, delay: Delay): string => {
  checkObject('stanza', stanza);
  checkObject('delay', delay);
  const { xml, kind, type } = stanza;
  const { from, stamp } = delay;
  checkText('stanza.xml', xml);
  if (kind === 'iq' || !(Math.abs(stamp) <= LAST_TIME)) return xml;
  if (xml.includes(DELAY) && !lacksStamp(xml)) return xml;
  const end = /(?:(\/)|<\/([^<>\s]+)\s*)>\s*$/.exec(xml.slice(-MAX_END));
  const name = /^\s*<([^\s<>/]+)/.exec(xml)?.[1];
  if (end === null || name === undefined || (end[1] === undefined && end[2] !== name)) return xml;
  const sender = from === undefined || type === 'groupchat' ? '' : ` from="${escapeXml(from)}"`;
  const added = `<delay xmlns="${DELAY}"${sender} stamp="${new Date(stamp).toISOString()}"/>`;
  const body = xml.slice(0, xml.length - end[0].length);
  return end[1] === undefined ? `${body}${added}</${name}>` : `${body}>${added}</${name}>`;
};

/** The part of a stanza in a queue that a stamp needs. */
export interface StanzaText {
  readonly xml: string;
  readonly kind: 'message' | 'presence' | 'iq';
  readonly type: string;
}

/** Not every `urn:xmpp:delay` in a stanza is a stamp of the stanza: a forwarded message has its own. */
const lacksStamp = (xml: string): boolean => {
  const read = parseElement(xml, UNLIMITED);
  return read._tag === 'Right' && read.right.getChild('delay', DELAY) === undefined;
};

const UNLIMITED = {
  maxStanzaBytes: Number.POSITIVE_INFINITY,
  maxDepth: Number.POSITIVE_INFINITY,
  maxAttributes: Number.POSITIVE_INFINITY,
  maxElements: Number.POSITIVE_INFINITY,
};

/** The most characters of an end tag with white space behind it that are looked at. */
const MAX_END = 256;
/** The last millisecond that a Date can hold. */
const LAST_TIME = 8.64e15;
