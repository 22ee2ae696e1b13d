/** The error conditions that this package knows, by their element names. */
import type { StanzaErrorCondition, StreamErrorCondition } from '../core/failures.js';

/** @returns the condition of RFC 6120 section 8.3.3 with this name, if this package knows it */
export const stanzaErrorCondition = (name: string): StanzaErrorCondition | undefined =>
  isOneOf(STANZA, name) ? name : undefined;

/** @returns the condition of RFC 6120 section 4.9.3 with this name, if this package knows it */
export const streamErrorCondition = (name: string): StreamErrorCondition | undefined =>
  isOneOf(STREAM, name) ? name : undefined;

const isOneOf = <T extends string>(conditions: Readonly<Record<T, true>>, name: string): name is T =>
  Object.hasOwn(conditions, name);

// Objects, so that the compiler reports a missing condition.
const STANZA: Readonly<Record<StanzaErrorCondition, true>> = {
  'bad-request': true,
  conflict: true,
  'feature-not-implemented': true,
  'internal-server-error': true,
  'item-not-found': true,
  'not-authorized': true,
  'policy-violation': true,
  'resource-constraint': true,
  'service-unavailable': true,
  'undefined-condition': true,
  'unexpected-request': true,
};

const STREAM: Readonly<Record<StreamErrorCondition, true>> = {
  'bad-format': true,
  'bad-namespace-prefix': true,
  conflict: true,
  'connection-timeout': true,
  'host-gone': true,
  'host-unknown': true,
  'improper-addressing': true,
  'internal-server-error': true,
  'invalid-from': true,
  'invalid-namespace': true,
  'invalid-xml': true,
  'not-authorized': true,
  'not-well-formed': true,
  'policy-violation': true,
  'remote-connection-failed': true,
  reset: true,
  'resource-constraint': true,
  'restricted-xml': true,
  'see-other-host': true,
  'system-shutdown': true,
  'undefined-condition': true,
  'unsupported-encoding': true,
  'unsupported-feature': true,
  'unsupported-stanza-type': true,
  'unsupported-version': true,
};
