/** When to ask for an ack (P-1), and what an h means for the next question. */
import { judge } from './acks.js';
import { drainsBelowLimit, reachesLimit } from './capacity.js';
import type { Guard } from './outcome.js';
import type { Policy } from './policy.js';
import { held, type Session, uncovered } from './session.js';
import { span } from './uint32.js';

/** With this stanza, and those held back before it, more than the allowed number goes uncovered, or the queue is full. */
export const askIsDue: Guard = (session, event, policy) =>
  uncovered(session) + held(session) + 1 > allowance(session, policy) || reachesLimit(session, event, policy);

/** XEP-0352: this stanza is not worth waking an inactive client for, and no question is due because of it. */
export const mayWait: Guard = (session, event, policy) =>
  event.type === 'app.send' && event.mayWait === true && session.link.inactive && !askIsDue(session, event, policy);

export const holdsBack: Guard = (session) => held(session) > 0;

/**
 * After this legal ack more than the allowed number is still uncovered; or the peer is inactive, for which no idle time runs,
 * and what is uncovered keeps the queue full.
 */
export const askIsDueAgain: Guard = (session, event, policy) => {
  if (event.type !== 'peer.a' || judge(session, event.h) !== 'legal') return false;
  const count = uncovered(session);
  return (
    count > allowance(session, policy) ||
    (session.link.inactive && count > 0 && !drainsBelowLimit(session, event, policy))
  );
};

/** Everything that was written: what is held back is nothing to ask about. */
export const acksEverything: Guard = (session, event) =>
  event.type === 'peer.a' &&
  event.h !== undefined &&
  judge(session, event.h) === 'legal' &&
  span(session.acked, event.h) === session.written;

export const isLegal: Guard = (session, event) => event.type === 'peer.a' && judge(session, event.h) === 'legal';

/** there is no count in it. */
export const lacksCount: Guard = (_session, event) => event.type === 'peer.a' && event.h === undefined;

export const isRegressed: Guard = (session, event) =>
  event.type === 'peer.a' && judge(session, event.h) === 'regressed';

const allowance = (session: Session, policy: Policy): number =>
  session.link.inactive ? policy.maxInactiveUnackedStanzas : policy.maxUnackedStanzas;
