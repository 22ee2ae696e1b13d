/** The status of a session: its phase and its counters. */
import type { State, Tag } from '../index.js';

/**
 * The phase of a session:
 * - `negotiating` stream management is not on: the session waits for a connection, a login, a bind or a request to enable. A
 *   server's session stays in this phase when its client never asks
 * - `enabling` `<enable/>` waits for its answer
 * - `enabled` stanzas are counted in both directions
 * - `unmanaged` client: the stream continues without stream management, which was refused or declined (E-11)
 * - `hibernating` the connection is lost, and the session can be resumed (C-2)
 * - `resuming` `<resume/>` waits for its answer
 * - `superseded` server: this session object is over; another connection continues the session
 * - `ended` the session is over; this phase is final
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

/** Numbers of stanzas, modulo 2^32 except `unacked`. */
export interface SessionCounters {
  /** Stanzas that arrived. */
  readonly received: number;
  /** Our h: stanzas handled, never more than `received`. */
  readonly handled: number;
  /** Stanzas that were written to a connection: the highest h that the peer may send. */
  readonly sent: number;
  /** The peer's last h. */
  readonly acked: number;
  /** Stanzas in the queue, with those that were not yet written to a connection. */
  readonly unacked: number;
}

/** @param hasTag whether the state has a tag: the charts define the phase by tags */
export const statusOf = (hasTag: (tag: Tag) => boolean): SessionStatus => {
  if (hasTag('over')) return hasTag('superseded') ? 'superseded' : 'ended';
  return STATUSES.find(hasTag) ?? 'negotiating';
};

/** `resuming` comes before `hibernating`, because a client that resumes has both tags. */
const STATUSES = ['enabled', 'enabling', 'unmanaged', 'resuming', 'hibernating'] as const;

export const countersOf = ({ session }: State): SessionCounters => {
  const { received, handled, acked, written, unacked } = session;
  return { received, handled, sent: (acked + written) % 2 ** 32, acked, unacked: unacked.length };
};
