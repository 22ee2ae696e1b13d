/** What code outside the engine asks about a state. No other file of the sessions reads the names of states. */
import { sent } from '../core/session.js';
import { hasEnded } from '../engine/client.js';
import type { State } from '../index.js';

/**
 * Where a session stands:
 * - `negotiating` stream management is not on: there is no connection yet, or a login, a bind or a wish for it is awaited. A
 *   server's session stays here when its client never asks
 * - `enabling` `<enable/>` waits for its answer
 * - `enabled` stanzas are counted in both directions
 * - `unmanaged` client: the stream goes on without stream management, because it was refused or declined (E-11)
 * - `hibernating` the connection is lost, and the session can be resumed (C-2)
 * - `resuming` `<resume/>` waits for its answer
 * - `superseded` server: the session is over here, and goes on under another connection
 * - `ended` the session is over, and nothing more comes of it
 */
export type SessionStatus =
  | 'negotiating'
  | 'enabling'
  | 'enabled'
  | 'unmanaged'
  | 'hibernating'
  | 'resuming'
  | 'superseded'
  | 'ended';

/** How many stanzas, modulo 2^32 except for `unacked`. */
export interface SessionCounters {
  /** Stanzas that arrived. */
  readonly received: number;
  /** Our h: stanzas handled, never more than `received`. */
  readonly handled: number;
  /** Stanzas that some connection has carried: the highest h that the peer may name. */
  readonly sent: number;
  /** The peer's last h. */
  readonly acked: number;
  /** Stanzas in the queue, also those that no connection has carried yet. */
  readonly unacked: number;
}

export const statusOf = (state: State): SessionStatus => {
  const { configuration } = state;
  if (hasEnded(state)) return configuration === 'ended.superseded' ? 'superseded' : 'ended';
  if (configuration.startsWith('enabled')) return 'enabled';
  if (configuration === 'refused') return 'unmanaged';
  if (/(^|\.)(enabling|granting)$/.test(configuration)) return 'enabling';
  if (/(^|\.)(resuming|claiming)$/.test(configuration)) return 'resuming';
  return configuration.startsWith('hibernating') ? 'hibernating' : 'negotiating';
};

export const countersOf = ({ session }: State): SessionCounters => {
  const { received, handled, acked, unacked } = session;
  return { received, handled, sent: sent(session), acked, unacked: unacked.length };
};

/** Server: stanzas that are sent now are not counted, because stream management is not on (yet). */
export const isUncounted = ({ configuration }: State): boolean =>
  configuration.startsWith('disabled') || configuration === 'granting';

/** Server: the connection is lost, and the answer of the store is still awaited. */
export const isAbandoned = ({ configuration }: State): boolean => configuration === 'abandoned';
