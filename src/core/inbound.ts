/** Chapter 3: the stanzas of the peer: received, delivered, handled, and our h. */
import { type Action, changed, type Guard, on, report, unchanged } from './outcome.js';
import { amend, amendLink, draft, NONE_OUT_OF_ORDER, type Session } from './session.js';
import { plus, span, type Uint32 } from './uint32.js';

/** the inbound count starts here. This session is new, so the peer sends no stanza again. */
export const beginInbound: Action = (session, _event, policy) =>
  unchanged(
    amend(amendLink(session, { duplicatesToCome: 0 }), {
      received: policy.initialCount,
      handled: policy.initialCount,
      handledOutOfOrder: NONE_OUT_OF_ORDER,
    }),
  );

/** The stanza is new, and counts as handled when it is delivered. */
export const isHandledAtOnce: Guard = (session, _event, policy) =>
  !policy.deferHandling && session.link.duplicatesToCome === 0;

/** The peer sends this stanza again after a resumption. We do not count or deliver it again. */
export const isDuplicate: Guard = (session) => session.link.duplicatesToCome > 0;

export const skipDuplicate: Action = (session) =>
  unchanged(amendLink(session, { duplicatesToCome: session.link.duplicatesToCome - 1 }));

/** The embedder handled this stanza out of order before the process restarted. */
export const wasHandled: Guard = (session, _event, policy) =>
  policy.deferHandling && session.handledOutOfOrder.length > 0 && isHandled(session, plus(session.received, 1));

/** Counts a stanza as received, and does not deliver it. */
export const receiveSilently: Action = (session) => {
  const next = draft(session);
  next.received = plus(session.received, 1);
  next.delivered += 1;
  return unchanged(next);
};

/** Counts a stanza as received and delivers it. The embedder says later that it is handled. */
export const receive: Action = (session) => {
  const next = draft(session);
  next.received = plus(session.received, 1);
  next.delivered += 1;
  return changed(next, { type: 'deliver', position: next.delivered });
};

/** Counts a stanza as received and handled, and delivers it. */
export const receiveAndHandle: Action = (session) => {
  const next = draft(session);
  next.received = plus(session.received, 1);
  next.handled = next.received;
  next.delivered += 1;
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
  const behind = session.delivered - event.position;
  const count = plus(session.received, -behind);
  const waits = Number.isInteger(behind) && behind >= 0 && behind < span(session.handled, session.received);
  if (!waits || isHandled(session, count)) {
    const reason = 'no delivered stanza with this position waits to be handled';
    return changed(
      session,
      report({ type: 'misuse', failure: { kind: 'localMisuse', event: event.type, state, reason } }),
    );
  }
  const runs = merge(session.handledOutOfOrder, count, session.handled);
  const lowest = runs[0];
  return lowest !== undefined && lowest[0] === plus(session.handled, 1)
    ? unchanged(amend(session, { handled: plus(session.handled, lowest[1]), handledOutOfOrder: runs.slice(1) }))
    : unchanged(amend(session, { handledOutOfOrder: runs }));
});

/** The peer will send every received stanza again that our h does not cover. The embedder has these stanzas already. */
export const expectDuplicates = (session: Session): Session =>
  amendLink(session, { duplicatesToCome: span(session.handled, session.received) });

const isHandled = (session: Session, count: Uint32): boolean =>
  session.handledOutOfOrder.some(([first, length]) => span(first, count) < length);

type Runs = Session['handledOutOfOrder'];

/** Adds `count` to `runs`. The runs stay ordered by their distance from `base`, and neighbouring runs are joined. */
const merge = (runs: Runs, count: Uint32, base: Uint32): Runs => {
  const index = runs.findIndex(([first]) => span(base, first) > span(base, count));
  const at = index < 0 ? runs.length : index;
  const before = runs[at - 1];
  const after = runs[at];
  const joinsBefore = before !== undefined && plus(before[0], before[1]) === count;
  const joinsAfter = after !== undefined && plus(count, 1) === after[0];
  const first = joinsBefore ? before[0] : count;
  const length = 1 + (joinsBefore ? before[1] : 0) + (joinsAfter ? after[1] : 0);
  return [...runs.slice(0, joinsBefore ? at - 1 : at), [first, length], ...runs.slice(joinsAfter ? at + 1 : at)];
};
