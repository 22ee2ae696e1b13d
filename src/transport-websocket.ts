/** WebSockets, of a browser, of Node or of the package `ws`, as transports. */
export type { Transport, TransportListener } from './ports/index.js';
export * from './transports/websocket.js';
