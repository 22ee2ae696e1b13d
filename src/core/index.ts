/** What `src/core` exports, for both roles. */
export { admits } from './admission.js';
export { type ClaimAnswer, judgeClaim } from './claim.js';
export type { CountSet, Run } from './count-set.js';
export type { CountChanges, Delta, HeadChanges } from './delta.js';
export type {
  DeliverEffect,
  Effect,
  LinkEffect,
  Report,
  ReportEffect,
  Returned,
  ReturnReason,
  StoreEffect,
  TimerEffect,
} from './effects.js';
export type { AppEvent, EventType, LinkEvent, PeerEvent, SmEvent, StoreEvent, TimerEvent } from './events.js';
export type {
  Failure,
  LocalMisuse,
  PeerViolation,
  Refusal,
  StanzaErrorCondition,
  StoreFault,
  StreamErrorCondition,
  ToleratedViolation,
} from './failures.js';
export { type Either, isLeft, isRight } from './fp-ts.js';
export { type Nonza, SM_2, SM_3, type SmNamespace, type StanzaKind } from './nonzas.js';
export { DEFAULT_POLICY, type Policy } from './policy.js';
export { type Link, type Session, TIMER_NAMES, type TimerName, type Timers } from './session.js';
export { parseUint32, type Uint32, uint32 } from './uint32.js';
export { type Entry, type Stanza, toArray, type Unacked } from './unacked.js';
