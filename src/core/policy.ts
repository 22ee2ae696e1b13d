/**
 * What the embedder can choose. Every field has a default; docs/3-policy.md gives the reason for each.
 * Durations are seconds, as in XEP-0198 and mod_smacks; fractions are allowed.
 */
import { type Uint32, ZERO } from './uint32.js';

export interface Policy {
  /** Whether sessions can be resumed. */
  readonly resume: boolean;
  /** Server: how long it keeps a session without a link, unless the client asks for less. Client: the `max` that it asks for (M-1). */
  readonly hibernationTime: number;
  /** How many stanzas may be written after the last `<r/>` without a new `<r/>`; 0 sends `<r/>` after the first stanza (M-5). */
  readonly maxUnackedStanzas: number;
  /** The same while the client is inactive (XEP-0352). */
  readonly maxInactiveUnackedStanzas: number;
  /** We send `<r/>` when stanzas have been unacknowledged for this time and no `<r/>` waits for its answer (P-1). */
  readonly ackIdle: number;
  /** When an `<r/>` has no answer after this time, we report it (M-6, P-2). */
  readonly maxAckDelay: number;
  /** When an `<r/>` has no answer after this time, the link is dead (P-2). Not less than `maxAckDelay`. */
  readonly deadAfter: number;
  /** Queue limit in stanzas (M-10). */
  readonly maxQueueStanzas: number;
  /** Queue limit in bytes of UTF-8 (M-10). */
  readonly maxQueueBytes: number;
  /** How long a queue may stay at its limit before the session ends (M-10). */
  readonly overflowGrace: number;
  /** Server: how long a session waits for an answer of its store. After this time the request that waits is refused. */
  readonly storeTimeout: number;
  /** Server: whether a second `<enable/>` is refused or ends the stream (E-9). */
  readonly secondEnable: 'refuse' | 'close';
  /** True: a stanza counts as handled when the application says so. False: when it is delivered. */
  readonly deferHandling: boolean;
  /** Server: the address at which clients reconnect first (E-7); null names no address. */
  readonly location: string | null;
  /** The first value of both counters. XEP-0198 demands 0; tests of the wrap use others. */
  readonly initialCount: Uint32;
}

export const DEFAULT_POLICY: Policy = {
  resume: true,
  hibernationTime: 300,
  maxUnackedStanzas: 5,
  maxInactiveUnackedStanzas: 256,
  ackIdle: 2,
  maxAckDelay: 30,
  deadAfter: 60,
  maxQueueStanzas: 1000,
  maxQueueBytes: 4 * 1024 * 1024,
  overflowGrace: 10,
  storeTimeout: 10,
  secondEnable: 'refuse',
  deferHandling: false,
  location: null,
  initialCount: ZERO,
};
