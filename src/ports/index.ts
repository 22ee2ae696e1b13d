/** The interfaces between the core and its environment. */
export type { Clock } from './clock.js';
export type { IdSource } from './id-source.js';
export type { Claim, Running, SessionStore } from './session-store.js';
export type { Transport, TransportListener } from './transport.js';
