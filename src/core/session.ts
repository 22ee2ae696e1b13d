/**
 * The session: what survives a lost connection, as one plain value. The link: what dies with it (design law 6).
 */

import { SM_3, type SmNamespace } from './nonzas.js';
import type { Policy } from './policy.js';
import { plus, span, type Uint32, ZERO } from './uint32.js';
import { EMPTY, type Unacked } from './unacked.js';

export interface Session {
  /** Whose session it is: the bare JID that authenticated (of a server its domain), null before that. An SM-ID means something only under its owner. */
  readonly owner: string | null;
  /** The SM-ID; null while, or because, the session cannot be resumed. A secret. */
  readonly smId: string | null;
  /** Seconds for which the session may be resumed after a loss; 0 when it cannot be. */
  readonly max: number;
  /** Where to reconnect first (E-7), null when the server named nothing. */
  readonly location: string | null;
  /** How many positions were ever given to delivered stanzas: one that a former session gave is never taken for one of this. */
  readonly delivered: number;
  /** Inbound stanzas that have been received. */
  readonly received: Uint32;
  /** Our h: inbound stanzas handled, never ahead of `received`. */
  readonly handled: Uint32;
  /** Stanzas handled out of turn: runs of positions above `handled`, lowest first, as [first, length]. */
  readonly ahead: readonly (readonly [Uint32, number])[];
  /** The peer's last h: outbound stanzas acknowledged. */
  readonly acked: Uint32;
  /** How many stanzas were ever acknowledged, up to 2^31: tells an h that repeats the past from one that was never sent. */
  readonly settled: number;
  /** Outbound stanzas that are not acknowledged, oldest first. */
  readonly unacked: Unacked;
  /** How many of `unacked`, counted from the oldest, were written to some link. */
  readonly written: number;
  readonly link: Link;
  /** The deadlines that are running: milliseconds since the Unix epoch, null when not set. */
  readonly timers: Timers;
}

export interface Link {
  /** Which connection this is; events and effects of another one are dropped. 0 is no connection. */
  readonly epoch: number;
  /** The version of the protocol that this stream speaks. */
  readonly xmlns: SmNamespace;
  /** The client is inactive (XEP-0352). */
  readonly inactive: boolean;
  /** The send count when the last `<r/>` was written; before one the peer's last h. */
  readonly covered: Uint32;
  /** Stanzas the peer will send once more after a resumption although we have received them, because they were not handled when we named our h. */
  readonly repeats: number;
  /** The request that waits for the store: what the client wished for. */
  readonly asked: { readonly max: number | null; readonly previd: string | null; readonly h: Uint32 | null };
}

/**
 * The closed list of timers.
 * - ackIdle: runs while written stanzas are covered by no `<r/>`
 * - ackWait: runs while an answer is outstanding: to `<r/>`, `<enable/>` or `<resume/>`
 * - overflowGrace: runs while the queue is over its limit
 * - resumption: runs while the session hibernates
 */
export type TimerName = 'ackIdle' | 'ackWait' | 'overflowGrace' | 'resumption';

export type Timers = { readonly [name in TimerName]: number | null };

export const TIMER_NAMES: readonly TimerName[] = ['ackIdle', 'ackWait', 'overflowGrace', 'resumption'];

const NO_TIMERS: Timers = { ackIdle: null, ackWait: null, overflowGrace: null, resumption: null };

const NOTHING_ASKED = { max: null, previd: null, h: null };

export const NONE_AHEAD: Session['ahead'] = [];

/** A link on which nothing has happened yet. */
export const freshLink = (epoch: number, acked: Uint32): Link => ({
  epoch,
  xmlns: SM_3,
  inactive: false,
  covered: acked,
  repeats: 0,
  asked: NOTHING_ASKED,
});

/** No connection. All sessions that wait for one share it, so that it costs them nothing. */
export const NO_LINK: Link = freshLink(0, ZERO);

/** A session on which nothing has happened yet. */
export const freshSession = (policy: Policy, epoch: number): Session => ({
  owner: null,
  smId: null,
  max: 0,
  location: null,
  delivered: 0,
  received: policy.initialCount,
  handled: policy.initialCount,
  ahead: NONE_AHEAD,
  acked: policy.initialCount,
  settled: 0,
  unacked: EMPTY,
  written: 0,
  link: freshLink(epoch, policy.initialCount),
  timers: NO_TIMERS,
});

type Draft<T> = { -readonly [field in keyof T]: T[field] };

/** A copy to fill in. Written out field by field, because engines take many times as long to copy by an object spread. */
export const draft = (session: Session): Draft<Session> => ({
  owner: session.owner,
  smId: session.smId,
  max: session.max,
  location: session.location,
  delivered: session.delivered,
  received: session.received,
  handled: session.handled,
  ahead: session.ahead,
  acked: session.acked,
  settled: session.settled,
  unacked: session.unacked,
  written: session.written,
  link: session.link,
  timers: session.timers,
});

export const draftLink = (link: Link): Draft<Link> => ({
  epoch: link.epoch,
  xmlns: link.xmlns,
  inactive: link.inactive,
  covered: link.covered,
  repeats: link.repeats,
  asked: link.asked,
});

/** The same session with some fields replaced. */
export const amend = (session: Session, changes: Partial<Session>): Session => Object.assign(draft(session), changes);

export const withLink = (session: Session, link: Link): Session => {
  const next = draft(session);
  next.link = link;
  return next;
};

/** The same session with some fields of its link replaced. */
export const amendLink = (session: Session, changes: Partial<Link>): Session =>
  withLink(session, Object.assign(draftLink(session.link), changes));

/** The same link with an `<r/>` for the stanzas up to this count. */
export const covering = (link: Link, count: Uint32): Link => {
  const next = draftLink(link);
  next.covered = count;
  return next;
};

/** How many stanzas no link has carried yet: they wait for one, or for a client that is inactive. */
export const held = (session: Session): number => session.unacked.length - session.written;

/** What the wire has seen of us: the highest legal h. */
export const sent = (session: Session): Uint32 => plus(session.acked, session.written);

/** How many stanzas were written since the last `<r/>`, or on this link. */
export const uncovered = (session: Session): number => span(session.link.covered, sent(session));
