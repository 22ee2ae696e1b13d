/**
 * What the embedder chooses. Every field has a default; docs/3-policy.md gives the reason for each.
 * Durations are seconds, as in XEP-0198 and mod_smacks; fractions are allowed.
 */
import { type Uint32, ZERO } from './uint32.js';

export interface Policy {
  /** Whether sessions may be resumed at all. */
  readonly resume: boolean;
  /** Server: how long it keeps a session without a link; a client's `max` shortens the time. Client: the `max` that it asks for (M-1). */
  readonly hibernationTime: number;
  /** How many stanzas may be written behind the last `<r/>` before the next one follows; 0 asks at once (M-5). */
  readonly maxUnackedStanzas: number;
  /** The same while the client is inactive (XEP-0352). */
  readonly maxInactiveUnackedStanzas: number;
  /** An `<r/>` follows this long after the first stanza behind the last `<r/>` (P-1). */
  readonly ackIdle: number;
  /** An `<r/>` unanswered for this long is reported (M-6, P-2). */
  readonly maxAckDelay: number;
  /** An `<r/>` unanswered for this long means a dead link (P-2); not less than `maxAckDelay`. */
  readonly deadAfter: number;
  /** Queue limit in stanzas (M-10). */
  readonly maxQueueStanzas: number;
  /** Queue limit in characters of XML (M-10). */
  readonly maxQueueBytes: number;
  /** How long a queue may stay at its limit before the session ends (M-10). */
  readonly overflowGrace: number;
  /** A second `<enable/>` is refused, or ends the stream (E-9). */
  readonly secondEnable: 'refuse' | 'close';
  /** Whether a stanza counts as handled when the application says so, and not when it is delivered. */
  readonly deferHandling: boolean;
  /** Server: the address at which clients are to reconnect first (E-7); null names no address. */
  readonly location: string | null;
  /** For tests of the roll-over only: the number both counters start from. The specification's is 0. */
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
  secondEnable: 'refuse',
  deferHandling: false,
  location: null,
  initialCount: ZERO,
};
