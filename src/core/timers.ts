/** An effect sets a timer, and an event says that it is due (design law 4). The session holds each deadline, so a restored session knows it. */
import { isAtLimit } from './capacity.js';
import type { SmEvent } from './events.js';
import { type Action, changed, unchanged } from './outcome.js';
import type { Policy } from './policy.js';
import { draft, type Session, type TimerName } from './session.js';

const arm =
  (timer: TimerName, seconds: (policy: Policy, session: Session, event: SmEvent) => number): Action =>
  (session, event, policy) => {
    const deadline = event.at + Math.round(seconds(policy, session, event) * 1000);
    return changed(withDeadline(session, timer, deadline), { type: 'timer.set', timer, deadline });
  };

const disarm = (timer: TimerName): Action => {
  const ending = `timer.${timer}`;
  return (session, event) => {
    if (session.timers[timer] === null) return unchanged(session);
    const cleared = withDeadline(session, timer, null);
    return event.type === ending ? unchanged(cleared) : changed(cleared, { type: 'timer.clear', timer });
  };
};

const withDeadline = (session: Session, timer: TimerName, deadline: number | null): Session => {
  const { ackIdle, ackWait, overflowGrace, resumption, storeWait } = session.timers;
  const timers = { ackIdle, ackWait, overflowGrace, resumption, storeWait };
  timers[timer] = deadline;
  const next = draft(session);
  next.timers = timers;
  return next;
};

/**
 * It starts with a written stanza, also for an inactive client: what is worth waking a client for is worth asking about. Held stanzas
 * start no timer, so such a client gets no `<r/>` only because time passes (P-3). At a limit of the queue the `<r/>` comes in time: the peer
 * can acknowledge before the grace period is over.
 */
export const armAckIdle: Action = arm('ackIdle', (policy, session, event) =>
  isAtLimit(session, event, policy) ? Math.min(policy.ackIdle, policy.overflowGrace / 2) : policy.ackIdle,
);

export const clearAckIdle: Action = disarm('ackIdle');

/** The time from `<r/>` to the report that its answer is late. */
export const armAckDelay: Action = arm('ackWait', (policy) => policy.maxAckDelay);
/** The time from that report until the link is dead. */
export const armDeadAfterDelay: Action = arm('ackWait', (policy) => Math.max(0, policy.deadAfter - policy.maxAckDelay));
/** The time from `<enable/>` or `<resume/>` until the link is dead. */
export const armDead: Action = arm('ackWait', (policy) => policy.deadAfter);
export const clearAckWait: Action = disarm('ackWait');

export const armOverflowGrace: Action = arm('overflowGrace', (policy) => policy.overflowGrace);
export const clearOverflowGrace: Action = disarm('overflowGrace');

export const armResumption: Action = arm('resumption', (_policy, session) => session.max);
export const clearResumption: Action = disarm('resumption');

/** The time in which the store has to answer (design law 7). */
export const armStoreWait: Action = arm('storeWait', (policy) => policy.storeTimeout);
export const clearStoreWait: Action = /* @__PURE__ */ disarm('storeWait');
