/** For server authors: running sessions of the receiving entity, and a store in memory. */
export type { Claim, Clock, Holder, IdSource, SessionStore } from './ports/index.js';
export * from './session/session.js';
export { systemClock } from './session/timers.js';
export * from './stores/memory.js';
