/**
 * The session is the data that survives a lost connection. The link is the data that belongs to one connection (design law 6).
 */
import { type CountSet, NO_COUNTS } from './count-set.js';
import { SM_3, type SmNamespace } from './nonzas.js';
import type { Policy } from './policy.js';
import { plus, span, type Uint32, ZERO } from './uint32.js';
import { EMPTY, type Unacked } from './unacked.js';

export interface Session {
  /** Who authenticated: the bare JID of an account, or the domain of a server; null before. An SM-ID is valid for its owner only. */
  readonly owner: string | null;
  /** The SM-ID; null when the session cannot be resumed. A secret. */
  readonly smId: string | null;
  /** For how many seconds after a lost link the session can be resumed; 0 when it cannot be resumed. */
  readonly max: number;
  /** The address at which the client reconnects first (E-7); null when the server named no address. */
  readonly location: string | null;
  /** The last `position` given to a stanza. It never starts again from 0, also not for a new session on this stream. */
  readonly delivered: number;
  /** How many inbound stanzas were received. */
  readonly received: Uint32;
  /** Our h: how many inbound stanzas were handled. It is at most `received`. */
  readonly handled: Uint32;
  /** Stanzas that were handled before an older one: counts above `handled`. After a restore they may also be above `received`. */
  readonly handledOutOfOrder: CountSet;
  /** The peer's last h: how many outbound stanzas it acknowledged. */
  readonly acked: Uint32;
  /** The same without wrap, up to 2^31. It tells a stale h and an h that is too high apart. */
  readonly totalAcked: number;
  /** The queue: outbound stanzas that are not acknowledged, oldest first. */
  readonly unacked: Unacked;
  /** How many stanzas of `unacked`, from the oldest on, were written to a link. The others are held. */
  readonly written: number;
  /** The session comes from a record, and the peer has not said since then how far it got: the peer may have more than the record knows. */
  readonly isRestored: boolean;
  readonly link: Link;
  /** The deadline of each timer in milliseconds since the Unix epoch; null when the timer does not run. */
  readonly timers: Timers;
}

export interface Link {
  /** The number of this connection; 0 is no connection. Events and effects with another number are dropped. */
  readonly epoch: number;
  /** The version of the protocol on this stream. */
  readonly xmlns: SmNamespace;
  /** The client is inactive (XEP-0352). */
  readonly inactive: boolean;
  /** The send count at the last `<r/>` on this link, or the peer's last h when that is higher. */
  readonly requestedUpTo: Uint32;
  /** How many stanzas the peer will send again after a resumption: we received them, but our h did not cover them. */
  readonly duplicatesToCome: number;
  /** Server: the values of the `<enable/>` or `<resume/>` that waits for the store. */
  readonly request: {
    /** The version of the protocol in which the answer comes. */
    readonly xmlns: SmNamespace;
    readonly max: number | null;
    readonly previd: string | null;
    readonly h: Uint32 | null;
  };
}

/**
 * All timers.
 * - ackIdle: runs while stanzas are unacknowledged and no `<r/>` waits for its answer
 * - ackWait: runs while an `<r/>`, `<enable/>` or `<resume/>` of ours waits for its answer
 * - overflowGrace: runs while the queue is at its limit
 * - resumption: runs while the session hibernates
 * - storeWait: runs while the answer of the store is outstanding
 */
export type TimerName = 'ackIdle' | 'ackWait' | 'overflowGrace' | 'resumption' | 'storeWait';

export type Timers = { readonly [name in TimerName]: number | null };

export const TIMER_NAMES: readonly TimerName[] = ['ackIdle', 'ackWait', 'overflowGrace', 'resumption', 'storeWait'];

const NO_TIMERS: Timers = { ackIdle: null, ackWait: null, overflowGrace: null, resumption: null, storeWait: null };

export const NO_REQUEST: Link['request'] = { xmlns: SM_3, max: null, previd: null, h: null };

/** A new link. */
export const freshLink = (epoch: number, acked: Uint32): Link => ({
  epoch,
  xmlns: SM_3,
  inactive: false,
  requestedUpTo: acked,
  duplicatesToCome: 0,
  request: NO_REQUEST,
});

/** No connection. All sessions without a connection share this value, so it costs no memory. */
export const NO_LINK: Link = freshLink(0, ZERO);

/** A new session. */
export const freshSession = (policy: Policy, epoch: number): Session => ({
  owner: null,
  smId: null,
  max: 0,
  location: null,
  delivered: 0,
  received: policy.initialCount,
  handled: policy.initialCount,
  handledOutOfOrder: NO_COUNTS,
  acked: policy.initialCount,
  totalAcked: 0,
  unacked: EMPTY,
  written: 0,
  isRestored: false,
  link: freshLink(epoch, policy.initialCount),
  timers: NO_TIMERS,
});

/**
 * A session from a record. A stanza that was received but not handled is lost with its process: the peer sends it again, because our h
 * does not count it.
 */
export const restoredSession = (kept: Omit<Session, 'received' | 'isRestored' | 'link'>, epoch: number): Session => ({
  ...kept,
  received: kept.handled,
  isRestored: true,
  link: epoch === 0 ? NO_LINK : freshLink(epoch, kept.acked),
});

export type Draft<T> = { -readonly [field in keyof T]: T[field] };

/** A copy that may be changed. It names each field, because an object spread is many times slower in V8. */
export const draft = (session: Session): Draft<Session> => ({
  owner: session.owner,
  smId: session.smId,
  max: session.max,
  location: session.location,
  delivered: session.delivered,
  received: session.received,
  handled: session.handled,
  handledOutOfOrder: session.handledOutOfOrder,
  acked: session.acked,
  totalAcked: session.totalAcked,
  unacked: session.unacked,
  written: session.written,
  isRestored: session.isRestored,
  link: session.link,
  timers: session.timers,
});

const draftLink = (link: Link): Draft<Link> => ({
  epoch: link.epoch,
  xmlns: link.xmlns,
  inactive: link.inactive,
  requestedUpTo: link.requestedUpTo,
  duplicatesToCome: link.duplicatesToCome,
  request: link.request,
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

/** The same link after an `<r/>` at this send count. */
export const requestedUpTo = (link: Link, count: Uint32): Link => {
  const next = draftLink(link);
  next.requestedUpTo = count;
  return next;
};

/** How many stanzas are held: they wait for a link, or until an inactive client is active again. */
export const held = (session: Session): number => session.unacked.length - session.written;

/** The send count: how many stanzas we have sent, and the highest legal h of the peer. */
export const sent = (session: Session): Uint32 => plus(session.acked, session.written);

/** How many stanzas were written after the last `<r/>` on this link and are unacknowledged. */
export const writtenSinceRequest = (session: Session): number => span(session.link.requestedUpTo, sent(session));

/** The fields of a `write` effect that name the connection and the version of the protocol. */
export const onLink = ({ link: { epoch, xmlns } }: Session) => ({ epoch, xmlns });
