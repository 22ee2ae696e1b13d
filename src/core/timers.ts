/** Timers are effects out and events in. A deadline is absolute and part of the session, so a restored one knows what is due. */
import { type Action, changed, unchanged } from './outcome.js';
import type { Policy } from './policy.js';
import type { Session, TimerName } from './session.js';

const arm =
  (timer: TimerName, seconds: (policy: Policy, session: Session) => number): Action =>
  (session, event, policy) => {
    const deadline = event.at + Math.round(seconds(policy, session) * 1000);
    return changed(
      { ...session, timers: { ...session.timers, [timer]: deadline } },
      { type: 'timer.set', timer, deadline },
    );
  };

const disarm =
  (timer: TimerName): Action =>
  (session, event) => {
    if (session.timers[timer] === null) return unchanged(session);
    const cleared = { ...session, timers: { ...session.timers, [timer]: null } };
    return event.type === `timer.${timer}` ? unchanged(cleared) : changed(cleared, { type: 'timer.clear', timer });
  };

/** P-3: an inactive client is not asked for its own sake. */
const armUnlessInactive =
  (armed: Action): Action =>
  (session, event, policy) =>
    session.link.inactive ? unchanged(session) : armed(session, event, policy);

export const armAckIdle: Action = armUnlessInactive(arm('ackIdle', (policy) => policy.ackIdle));
export const clearAckIdle: Action = disarm('ackIdle');

/** From `<r/>` to the report that its answer is late. */
export const armAckDelay: Action = arm('ackWait', (policy) => policy.maxAckDelay);
/** From that report to a dead link. */
export const armDeadAfterDelay: Action = arm('ackWait', (policy) => Math.max(0, policy.deadAfter - policy.maxAckDelay));
/** From `<enable/>` or `<resume/>` to a dead link. */
export const armDead: Action = arm('ackWait', (policy) => policy.deadAfter);
export const clearAckWait: Action = disarm('ackWait');

export const armOverflowGrace: Action = arm('overflowGrace', (policy) => policy.overflowGrace);
export const clearOverflowGrace: Action = disarm('overflowGrace');

export const armResumption: Action = arm('resumption', (_policy, session) => session.max);
export const clearResumption: Action = disarm('resumption');
