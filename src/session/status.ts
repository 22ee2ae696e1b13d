/** What a session says of itself: where it stands, and what it has counted. */
import type { State, Tag } from '../index.js';

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

/** @param hasTag whether the state has a tag: the charts say what a state is */
export const statusOf = (hasTag: (tag: Tag) => boolean): SessionStatus => {
  if (hasTag('over')) return hasTag('superseded') ? 'superseded' : 'ended';
  return STATUSES.find(hasTag) ?? 'negotiating';
};

/** A client that resumes hibernates as well. */
const STATUSES = ['enabled', 'enabling', 'unmanaged', 'resuming', 'hibernating'] as const;

export const countersOf = ({ session }: State): SessionCounters => {
  const { received, handled, acked, written, unacked } = session;
  return { received, handled, sent: (acked + written) % 2 ** 32, acked, unacked: unacked.length };
};
