/**
 * XEP-0198 stream management as a pure core: `step(state, event) -> [state, effects]`.
 *
 * @packageDocumentation
 */
export { admits } from './core/admission.js';
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
  Verdict,
} from './core/effects.js';
export { type Either, isLeft, isRight, left, right } from './core/either.js';
export type { AppEvent, EventType, LinkEvent, PeerEvent, SmEvent, StoreEvent, TimerEvent } from './core/events.js';
export {
  type Failure,
  type LocalMisuse,
  type PeerViolation,
  peerViolation,
  type Refusal,
  refusal,
  type StanzaErrorCondition,
  type StoreFault,
  type StreamErrorCondition,
} from './core/failures.js';
export { type Nonza, SM_2, SM_3, type SmNamespace, type StanzaKind } from './core/nonzas.js';
export { DEFAULT_POLICY, type Policy } from './core/policy.js';
export { type Link, type Session, sent, TIMER_NAMES, type TimerName, type Timers } from './core/session.js';
export { parseUint32, plus, span, type Uint32, uint32, ZERO } from './core/uint32.js';
export { type Entry, toArray, type Unacked } from './core/unacked.js';
export * from './engine/index.js';
export { type PolicyChanges, policy } from './engine/policy.js';
