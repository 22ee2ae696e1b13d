/** Chapter 4: the limits of the queue: pressure at 80 %, grace at the limit, no room at twice the limit (M-10, S-2). */
import { checkH } from './h.js';
import { type Action, changed, type Guard, report } from './outcome.js';
import type { Policy } from './policy.js';
import type { Session } from './session.js';
import { span } from './uint32.js';
import { trim } from './unacked.js';

/** With this stanza the queue reaches 80 % of a limit. */
export const reachesPressure: Guard = (session, event, policy) =>
  event.type === 'app.send' && wouldReach(session, event.stanza.xml, policy, 0.8);

/** With this stanza the queue reaches a limit. */
export const reachesLimit: Guard = (session, event, policy) =>
  event.type === 'app.send' && wouldReach(session, event.stanza.xml, policy, 1);

/** This stanza has no room although there is a link: the queue would pass twice its limit. */
export const noRoom: Guard = (session, event, policy) =>
  event.type === 'app.send' && wouldReach(session, event.stanza.xml, policy, 2, 1);

/** This stanza has no room while there is no link. */
export const noRoomWithoutLink: Guard = (session, event, policy) =>
  event.type === 'app.send' && wouldReach(session, event.stanza.xml, policy, 1, 1);

/** Pairs of guards: the second holds whenever the first does. The pairs go from the weakest guard to the strongest. */
export const implied: readonly (readonly [stronger: Guard, weaker: Guard])[] = [
  [reachesLimit, reachesPressure],
  [noRoom, reachesLimit],
];

/** With this ack the queue is below its limits. */
export const drainsBelowLimit: Guard = (session, event, policy) =>
  event.type === 'peer.a' &&
  event.h !== undefined &&
  checkH(session, event.h) === 'legal' &&
  !reaches(trim(session.unacked, span(session.acked, event.h)).rest, policy, 1);

/** The queue has drained below the pressure mark. */
export const isRelieved: Guard = (session, _event, policy) => !reaches(session.unacked, policy, 0.8);

export const reportPressure: Action = (session, _event, policy) =>
  changed(
    session,
    report({
      type: 'queuePressure',
      unacked: session.unacked.length,
      size: session.unacked.size,
      full: reaches(session.unacked, policy, 1),
    }),
  );

interface Fill {
  readonly length: number;
  readonly size: number;
}

const reaches = (fill: Fill, policy: Policy, share: number): boolean =>
  fill.length >= policy.maxQueueStanzas * share || fill.size >= policy.maxQueueBytes * share;

/** Whether the queue reaches this share of a limit, plus `beyond` stanzas or characters, once this stanza is in it. */
const wouldReach = (session: Session, xml: string, policy: Policy, share: number, beyond = 0): boolean =>
  reaches(
    { length: session.unacked.length + 1 - beyond, size: session.unacked.size + xml.length - beyond },
    policy,
    share,
  );
