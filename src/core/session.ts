/**
 * The session: what survives a lost connection, as one plain value. The link: what dies with it (design law 6).
 */

import { SM_3, type SmNamespace } from './nonzas.js';
import type { Policy } from './policy.js';
import { plus, span, type Uint32, ZERO } from './uint32.js';
import { EMPTY, type Unacked } from './unacked.js';

export interface Session {
  /** The account that authenticated: a bare JID, or the domain of a server; null before authentication. An SM-ID is valid for its owner only. */
  readonly owner: string | null;
  /** The SM-ID; null when the session cannot be resumed. A secret. */
  readonly smId: string | null;
  /** Seconds for which the session may be resumed after a loss; 0 when it cannot be. */
  readonly max: number;
  /** Where to reconnect first (E-7), null when the server named nothing. */
  readonly location: string | null;
  /** How many stanzas were ever delivered with a position. A position is never given twice, also not to another session on this stream. */
  readonly delivered: number;
  /** Inbound stanzas that have been received. */
  readonly received: Uint32;
  /** Our h: inbound stanzas handled, at most `received`. */
  readonly handled: Uint32;
  /** Stanzas handled out of order: runs of counts above `handled`, lowest first, as [first, length]. */
  readonly handledOutOfOrder: readonly (readonly [Uint32, number])[];
  /** The peer's last h: outbound stanzas acknowledged. */
  readonly acked: Uint32;
  /** How many stanzas the peer ever acknowledged, up to 2^31. With it a stale h is told from an h that is too high. */
  readonly totalAcked: number;
  /** Outbound stanzas that are not acknowledged, oldest first. */
  readonly unacked: Unacked;
  /** How many of `unacked`, counted from the oldest, were written to some link. */
  readonly written: number;
  readonly link: Link;
  /** The deadlines that are running: milliseconds since the Unix epoch, null when not set. */
  readonly timers: Timers;
}

export interface Link {
  /** The number of this connection; events and effects of another connection are dropped. 0 is no connection. */
  readonly epoch: number;
  /** The version of the protocol that this stream speaks. */
  readonly xmlns: SmNamespace;
  /** The client is inactive (XEP-0352). */
  readonly inactive: boolean;
  /** The send count when the last `<r/>` was written; the peer's last h before that. */
  readonly requestedUpTo: Uint32;
  /** How many stanzas the peer will send a second time after a resumption: we received them, and our h does not cover them. */
  readonly duplicatesToCome: number;
  /** What the client asked for in the request that waits for the store. */
  readonly request: { readonly max: number | null; readonly previd: string | null; readonly h: Uint32 | null };
}

/**
 * The closed list of timers.
 * - ackIdle: runs while stanzas were written behind the last `<r/>`
 * - ackWait: runs while the answer to `<r/>`, `<enable/>` or `<resume/>` is outstanding
 * - overflowGrace: runs while the queue is at its limit
 * - resumption: runs while the session hibernates
 */
export type TimerName = 'ackIdle' | 'ackWait' | 'overflowGrace' | 'resumption';

export type Timers = { readonly [name in TimerName]: number | null };

export const TIMER_NAMES: readonly TimerName[] = ['ackIdle', 'ackWait', 'overflowGrace', 'resumption'];

const NO_TIMERS: Timers = { ackIdle: null, ackWait: null, overflowGrace: null, resumption: null };

const NO_REQUEST = { max: null, previd: null, h: null };

export const NONE_OUT_OF_ORDER: Session['handledOutOfOrder'] = [];

/** A link on which nothing has happened yet. */
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

/** A session on which nothing has happened yet. */
export const freshSession = (policy: Policy, epoch: number): Session => ({
  owner: null,
  smId: null,
  max: 0,
  location: null,
  delivered: 0,
  received: policy.initialCount,
  handled: policy.initialCount,
  handledOutOfOrder: NONE_OUT_OF_ORDER,
  acked: policy.initialCount,
  totalAcked: 0,
  unacked: EMPTY,
  written: 0,
  link: freshLink(epoch, policy.initialCount),
  timers: NO_TIMERS,
});

/**
 * A session from a record. A stanza that was received but not handled is lost with its process: the peer sends it again, because our h
 * does not count it.
 */
export const restoredSession = (kept: Omit<Session, 'received' | 'delivered' | 'link'>, epoch: number): Session => ({
  ...kept,
  received: kept.handled,
  delivered: 0,
  link: epoch === 0 ? NO_LINK : freshLink(epoch, kept.acked),
});

type Draft<T> = { -readonly [field in keyof T]: T[field] };

/** A copy to fill in. It names each field, because V8 copies by an object spread many times slower. */
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

/** The same link with an `<r/>` for the stanzas up to this count. */
export const requestedUpTo = (link: Link, count: Uint32): Link => {
  const next = draftLink(link);
  next.requestedUpTo = count;
  return next;
};

/** How many stanzas no link has carried yet: they wait for a link, or for an inactive client to become active. */
export const held = (session: Session): number => session.unacked.length - session.written;

/** The send count: the highest h that the peer may give. */
export const sent = (session: Session): Uint32 => plus(session.acked, session.written);

/** How many stanzas were written since the last `<r/>`, or on this link. */
export const writtenSinceRequest = (session: Session): number => span(session.link.requestedUpTo, sent(session));

/** Where an effect for the present connection goes, and in which version of the protocol. */
export const onLink = ({ link: { epoch, xmlns } }: Session) => ({ epoch, xmlns });
