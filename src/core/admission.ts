/** Which events reach the chart (design law 4, design law 6), and which of the others are a misuse. */
import type { SmEvent } from './events.js';
import type { Session, TimerName } from './session.js';
import type { Stanza } from './unacked.js';

/**
 * False for an event that changes nothing: it comes late without a fault of the embedder, or it is a misuse (`misuseOf`). Late is an event
 * of an earlier connection, and an event of a timer that does not run or is not due yet.
 */
export const admits = (session: Session, event: SmEvent): boolean => {
  if (!isTime(event.at)) return false;
  // Frequent events come first, because V8 compares one case after the other.
  switch (event.type) {
    case 'app.send':
      return isStanza(event.stanza);
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
      return event.epoch === session.link.epoch && event.epoch > 0;
    case 'link.opened':
      return Number.isSafeInteger(event.epoch) && event.epoch > session.link.epoch;
    case 'app.authenticated':
    case 'app.verified':
      return isText(event.owner);
    case 'store.saved':
      return isText(event.smId);
    case 'store.expired':
    case 'store.stale':
      return isCount(event.h);
    case 'store.tooHigh':
      return isCount(event.sendCount);
    case 'timer.ackIdle':
    case 'timer.ackWait':
    case 'timer.overflowGrace':
    case 'timer.resumption':
    case 'timer.storeWait':
      return isDue(session.timers[event.type.slice('timer.'.length) as TimerName], event.at);
    default:
      return true;
  }
};

/** Why an event that is not admitted is a misuse; undefined when it only comes late. */
export const misuseOf = (event: SmEvent): string | undefined => {
  if (!isTime(event.at)) return 'the event has no time';
  if (!('epoch' in event)) return event.type.startsWith('timer.') ? undefined : 'a field is missing or wrong';
  if (!Number.isSafeInteger(event.epoch) || event.epoch < 1) return 'no connection has this epoch';
  return event.type === 'link.opened' ? 'the epoch is too low' : undefined;
};

const isTime = (at: number): boolean => at > -Infinity && at < Infinity;

const isDue = (deadline: number | null, at: number): boolean => deadline !== null && deadline <= at;

const isText = (value: string): boolean => typeof value === 'string' && value !== '';

const isCount = (value: number): boolean => value >>> 0 === value;

const isStanza = (stanza: Stanza | undefined): boolean => {
  const kind = stanza?.kind;
  const isKind = kind === 'message' || kind === 'presence' || kind === 'iq';
  const isText = typeof stanza?.xml === 'string' && typeof stanza.type === 'string';
  return isKind && isText && (stanza.bytes === undefined || stanza.bytes >= stanza.xml.length);
};
