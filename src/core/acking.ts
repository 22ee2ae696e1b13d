/** Chapter 2: what we send, and the acknowledgements of it (A-1, A-4 to A-11, P-1). A stanza is counted when it is accepted (design law 5). */
import { drainsBelowLimit, reachesLimit } from './capacity.js';
import type { Effect } from './effects.js';
import type { AppEvent } from './events.js';
import { checkH } from './h.js';
import type { Nonza } from './nonzas.js';
import { type Action, changed, type Guard, type Outcome, on, report, tolerate, unchanged } from './outcome.js';
import type { Policy } from './policy.js';
import { amend, draft, held, requestedUpTo, type Session, sent, withLink, writtenSinceRequest } from './session.js';
import { span, type Uint32 } from './uint32.js';
import { append, type Entry, toArray, trim } from './unacked.js';

type Send = Extract<AppEvent, { type: 'app.send' }>;

/** the count starts here. Stanzas that were held until now belong to it. */
export const beginOutbound: Action = (session, _event, policy) =>
  unchanged(
    amend(session, {
      acked: policy.initialCount,
      totalAcked: 0,
      link: requestedUpTo(session.link, policy.initialCount),
    }),
  );

/** Queues a stanza and writes it, behind all stanzas that are held. */
export const track: Action = (session, event) => {
  if (event.type !== 'app.send') return unchanged(session);
  const next = draft(session);
  next.unacked = append(session.unacked, entryOf(event));
  next.written = next.unacked.length;
  const transmit: Effect = { type: 'transmit', epoch: session.link.epoch, xml: event.stanza.xml };
  return held(session) === 0 ? changed(next, transmit) : changed(next, heldStanzas(session), transmit);
};

/** Queues a stanza for a link that is not there yet, or for an inactive client that the stanza is not to wake. */
export const hold: Action = on(['app.send'], (session, event) =>
  unchanged(amend(session, { unacked: append(session.unacked, entryOf(event)) })),
);

/** Writes the stanzas that are held, in order. */
export const release: Action = (session) =>
  held(session) === 0
    ? unchanged(session)
    : changed(amend(session, { written: session.unacked.length }), heldStanzas(session));

/** writes everything that is unacknowledged, in order. */
export const replay: Action = (session) => {
  if (session.unacked.length === 0) return unchanged(session);
  const all = amend(session, { written: session.unacked.length });
  return changed(all, { type: 'replay', epoch: session.link.epoch, stanzas: toArray(session.unacked) });
};

/** P-1: asks for an `<a/>`, behind everything that was written. */
export const writeAckRequest: Action = (session) => {
  const { epoch, xmlns } = session.link;
  const asked = withLink(session, requestedUpTo(session.link, sent(session)));
  return changed(asked, { type: 'write', epoch, nonza: R, xmlns });
};

const R: Nonza = { name: 'r' };

/** Takes the peer's h. */
export const trimAcked: Action = (session, event) =>
  event.type !== 'peer.a' || event.h === undefined ? unchanged(session) : acknowledge(session, event.h);

/** a stale h trims nothing, and the stream goes on. */
export const reportStale: Action = on(['peer.a'], (session, event, _policy, state) =>
  tolerate(session, `h ${event.h} is below ${session.acked}, which was acknowledged already`, state),
);

/** Trims what a legal h covers. */
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

/** M-4, M-6. */
export const reportAckDelayed: Action = (session) =>
  changed(session, report({ type: 'ackDelayed', unacked: session.unacked.length, stanzas: toArray(session.unacked) }));

/** With this stanza, and those held before it, more stanzas than allowed lie behind the last `<r/>`; or the queue is full. */
export const requestIsDue: Guard = (session, event, policy) =>
  writtenSinceRequest(session) + held(session) + 1 > allowance(session, policy) || reachesLimit(session, event, policy);

/**
 * Behind this legal ack more stanzas than allowed still lie behind the last `<r/>`. Or the peer is inactive, so that no idle time
 * runs, and those stanzas keep the queue full.
 */
export const requestIsDueAgain: Guard = (session, event, policy) => {
  if (event.type !== 'peer.a' || checkH(session, event.h) !== 'legal') return false;
  const count = writtenSinceRequest(session);
  return (
    count > allowance(session, policy) ||
    (session.link.inactive && count > 0 && !drainsBelowLimit(session, event, policy))
  );
};

/** XEP-0352: this stanza is not to wake an inactive client, and makes no `<r/>` due. */
export const mayWait: Guard = (session, event, policy) =>
  event.type === 'app.send' && event.mayWait === true && session.link.inactive && !requestIsDue(session, event, policy);

export const holdsStanzas: Guard = (session) => held(session) > 0;

export const hasUnacked: Guard = (session) => session.unacked.length > 0;

/** The h covers everything that was written. No `<r/>` asks about stanzas that are held. */
export const acksEverything: Guard = (session, event) =>
  event.type === 'peer.a' &&
  event.h !== undefined &&
  checkH(session, event.h) === 'legal' &&
  span(session.acked, event.h) === session.written;

export const isLegal: Guard = (session, event) => event.type === 'peer.a' && checkH(session, event.h) === 'legal';

/** */
export const isStale: Guard = (session, event) => event.type === 'peer.a' && checkH(session, event.h) === 'stale';

/** the `<a/>` has no h, or one that is no unsignedInt. */
export const lacksCount: Guard = (_session, event) => event.type === 'peer.a' && event.h === undefined;

/** The queue's entry for a stanza to send. */
export const entryOf = ({ stanza: { xml, kind, type, key }, at }: Send): Entry => ({
  xml,
  kind,
  type,
  key: key ?? null,
  at,
});

const heldStanzas = ({ unacked, written, link }: Session): Effect => ({
  type: 'replay',
  epoch: link.epoch,
  stanzas: toArray(unacked).slice(written),
});

const allowance = (session: Session, policy: Policy): number =>
  session.link.inactive ? policy.maxInactiveUnackedStanzas : policy.maxUnackedStanzas;
