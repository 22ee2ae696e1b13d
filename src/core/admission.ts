/** Which events reach the chart (design law 4, design law 6). */
import type { SmEvent } from './events.js';
import type { Session } from './session.js';

/**
 * False for an event of another connection, and for an event of a timer that does not run or is not due yet.
 * Such an event comes late without a fault of the embedder, so it changes nothing and is not reported.
 */
export const admits = (session: Session, event: SmEvent): boolean => {
  // Frequent events come first, because V8 compares one case after the other.
  switch (event.type) {
    case 'app.send':
      return true;
    case 'peer.stanza':
    case 'peer.a':
    case 'peer.r':
    case 'peer.enable':
    case 'peer.enabled':
    case 'peer.resume':
    case 'peer.resumed':
    case 'peer.failed':
    case 'peer.malformed':
    case 'peer.violation':
    case 'peer.error':
    case 'peer.closed':
    case 'link.lost':
      return event.epoch === session.link.epoch;
    case 'link.opened':
      return event.epoch > 0 && event.epoch !== session.link.epoch;
    case 'timer.ackIdle':
      return isDue(session.timers.ackIdle, event.at);
    case 'timer.ackWait':
      return isDue(session.timers.ackWait, event.at);
    case 'timer.overflowGrace':
      return isDue(session.timers.overflowGrace, event.at);
    case 'timer.resumption':
      return isDue(session.timers.resumption, event.at);
    default:
      return true;
  }
};

const isDue = (deadline: number | null, at: number): boolean => deadline !== null && deadline <= at;
