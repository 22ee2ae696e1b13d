/** For client authors: running sessions of the initiating entity. No store, no xstate; small in a browser. */
export * from './core/index.js';
export * from './engine/client.js';
export type { Clock } from './ports/index.js';
export * from './session/client-session.js';
