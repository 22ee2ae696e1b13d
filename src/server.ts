/** For server authors: running sessions of the receiving entity, and a store in memory. */
export {
  type CountChanges,
  type Delta,
  type Entry,
  type HeadChanges,
  type PlacedSession,
  type RecordChanges,
  type RecordFault,
  type Run,
  readDelta,
  recordAfter,
  type SessionDelta,
  type SessionRecord,
  toDelta,
  toRecord,
} from './index.js';
export type { Claim, Clock, IdSource, Running, SessionStore } from './ports/index.js';
export type { LateText, ReadingOptions } from './session/environment.js';
export { Outbox } from './session/outbox.js';
export type { LinkHandle, NonzaName, OutgoingStanza, RunningSession, Stream } from './session/running-session.js';
export type { ServerHandlers, ServerSession } from './session/server-session.js';
export * from './session/server-sessions.js';
export type { SessionCounters, SessionStatus } from './session/status.js';
export { systemClock } from './session/timers.js';
export * from './session/xml-stream.js';
export * from './stores/memory.js';
