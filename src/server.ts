/** For server authors: running sessions of the receiving entity, and a store in memory. */
export type { Run } from './core/count-set.js';
export type { CountChanges, Delta, HeadChanges } from './core/delta.js';
export type { Entry } from './core/unacked.js';
export {
  type PlacedSession,
  type RecordChanges,
  type RecordFault,
  readDelta,
  recordAfter,
  type SessionDelta,
  type SessionRecord,
  toDelta,
  toRecord,
} from './engine/index.js';
export type { Claim, Clock, Holder, IdSource, SessionStore } from './ports/index.js';
export type { LateText, ReadingOptions } from './session/environment.js';
export { Outbox } from './session/outbox.js';
export type { LinkHandle, NonzaName, OutgoingStanza, RunningSession, Stream } from './session/running-session.js';
export type { ServerHandlers, ServerSession } from './session/server-session.js';
export * from './session/server-sessions.js';
export type { SessionCounters, SessionStatus } from './session/status.js';
export { systemClock } from './session/timers.js';
export * from './session/xml-stream.js';
export * from './stores/memory.js';
