/**
 * The difference between two values of one session: what a store that has the earlier value must change to have the later one (design
 * law 9). It contains what outlives a link.
 *
 * A stanza leaves the queue at the old end, and comes in at the new end. So the difference of two queues is how many stanzas left, and which
 * stanzas came. The counter `acked` says how many left, and the newest stanza of the earlier queue must then be the same value at its place
 * in the later queue. When it is not there, the later queue is no continuation: the queue was returned, or another session took its place.
 * Then every stanza leaves and the whole later queue comes, which is true for any two queues.
 */
import { type CountSet, type Run, runsNotIn, withoutRun, withRuns } from './count-set.js';
import { type Draft, restoredSession, type Session, type Timers } from './session.js';
import { span } from './uint32.js';
import { append, appendedSince, type Entry, toArray, trim, type Unacked } from './unacked.js';

export interface Delta {
  /** How many of the oldest stanzas leave the queue, acknowledged or returned: from 0 to the length of the earlier queue. */
  readonly trimmed: number;
  /** The stanzas that then come behind the newest one, oldest first. */
  readonly appended: readonly Entry[];
  /** The fields of the session that change; null when none changes. */
  readonly head: HeadChanges | null;
}

/** Fields of a session with their later values; a field that is absent is as before. `timers` has the deadlines of all timers. */
export interface HeadChanges
  extends Partial<Omit<Session, 'unacked' | 'handledOutOfOrder' | 'received' | 'isRestored' | 'link'>> {
  /** The number of the connection; 0 when there is none. */
  readonly epoch?: number;
  readonly handledOutOfOrder?: CountChanges;
}

/** How a set of counts changes. */
export interface CountChanges {
  /** Counts that come into the set, in order. */
  readonly added: readonly Run[];
  /** Counts that leave the set, in order. */
  readonly removed: readonly Run[];
}

/**
 * The difference between two values of a session, any number of steps apart. It takes O(stanzas and counts that changed) at any length of
 * the queue.
 *
 * @returns null when nothing changed that outlives a link
 */
export const difference = (stored: Session, now: Session): Delta | null => {
  const head = headChanges(stored, now);
  if (stored.unacked === now.unacked) return head === null ? null : { trimmed: 0, appended: NOTHING, head };
  const { unacked } = stored;
  const trimmed = span(stored.acked, now.acked);
  const appended = appendedSince(unacked, trimmed, now.unacked);
  if (appended === null) return { trimmed: unacked.length, appended: toArray(now.unacked), head };
  return { trimmed, appended, head };
};

/**
 * The later value of the session, as `restoredSession` gives it: a stanza that was received but not handled counts as not received, the
 * link is new, and `isRestored` is true. The delta must fit: it has no more trims than the queue has stanzas, and the set of counts has the
 * counts that it removes, and none that it adds.
 */
export const apply = (stored: Session, { trimmed, appended, head }: Delta): Session => {
  const { epoch = stored.link.epoch, handledOutOfOrder, ...fields } = head ?? NO_CHANGES;
  const kept = {
    ...stored,
    ...fields,
    unacked: queueAfter(stored.unacked, trimmed, appended),
    handledOutOfOrder: countsAfter(stored.handledOutOfOrder, handledOutOfOrder),
  };
  return restoredSession(kept, epoch);
};

const NOTHING: readonly Entry[] = [];

const NO_CHANGES: HeadChanges = {};

/** It names each field, because a loop over names is many times slower in V8. */
const headChanges = (stored: Session, now: Session): HeadChanges | null => {
  const head: Draft<HeadChanges> = {};
  if (now.written !== stored.written) head.written = now.written;
  if (now.acked !== stored.acked) head.acked = now.acked;
  if (now.totalAcked !== stored.totalAcked) head.totalAcked = now.totalAcked;
  if (now.handled !== stored.handled) head.handled = now.handled;
  if (now.delivered !== stored.delivered) head.delivered = now.delivered;
  if (now.owner !== stored.owner) head.owner = now.owner;
  if (now.smId !== stored.smId) head.smId = now.smId;
  if (now.max !== stored.max) head.max = now.max;
  if (now.location !== stored.location) head.location = now.location;
  if (now.link.epoch !== stored.link.epoch) head.epoch = now.link.epoch;
  if (!isSameTimers(now.timers, stored.timers)) head.timers = now.timers;
  const counts = countChanges(stored.handledOutOfOrder, now.handledOutOfOrder);
  if (counts !== null) head.handledOutOfOrder = counts;
  return Object.keys(head).length === 0 ? null : head;
};

const isSameTimers = (a: Timers, b: Timers): boolean =>
  a === b ||
  (a.ackIdle === b.ackIdle &&
    a.ackWait === b.ackWait &&
    a.overflowGrace === b.overflowGrace &&
    a.resumption === b.resumption &&
    a.storeWait === b.storeWait);

const countChanges = (stored: CountSet, now: CountSet): CountChanges | null => {
  if (stored === now) return null;
  const [added, removed] = [runsNotIn(now, stored), runsNotIn(stored, now)];
  return added.length + removed.length === 0 ? null : { added, removed };
};

const queueAfter = (unacked: Unacked, trimmed: number, appended: readonly Entry[]): Unacked =>
  appended.reduce(append, trim(unacked, trimmed).rest);

const countsAfter = (counts: CountSet, changes: CountChanges | undefined): CountSet => {
  if (changes === undefined) return counts;
  const left = changes.removed.reduce((set, [first, length]) => withoutRun(set, first, length), counts);
  return withRuns(left, changes.added);
};
