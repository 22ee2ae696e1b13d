/** When to ask for an ack (P-1), and what an h means for the next question. */
import { judge } from './acks.js';
import { reachesLimit } from './capacity.js';
import { type Guard, when } from './outcome.js';
import type { Policy } from './policy.js';
import type { Session } from './session.js';
import { span } from './uint32.js';

/** With this stanza more than the allowed number goes uncovered, or the queue is full. */
export const askIsDue: Guard = (session, event, policy) =>
  session.link.uncovered + 1 > allowance(session, policy) || reachesLimit(session, event, policy);

/** After this legal ack more than the allowed number is still uncovered. */
export const askIsDueAgain: Guard = when(
  ['peer.a'],
  (session, event, policy) =>
    judge(session, event.h) === 'legal' && session.link.uncovered > allowance(session, policy),
);

export const acksEverything: Guard = when(
  ['peer.a'],
  (session, event) =>
    event.h !== undefined &&
    judge(session, event.h) === 'legal' &&
    span(session.acked, event.h) === session.unacked.length,
);

export const isLegal: Guard = when(['peer.a'], (session, event) => judge(session, event.h) === 'legal');

/** there is no count in it. */
export const lacksCount: Guard = when(['peer.a'], (_session, event) => event.h === undefined);

export const isRegressed: Guard = when(['peer.a'], (session, event) => judge(session, event.h) === 'regressed');

const allowance = (session: Session, policy: Policy): number =>
  session.link.inactive ? policy.maxInactiveUnackedStanzas : policy.maxUnackedStanzas;
