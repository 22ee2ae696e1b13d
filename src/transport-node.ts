/** TCP and TLS connections of Node, as transports. */
export type { Transport, TransportListener } from './ports/index.js';
export * from './transports/node.js';
