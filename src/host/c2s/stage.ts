/**
 * The stages of a client's connection. Only this file decides which requests a client may make in each stage.
 *
 *     opened ---STARTTLS---> secured ---SASL---> authenticated ---bind, resume---> bound
 *        \--------------------SASL------------------^
 *
 * With direct TLS and `wss:` a stream opens as secured. Every stage can end in closed. Stream management is not in
 * this file: the session decides about it.
 */
import type { StreamErrorCondition } from '../../index.js';
import { CSI, type Element } from '../../xml.js';
import { isLogin } from './login.js';

export type Stage =
  /** The stream is in plain text. The connection has the function for STARTTLS, and the login. */
  | 'opened'
  /** The stream is inside TLS. The connection has the login. */
  | 'secured'
  /** The session has an owner: the account. */
  | 'authenticated'
  /** The session's data has a client: a resource is bound, or a session was resumed. */
  | 'bound'
  /** The connection is gone, and its unfinished requests have no effect. The session may hibernate. */
  | 'closed';

/** The request that an element makes. */
export type Request = 'starttls' | 'login' | 'stanza' | 'clientState' | 'other';

/** The reaction to a request: an act, or the stream error that ends the stream. */
export type Answer = 'upgrade' | 'authenticate' | 'bind' | 'route' | 'setClientState' | StreamErrorCondition;

export const answerTo = (request: Request, stage: Stage): Answer => LEGAL[stage][request] ?? LEGAL[stage].otherwise;

/** The request in an element that is neither a stanza nor stream management. */
export const requestIn = (element: Element): Request => {
  if (element.is('starttls', TLS)) return 'starttls';
  if (isLogin(element)) return 'login';
  return element.is('active', CSI) || element.is('inactive', CSI) ? 'clientState' : 'other';
};

export const TLS = 'urn:ietf:params:xml:ns:xmpp-tls';

const LEGAL: { readonly [stage in Stage]: { readonly [request in Request]?: Answer } & { otherwise: Answer } } = {
  opened: { starttls: 'upgrade', login: 'authenticate', otherwise: 'not-authorized' },
  secured: { starttls: 'policy-violation', login: 'authenticate', otherwise: 'not-authorized' },
  authenticated: { starttls: 'policy-violation', stanza: 'bind', otherwise: 'not-authorized' },
  bound: {
    starttls: 'policy-violation',
    stanza: 'route',
    clientState: 'setClientState',
    otherwise: 'unsupported-stanza-type',
  },
  // The host routes every counted stanza, also after its connection is lost (design law 8).
  closed: { stanza: 'route', otherwise: 'not-authorized' },
};
