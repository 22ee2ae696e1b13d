/** The requests that the server answers itself: to the server, and to the sender's own account. */
import { Element } from '../xml.js';
import { bareJid, parseJid } from './jid.js';
import { stanzaError, swappedAddresses } from './stanza-error.js';

const NS_PING = 'urn:xmpp:ping';
const NS_ROSTER = 'jabber:iq:roster';
const NS_SESSION = 'urn:ietf:params:xml:ns:xmpp-session';
const NS_DISCO_INFO = 'http://jabber.org/protocol/disco#info';
const NS_DISCO_ITEMS = 'http://jabber.org/protocol/disco#items';
const FEATURES = [NS_DISCO_INFO, NS_DISCO_ITEMS, NS_PING, 'msgoffline'];

/** Requests that another part of the host answers. */
export interface IqService {
  /** The features of an account that this part adds (XEP-0030). */
  readonly features: readonly string[];
  /** @returns undefined for an iq that it does not know */
  answer(iq: Element): Element | undefined;
}

/**
 * The error for an iq that breaks RFC 6120 section 8.2.3: without an id, of an unknown type, or a get or set without exactly
 * one child. Check an iq before it is routed.
 * @returns undefined for a correct iq, and for a result or an error, because those are never answered
 */
export const malformedIq = (iq: Element): Element | undefined => {
  const { type, id } = iq.attrs;
  const children = iq.getChildElements().length;
  const wellFormed = (type === 'get' || type === 'set') && children === 1;
  return wellFormed && id ? undefined : stanzaError(iq, 'bad-request');
};

/**
 * Answers an iq to the server, or to the sender's own account: that is also the addressee of an iq without an address. The answer to an unknown request, and to a
 * request to another account, is `service-unavailable` (RFC 6120 section 8.4, RFC 6121 section 8.5.1).
 * @param iq well-formed, with the sender's full JID as `from`
 * @param more features of accounts that other parts of the host serve
 * @returns undefined for results and errors, because the server sends no requests
 */
export const answerIq = (iq: Element, domain: string, more: readonly string[] = []): Element | undefined => {
  const [child] = iq.getChildElements();
  if ((iq.attrs.type !== 'get' && iq.attrs.type !== 'set') || child === undefined) return undefined;
  const key = `${iq.attrs.type} ${child.getName()} ${child.getNS()}`;
  const service = Object.hasOwn(SERVICES, key) && isForUs(iq, domain) ? SERVICES[key] : undefined;
  return service === undefined ? stanzaError(iq, 'service-unavailable') : service(iq, child, more);
};

const isForUs = ({ attrs: { to, from = '' } }: Element, domain: string): boolean => {
  if (to === undefined) return true;
  const [addressee, sender] = [parseJid(to), parseJid(from)];
  if (addressee === undefined || addressee.resource !== undefined) return false;
  return bareJid(addressee) === domain || (sender !== undefined && bareJid(addressee) === bareJid(sender));
};

const result = (iq: Element, payload?: Element): Element => {
  const answer = new Element('iq', { ...swappedAddresses(iq), type: 'result' });
  if (payload !== undefined) answer.cnode(payload);
  return answer;
};

const discoInfo = (iq: Element, { attrs: { node } }: Element, more: readonly string[]): Element | undefined => {
  if (node !== undefined) return stanzaError(iq, 'item-not-found');
  const query = new Element('query', { xmlns: NS_DISCO_INFO });
  // Without `to`, the request is for the own account (RFC 6120 section 10.3.3).
  const account = iq.attrs.to?.includes('@') ?? true;
  query.c('identity', account ? { category: 'account', type: 'registered' } : { category: 'server', type: 'im' });
  for (const feature of [...FEATURES, ...(account ? more : [])]) query.c('feature', { var: feature });
  return result(iq, query);
};

/** The answer to a get or set, by its type, and by the name and namespace of its child. */
const SERVICES: Readonly<
  Record<string, (iq: Element, child: Element, more: readonly string[]) => Element | undefined>
> = {
  [`get ping ${NS_PING}`]: (iq) => result(iq),
  // Clients of RFC 3921 ask for a session, and some still wait for the answer.
  [`set session ${NS_SESSION}`]: (iq) => result(iq),
  // Always empty: this host keeps no rosters.
  [`get query ${NS_ROSTER}`]: (iq) => result(iq, new Element('query', { xmlns: NS_ROSTER })),
  [`get query ${NS_DISCO_INFO}`]: discoInfo,
  [`get query ${NS_DISCO_ITEMS}`]: (iq, { attrs: { node } }) =>
    node === undefined
      ? result(iq, new Element('query', { xmlns: NS_DISCO_ITEMS }))
      : stanzaError(iq, 'item-not-found'),
};
