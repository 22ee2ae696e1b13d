/** The parts of the negotiation that concern stream management, in both directions. */
import { SM_3, type StanzaKind } from '../../client.js';
import { CLIENT, type Element, SASL_2, STREAMS } from '../../xml.js';

export const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
const BIND = 'urn:ietf:params:xml:ns:xmpp-bind';
const SESSION = 'urn:ietf:params:xml:ns:xmpp-session';

export const isFeatures = (element: Element): boolean => element.is('features', STREAMS);

/** Either of the two profiles. */
export const isSasl = (element: Element, name: string): boolean => element.is(name, SASL) || element.is(name, SASL_2);

/**
 * Takes stream management out of `<stream:features/>`, so that the module built into xmpp.js stays idle.
 *
 * @returns whether the server offered stream management on this stream, outside SASL2
 */
export const takeOffer = (features: Element): boolean => {
  const offered = features.getChild('sm', SM_3) !== undefined;
  features.remove('sm', SM_3);
  return offered;
};

/** The stanza that the application sends; undefined for nonzas and for the request that binds the resource. */
export const stanzaKind = (element: Element): StanzaKind | undefined => {
  const { name, attrs } = element;
  if (name !== 'message' && name !== 'presence' && name !== 'iq') return undefined;
  if (attrs.xmlns !== undefined && attrs.xmlns !== CLIENT) return undefined;
  return element.getChild('bind', BIND) || element.getChild('session', SESSION) ? undefined : name;
};
