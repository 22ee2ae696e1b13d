/** For client authors: running sessions of the initiating entity. No store, no xstate; small in a browser. */
export * from './core/index.js';
export {
  type Advance,
  advance,
  type Counters,
  type Drive,
  type Driver,
  drive,
  hasTag,
  type Loop,
  open,
  type PlacedSession,
  type PolicyChanges,
  peerViolation,
  policy,
  type RecordChanges,
  type RecordFault,
  type Role,
  readDelta,
  recordAfter,
  refusal,
  restore,
  type SessionDelta,
  type SessionRecord,
  type Start,
  type State,
  type Step,
  step,
  type Tag,
  type Taken,
  type TraceLine,
  toDelta,
  toRecord,
  traced,
} from './engine/client.js';
export type { Clock } from './ports/index.js';
export * from './session/client-session.js';
export type { LateText, ReadingOptions, Traced } from './session/environment.js';
export { Outbox } from './session/outbox.js';
export type { LinkHandle, NonzaName, OutgoingStanza, RunningSession, Stream } from './session/running-session.js';
export type { SessionCounters, SessionStatus } from './session/status.js';
export { systemClock } from './session/timers.js';
export * from './session/xml-stream.js';
