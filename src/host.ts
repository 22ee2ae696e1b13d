/** The reference host: a small XMPP server, for tests and to copy from. */
export * from './host/host.js';
