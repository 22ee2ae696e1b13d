/** What of the negotiation concerns stream management, in both directions. */
import { SM_3, type StanzaKind } from '../../index.js';
import { CLIENT, type Element, STREAMS } from '../../xml/index.js';

export const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
const SASL_2 = 'urn:xmpp:sasl:2';
const BIND = 'urn:ietf:params:xml:ns:xmpp-bind';
const BIND_2 = 'urn:xmpp:bind:0';
const SESSION = 'urn:ietf:params:xml:ns:xmpp-session';

export const isFeatures = (element: Element): boolean => element.is('features', STREAMS);

export const isAuthenticated = (element: Element): boolean =>
  element.is('success', SASL) || element.is('success', SASL_2);

/**
 * Takes stream management out of `<stream:features/>`, so that the module built into xmpp.js stays idle. SASL2 loses it as well,
 * and with it BIND2, which would bind before a session can be asked for; both are done the classic way, after authentication.
 *
 * @returns whether it was offered on this stream, outside SASL2
 */
export const takeOffer = (features: Element): boolean => {
  const inline = features.getChild('authentication', SASL_2)?.getChild('inline', SASL_2);
  inline?.remove('sm', SM_3);
  inline?.remove('bind', BIND_2);
  const offered = features.getChild('sm', SM_3) !== undefined;
  features.remove('sm', SM_3);
  return offered;
};

/** What the application sends, as opposed to nonzas and to what binds the resource; undefined for these. */
export const stanzaKind = (element: Element): StanzaKind | undefined => {
  const { name, attrs } = element;
  if (name !== 'message' && name !== 'presence' && name !== 'iq') return undefined;
  if (attrs.xmlns !== undefined && attrs.xmlns !== CLIENT) return undefined;
  return element.getChild('bind', BIND) || element.getChild('session', SESSION) ? undefined : name;
};
