/** The error conditions this package knows, by their element names. */
import type { StanzaErrorCondition, StreamErrorCondition } from '../core/failures.js';

/** @returns the condition of RFC 6120 section 8.3.3 that `name` stands for, if it is one we know */
export const stanzaErrorCondition = (name: string): StanzaErrorCondition | undefined => STANZA.get(name);

/** @returns the condition of RFC 6120 section 4.9.3 that `name` stands for, if it is one we know */
export const streamErrorCondition = (name: string): StreamErrorCondition | undefined => STREAM.get(name);

// Objects first, so that the compiler asks for every condition there is.
const stanzaErrors: { readonly [Condition in StanzaErrorCondition]: Condition } = {
  'bad-request': 'bad-request',
  conflict: 'conflict',
  'feature-not-implemented': 'feature-not-implemented',
  'internal-server-error': 'internal-server-error',
  'item-not-found': 'item-not-found',
  'not-authorized': 'not-authorized',
  'policy-violation': 'policy-violation',
  'resource-constraint': 'resource-constraint',
  'service-unavailable': 'service-unavailable',
  'undefined-condition': 'undefined-condition',
  'unexpected-request': 'unexpected-request',
};

const streamErrors: { readonly [Condition in StreamErrorCondition]: Condition } = {
  'bad-format': 'bad-format',
  'bad-namespace-prefix': 'bad-namespace-prefix',
  conflict: 'conflict',
  'connection-timeout': 'connection-timeout',
  'internal-server-error': 'internal-server-error',
  'invalid-namespace': 'invalid-namespace',
  'invalid-xml': 'invalid-xml',
  'not-well-formed': 'not-well-formed',
  'policy-violation': 'policy-violation',
  reset: 'reset',
  'resource-constraint': 'resource-constraint',
  'restricted-xml': 'restricted-xml',
  'system-shutdown': 'system-shutdown',
  'undefined-condition': 'undefined-condition',
  'unsupported-encoding': 'unsupported-encoding',
  'host-gone': 'host-gone',
  'host-unknown': 'host-unknown',
  'improper-addressing': 'improper-addressing',
  'invalid-from': 'invalid-from',
  'not-authorized': 'not-authorized',
  'remote-connection-failed': 'remote-connection-failed',
  'see-other-host': 'see-other-host',
  'unsupported-feature': 'unsupported-feature',
  'unsupported-version': 'unsupported-version',
  'unsupported-stanza-type': 'unsupported-stanza-type',
};

const STANZA: ReadonlyMap<string, StanzaErrorCondition> = new Map(Object.entries(stanzaErrors));
const STREAM: ReadonlyMap<string, StreamErrorCondition> = new Map(Object.entries(streamErrors));
