/** What the core needs from the world, as interfaces. */
export type { Clock } from './clock.js';
export type { IdSource } from './id-source.js';
export type { Claim, Holder, SessionStore } from './session-store.js';
export type { Transport, TransportListener } from './transport.js';
