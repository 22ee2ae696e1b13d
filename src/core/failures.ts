/**
 * Errors are values that say who broke the rule and what to send.
 *
 * | error | who broke the rule | what follows |
 * |---|---|---|
 * | `PeerViolation` | the peer | a stream error; the stream ends |
 * | `ToleratedViolation` | the peer | nothing: it does no harm |
 * | `Refusal` | the peer, with a request | `<failed/>`; the stream goes on |
 * | `LocalMisuse` | the embedder | nothing changes |
 * | `StoreFault` | the session store | a request that waits for the store is refused |
 */
import type { StanzaErrorCondition, StreamErrorCondition } from './conditions.js';
import type { Uint32 } from './uint32.js';

export type { StanzaErrorCondition, StreamErrorCondition } from './conditions.js';

/** The peer broke the protocol: send this stream error and close. */
export interface PeerViolation {
  readonly kind: 'peerViolation';
  readonly condition: StreamErrorCondition;
  readonly text: string;
  /** the h of the peer, and how many stanzas were sent to it. */
  readonly handledCountTooHigh?: { readonly h: Uint32; readonly sendCount: Uint32 };
}

/** The peer broke the protocol without harm: no answer is sent, and the stream goes on. */
export interface ToleratedViolation {
  readonly kind: 'toleratedViolation';
  readonly text: string;
}

/** A request is not granted: send `<failed/>` with this condition. The stream goes on. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly condition: StanzaErrorCondition;
  readonly text?: string;
  /** our h of the session, also when the session is over. */
  readonly h?: Uint32;
}

/** The embedder asked for something that has no meaning in this state. Nothing has changed. */
export interface LocalMisuse {
  readonly kind: 'localMisuse';
  readonly event: string;
  /** The active states when it happened, joined by ' & '. */
  readonly state: string;
  readonly reason: string;
}

/** The session store did not do what it was asked. */
export interface StoreFault {
  readonly kind: 'storeFault';
  readonly reason: string;
}

export type Failure = PeerViolation | ToleratedViolation | Refusal | LocalMisuse | StoreFault;

export const peerViolation = (condition: StreamErrorCondition, text: string): PeerViolation => ({
  kind: 'peerViolation',
  condition,
  text,
});

export const refusal = (condition: StanzaErrorCondition, text?: string): Refusal =>
  text === undefined ? { kind: 'refusal', condition } : { kind: 'refusal', condition, text };
