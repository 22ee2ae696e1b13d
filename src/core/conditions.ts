/** The error conditions that this package knows, by their element names. */

const STREAM = [
  'bad-format',
  'bad-namespace-prefix',
  'conflict',
  'connection-timeout',
  'host-gone',
  'host-unknown',
  'improper-addressing',
  'internal-server-error',
  'invalid-from',
  'invalid-namespace',
  'invalid-xml',
  'not-authorized',
  'not-well-formed',
  'policy-violation',
  'remote-connection-failed',
  'reset',
  'resource-constraint',
  'restricted-xml',
  'see-other-host',
  'system-shutdown',
  'undefined-condition',
  'unsupported-encoding',
  'unsupported-feature',
  'unsupported-stanza-type',
  'unsupported-version',
] as const;

const STANZA = [
  'bad-request',
  'conflict',
  'feature-not-implemented',
  'internal-server-error',
  'item-not-found',
  'not-authorized',
  'policy-violation',
  'resource-constraint',
  'service-unavailable',
  'undefined-condition',
  'unexpected-request',
] as const;

/** Stream error conditions of RFC 6120 section 4.9.3. */
export type StreamErrorCondition = (typeof STREAM)[number];

/** Stanza error conditions of RFC 6120 section 8.3.3 that `<failed/>` holds. */
export type StanzaErrorCondition = (typeof STANZA)[number];

/** @returns the condition of RFC 6120 section 4.9.3 with this name, if this package knows it */
export const streamErrorCondition = (name: string): StreamErrorCondition | undefined =>
  STREAM.find((condition) => condition === name);

/** @returns the condition of RFC 6120 section 8.3.3 with this name, if this package knows it */
export const stanzaErrorCondition = (name: string): StanzaErrorCondition | undefined =>
  STANZA.find((condition) => condition === name);
