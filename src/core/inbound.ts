/** Chapter 3: the stanzas of the peer: received, delivered, handled, and our h. */
import { hasCount, lengthOfRun, NO_COUNTS, withCount, withoutRun } from './count-set.js';
import { type Action, changed, type Guard, misuse, on, unchanged } from './outcome.js';
import { amend, amendLink, type Draft, draft, type Session } from './session.js';
import { plus, span, type Uint32 } from './uint32.js';

/** the inbound count starts here. This session is new, so the peer sends no stanza again. */
export const beginInbound: Action = (session, _event, policy) =>
  unchanged(
    amend(amendLink(session, { duplicatesToCome: 0 }), {
      received: policy.initialCount,
      handled: policy.initialCount,
      handledOutOfOrder: NO_COUNTS,
    }),
  );

/** The request for a session was refused: the embedder can no longer handle the stanzas that counted for it. */
export const endInbound: Action = beginInbound;

/** Stanzas of this stream have counted. Their positions must not be given to the stanzas of another session. */
export const hasCounted: Guard = ({ delivered }) => delivered > 0;

/** The stanza is new, and counts as handled when it is delivered. */
export const isHandledAtOnce: Guard = (session, _event, policy) =>
  !policy.deferHandling && session.link.duplicatesToCome === 0 && session.handledOutOfOrder.size === 0;

/** The peer sends this stanza again after a resumption. We do not count or deliver it again. */
export const isDuplicate: Guard = (session) => session.link.duplicatesToCome > 0;

export const skipDuplicate: Action = (session) =>
  unchanged(amendLink(session, { duplicatesToCome: session.link.duplicatesToCome - 1 }));

/** The embedder handled this stanza before the process restarted, and the peer does not know it yet. */
export const wasHandled: Guard = ({ handledOutOfOrder, received }) => hasCount(handledOutOfOrder, plus(received, 1));

/** Counts a stanza as received, and does not deliver it. */
export const receiveSilently: Action = (session) => {
  return unchanged(withRunHandled(withReceived(session)));
};

/** Counts a stanza as received and delivers it. With `deferHandling` the embedder says later that it is handled. */
export const receive: Action = (session, _event, policy) => {
  const next = withReceived(session);
  const received = policy.deferHandling ? next : withHandled(next, next.received);
  return changed(received, { type: 'deliver', position: next.delivered });
};

/** Counts a stanza as received and handled, and delivers it. */
export const receiveAndHandle: Action = (session) => {
  const next = withReceived(session);
  next.handled = next.received;
  return changed(next, { type: 'deliver', position: next.delivered });
};

/** no stanza counts while stream management is off. */
export const deliverUncounted: Action = on(['peer.stanza'], (session) =>
  changed(session, { type: 'deliver', position: null }),
);

/** `<r/>` is answered at once, also when nothing new came. */
export const writeAck: Action = (session) =>
  changed(session, {
    type: 'write',
    epoch: session.link.epoch,
    nonza: { name: 'a', h: session.handled },
    xmlns: session.link.xmlns,
  });

/** the embedder handles stanzas in any order. Our h covers the stanzas before the first unhandled one. */
export const handle: Action = on(['app.handled'], (session, event, _policy, state) => {
  const later = session.delivered - event.position;
  const count = plus(session.received, -later);
  const waits = Number.isInteger(later) && later >= 0 && later < span(session.handled, session.received);
  if (waits && !hasCount(session.handledOutOfOrder, count)) return unchanged(withHandled(session, count));
  const reason = 'no stanza with this position waits';
  return changed(session, misuse(event.type, reason, state));
});

/** The peer will send every received stanza again that our h does not cover. The embedder has these stanzas already. */
export const expectDuplicates = (session: Session): Session =>
  amendLink(session, { duplicatesToCome: span(session.handled, session.received) });

/** A copy of the session after one more stanza. */
const withReceived = (session: Session): Draft<Session> => {
  const next = draft(session);
  next.received = plus(session.received, 1);
  next.delivered += 1;
  return next;
};

/** The session after the embedder has handled the stanza with this count. */
const withHandled = (session: Session, count: Uint32): Session =>
  count === plus(session.handled, 1)
    ? withRunHandled(amend(session, { handled: count }))
    : amend(session, { handledOutOfOrder: withCount(session.handledOutOfOrder, count) });

/** Our h moves over the stanzas that were handled out of order, up to the last stanza that was received. */
const withRunHandled = (session: Session): Session => {
  const { handled, received, handledOutOfOrder } = session;
  const first = plus(handled, 1);
  const length = lengthOfRun(handledOutOfOrder, first, span(handled, received));
  if (length === 0) return session;
  return amend(session, {
    handled: plus(handled, length),
    handledOutOfOrder: withoutRun(handledOutOfOrder, first, length),
  });
};
