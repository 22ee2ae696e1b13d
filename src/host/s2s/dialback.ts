/** The elements of server dialback (XEP-0220) as plain data. */
import { DIALBACK, type Element, escapeXml } from '../../xml.js';
import { parseJid } from '../jid.js';
import { errorOf, type StanzaCondition } from '../stanza-error.js';

/** `result` goes between the two servers that want to talk, `verify` between the receiving server and the authority. */
export interface Dialback {
  readonly name: 'result' | 'verify';
  /** Domains. */
  readonly from: string;
  readonly to: string;
  /** Of `verify`: the id of the stream on which the key came. */
  readonly id?: string;
  /** Absent on a request; a condition stands for an error. */
  readonly answer?: 'valid' | 'invalid' | StanzaCondition;
  /** Of a request. */
  readonly key?: string;
}

/** A dialback element from the wire: its domains are not verified, and an error can have any condition. */
export interface ReceivedDialback extends Omit<Dialback, 'answer' | 'key'> {
  readonly type: string | undefined;
  readonly key: string;
}

/** @returns undefined for another element, 'misaddressed' when `from` or `to` is not a domain */
export const readDialback = (element: Element): ReceivedDialback | 'misaddressed' | undefined => {
  const name = element.getName();
  if (element.getNS() !== DIALBACK || (name !== 'result' && name !== 'verify')) return undefined;
  const [from, to] = [domainOf(element.attrs.from), domainOf(element.attrs.to)];
  if (from === undefined || to === undefined) return 'misaddressed';
  const { id, type } = element.attrs;
  return { name, from, to, type, key: element.getText().trim(), ...(id !== undefined && { id }) };
};

/** As text, with the prefix that the stream header declares. */
export const writeDialback = ({ name, from, to, id, answer, key }: Dialback): string => {
  const isError = answer !== undefined && answer !== 'valid' && answer !== 'invalid';
  const type = isError ? 'error' : answer;
  const attributes = Object.entries({ from, to, ...(id !== undefined && { id }), ...(type !== undefined && { type }) })
    .map(([attribute, value]) => ` ${attribute}='${escapeXml(value)}'`)
    .join('');
  const content = isError ? errorOf(answer).toString() : escapeXml(key ?? '');
  return content === '' ? `<db:${name}${attributes}/>` : `<db:${name}${attributes}>${content}</db:${name}>`;
};

/** @returns undefined for a text that is not an address, and for an address with more parts than a domain */
export const domainOf = (address: string | undefined): string | undefined => {
  const jid = parseJid(address ?? '');
  return jid === undefined || jid.local !== undefined || jid.resource !== undefined ? undefined : jid.domain;
};
