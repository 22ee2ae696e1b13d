/** What the peer sends: received, handed over, handled, and our h. */
import { type Action, changed, on, report, unchanged } from './outcome.js';
import { amend, amendLink, draft, NONE_AHEAD, type Session } from './session.js';
import { plus, span, type Uint32 } from './uint32.js';

/** the count starts here; nothing is expected again from a session that could not be resumed on this stream. */
export const beginInbound: Action = (session, _event, policy) =>
  unchanged(
    amend(amendLink(session, { repeats: 0 }), {
      received: policy.initialCount,
      handled: policy.initialCount,
      ahead: NONE_AHEAD,
    }),
  );

/** Counts a stanza and hands it over, unless the embedder has it already. */
export const receive: Action = (session, event, policy) => {
  if (event.type !== 'peer.stanza') return unchanged(session);
  if (session.link.repeats > 0) return unchanged(amendLink(session, { repeats: session.link.repeats - 1 }));
  const next = draft(session);
  next.received = plus(session.received, 1);
  next.delivered += 1;
  if (!policy.deferHandling) next.handled = next.received;
  else if (isAhead(session, next.received)) return unchanged(next);
  return changed(next, { type: 'deliver', position: next.delivered });
};

/** nothing counts while stream management is off. */
export const deliverUncounted: Action = on(['peer.stanza'], (session) =>
  changed(session, { type: 'deliver', position: null }),
);

/** always at once, also when nothing new came. */
export const answer: Action = (session) =>
  changed(session, {
    type: 'write',
    epoch: session.link.epoch,
    nonza: { name: 'a', h: session.handled },
    xmlns: session.link.xmlns,
  });

/** h is the low-water mark of what was handled, in whatever order. */
export const handle: Action = on(['app.handled'], (session, event) => {
  const behind = session.delivered - event.position;
  const count = plus(session.received, -behind);
  if (
    !(Number.isInteger(behind) && behind >= 0 && behind < span(session.handled, session.received)) ||
    isAhead(session, count)
  ) {
    const reason = 'no delivered stanza with this position waits to be handled';
    return changed(
      session,
      report({
        type: 'misuse',
        failure: { kind: 'localMisuse', event: event.type, reason },
      }),
    );
  }
  const runs = merge(session.ahead, count, session.handled);
  const lowest = runs[0];
  return lowest !== undefined && lowest[0] === plus(session.handled, 1)
    ? unchanged(amend(session, { handled: plus(session.handled, lowest[1]), ahead: runs.slice(1) }))
    : unchanged(amend(session, { ahead: runs }));
});

/** The peer will send again whatever our h does not cover, and the embedder has that already. */
export const expectRepeats = (session: Session): Session =>
  amendLink(session, { repeats: span(session.handled, session.received) });

const isAhead = (session: Session, position: Uint32): boolean =>
  session.ahead.some(([first, length]) => span(first, position) < length);

type Runs = Session['ahead'];

/** `runs` with `position` added, ordered by distance from `base`, touching runs joined. */
const merge = (runs: Runs, position: Uint32, base: Uint32): Runs => {
  const index = runs.findIndex(([first]) => span(base, first) > span(base, position));
  const at = index < 0 ? runs.length : index;
  const before = runs[at - 1];
  const after = runs[at];
  const joinsBefore = before !== undefined && plus(before[0], before[1]) === position;
  const joinsAfter = after !== undefined && plus(position, 1) === after[0];
  const first = joinsBefore ? before[0] : position;
  const length = 1 + (joinsBefore ? before[1] : 0) + (joinsAfter ? after[1] : 0);
  return [...runs.slice(0, joinsBefore ? at - 1 : at), [first, length], ...runs.slice(joinsAfter ? at + 1 : at)];
};
