/** Chapter 4: the limits of the queue: pressure at 80 %, grace period at the limit, no room past twice the limit (M-10, S-2). */
import type { SmEvent } from './events.js';
import { checkH } from './h.js';
import { type Action, changed, type Guard, report } from './outcome.js';
import type { Policy } from './policy.js';
import type { Session } from './session.js';
import { span, type Uint32 } from './uint32.js';
import { sizeOf, trim } from './unacked.js';

/** With this stanza the queue reaches 80 % of a limit. */
export const reachesPressure: Guard = (session, event, policy) =>
  wouldReach(session, event, policy, 0.8) && hasRoom(session, event, policy);

/** With this stanza the queue reaches a limit. */
export const reachesLimit: Guard = (session, event, policy) =>
  wouldReach(session, event, policy, 1) && hasRoom(session, event, policy);

/** With a link, this stanza has room: the queue does not pass twice a limit. */
export const hasRoom: Guard = (session, event, policy) =>
  event.type === 'app.send' && !wouldReach(session, event, policy, 2, 1);

/** Without a link, this stanza has no room: the queue would pass a limit. */
export const noRoomWithoutLink: Guard = (session, event, policy) => wouldReach(session, event, policy, 1, 1);

/** This stanza takes the queue over 80 % of a limit, or to the limit; it was below before. */
export const crossesPressure: Guard = (session, event, policy) =>
  (reachesLimit(session, event, policy) && !reaches(session.unacked, policy, 1)) ||
  (reachesPressure(session, event, policy) && !reaches(session.unacked, policy, 0.8));

/** Pairs of guards: when `stronger` holds, `weaker` holds too. The pair with the weakest guard comes first. */
export const implied: readonly (readonly [stronger: Guard, weaker: Guard])[] = [[reachesLimit, reachesPressure]];

/** The queue is at a limit. */
export const isAtLimit: Guard = (session, _event, policy) => reaches(session.unacked, policy, 1);

/** After this `<a/>` the queue is below its limits. */
export const drainsBelowLimit: Guard = (session, event, policy) =>
  event.type === 'peer.a' && drainsBelow(session, event.h, policy, 1);

/** After this `<a/>` the queue is below 80 % of its limits. */
export const drainsBelowPressure: Guard = (session, event, policy) =>
  event.type === 'peer.a' && drainsBelow(session, event.h, policy, 0.8);

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

/** Whether a legal h leaves less of the queue than this share of each limit. */
export const drainsBelow = (session: Session, h: Uint32 | undefined, policy: Policy, share: number): boolean =>
  h !== undefined &&
  checkH(session, h) === 'legal' &&
  !reaches(trim(session.unacked, span(session.acked, h)).rest, policy, share);

interface Fill {
  readonly length: number;
  readonly size: number;
}

const reaches = (fill: Fill, policy: Policy, share: number): boolean =>
  fill.length >= policy.maxQueueStanzas * share || fill.size >= policy.maxQueueBytes * share;

/** Whether this stanza takes the queue to this share of a limit, and `beyond` stanzas or bytes further. */
const wouldReach = ({ unacked }: Session, event: SmEvent, policy: Policy, share: number, beyond = 0): boolean =>
  event.type === 'app.send' &&
  reaches({ length: unacked.length + 1 - beyond, size: unacked.size + sizeOf(event.stanza) - beyond }, policy, share);
