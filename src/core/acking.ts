/** Chapter 2: the stanzas that we send, and their acknowledgement (A-1, A-4 to A-11, P-1). */
import { drainsBelow, hasRoom, reachesLimit } from './capacity.js';
import type { Effect } from './effects.js';
import type { AppEvent, SmEvent } from './events.js';
import { checkH } from './h.js';
import type { Nonza } from './nonzas.js';
import { type Action, changed, type Guard, type Outcome, on, report, tolerate, unchanged } from './outcome.js';
import type { Policy } from './policy.js';
import { amend, draft, held, requestedUpTo, type Session, sent, withLink, writtenSinceRequest } from './session.js';
import { span, type Uint32 } from './uint32.js';
import { append, type Entry, newestOf, toArray, trim } from './unacked.js';

type Send = Extract<AppEvent, { type: 'app.send' }>;

/** the outbound count starts here. Stanzas that were held before are counted too. */
export const beginOutbound: Action = (session, _event, policy) =>
  unchanged(
    amend(session, {
      acked: policy.initialCount,
      totalAcked: 0,
      isRestored: false,
      link: requestedUpTo(session.link, policy.initialCount),
    }),
  );

/** Queues a stanza and writes it, after all held stanzas. */
export const track: Action = (session, event) => {
  if (event.type !== 'app.send') return unchanged(session);
  const next = draft(session);
  next.unacked = append(session.unacked, entryOf(event));
  next.written = next.unacked.length;
  const transmit: Effect = { type: 'transmit', epoch: session.link.epoch, xml: event.stanza.xml };
  return held(session) === 0 ? changed(next, transmit) : changed(next, heldStanzas(session), transmit);
};

/** Queues a stanza without writing it: there is no link, or the stanza must not wake an inactive client. */
export const hold: Action = on(['app.send'], (session, event) =>
  unchanged(amend(session, { unacked: append(session.unacked, entryOf(event)) })),
);

/** Writes the held stanzas, in order. */
export const release: Action = (session) =>
  held(session) === 0
    ? unchanged(session)
    : changed(amend(session, { written: session.unacked.length }), heldStanzas(session));

/** writes every unacknowledged stanza, in order. */
export const replay: Action = (session) => {
  if (session.unacked.length === 0) return unchanged(session);
  const all = amend(session, { written: session.unacked.length });
  return changed(all, { type: 'replay', epoch: session.link.epoch, stanzas: toArray(session.unacked) });
};

/** P-1: writes `<r/>`. */
export const writeAckRequest: Action = (session) => {
  const { epoch, xmlns } = session.link;
  const asked = withLink(session, requestedUpTo(session.link, sent(session)));
  return changed(asked, { type: 'write', epoch, nonza: R, xmlns });
};

const R: Nonza = { name: 'r' };

/** Takes the h of an `<a/>`. */
export const trimAcked: Action = (session, event) =>
  event.type !== 'peer.a' || event.h === undefined ? unchanged(session) : acknowledge(session, event.h);

/** a stale h trims nothing, and the stream goes on. */
export const reportStale: Action = on(['peer.a'], (session, event, _policy, state) =>
  tolerate(session, `h ${event.h} is below ${session.acked}, acknowledged already`, state),
);

/** Takes the stanzas that a legal h covers out of the queue, and reports them. */
export const acknowledge = (session: Session, h: Uint32): Outcome => {
  const count = span(session.acked, h);
  if (count === 0) return unchanged(session);
  const { trimmed, rest } = trim(session.unacked, count);
  const next = draft(session);
  next.acked = h;
  next.totalAcked = Math.min(session.totalAcked + count, 2 ** 31);
  next.unacked = rest;
  next.written = session.written - count;
  if (writtenSinceRequest(session) > next.written) next.link = requestedUpTo(session.link, h);
  return changed(next, report({ type: 'acknowledged', stanzas: trimmed }));
};

/** M-4, M-6: the answer to `<r/>` is late. */
export const reportAckDelayed: Action = (session) =>
  changed(session, report({ type: 'ackDelayed', unacked: session.unacked.length, stanzas: toArray(session.unacked) }));

/** With this stanza and the held ones, more stanzas than allowed are written after the last `<r/>`; or the queue reaches a limit. */
export const requestIsDue: Guard = (session, event, policy) =>
  (writtenSinceRequest(session) + held(session) + 1 > allowance(session, policy) ||
    reachesLimit(session, event, policy)) &&
  hasRoom(session, event, policy);

/** More stanzas than allowed were written before stanzas were counted on this link. */
export const requestIsOverdue: Guard = (session, _event, policy) => session.unacked.length > allowance(session, policy);

/**
 * The `<a/>` is legal, and it leaves more stanzas than allowed that were written after the last `<r/>`. One such stanza is enough while the
 * queue stays at its limit: the peer has to acknowledge before the grace period is over.
 */
export const requestIsDueAgain: Guard = (session, event, policy) => {
  const h = legalH(session, event);
  if (h === undefined) return false;
  const uncovered = Math.min(session.written - span(session.acked, h), writtenSinceRequest(session));
  return uncovered > allowance(session, policy) || (uncovered > 0 && !drainsBelow(session, h, policy, 1));
};

/** XEP-0352: the stanza must not wake an inactive client, and makes no `<r/>` due. */
export const mayWait: Guard = (session, event, policy) =>
  event.type === 'app.send' &&
  event.mayWait === true &&
  session.link.inactive &&
  hasRoom(session, event, policy) &&
  !requestIsDue(session, event, policy);

export const holdsStanzas: Guard = (session) => held(session) > 0;

export const hasUnacked: Guard = (session) => session.unacked.length > 0;

/** The h covers every stanza that was written. Held stanzas do not matter here. */
export const acksEverything: Guard = (session, event) => {
  const h = legalH(session, event);
  return h !== undefined && span(session.acked, h) === session.written;
};

export const isLegal: Guard = (session, event) => legalH(session, event) !== undefined;

/** the h is below the peer's last h. */
export const isStale: Guard = (session, event) => event.type === 'peer.a' && checkH(session, event.h) === 'stale';

/** the `<a/>` has no h, or its h is no unsignedInt. */
export const lacksCount: Guard = (_session, event) => event.type === 'peer.a' && event.h === undefined;

/** The entry in the queue for a stanza to send. */
export const entryOf = ({ stanza: { xml, kind, type, key, bytes }, at }: Send): Entry => {
  const entry = { xml, kind, type, key: key ?? null, at };
  return bytes === undefined || bytes === xml.length ? entry : { ...entry, bytes };
};

/** The h of an `<a/>` that is legal. */
const legalH = (session: Session, event: SmEvent): Uint32 | undefined =>
  event.type === 'peer.a' && checkH(session, event.h) === 'legal' ? event.h : undefined;

const heldStanzas = (session: Session): Effect => ({
  type: 'replay',
  epoch: session.link.epoch,
  stanzas: newestOf(session.unacked, held(session)),
});

const allowance = (session: Session, policy: Policy): number =>
  session.link.inactive ? policy.maxInactiveUnackedStanzas : policy.maxUnackedStanzas;
