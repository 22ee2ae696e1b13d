/** For users of xmpp.js: stream management under an `@xmpp/client`. */
export * from './drop-ins/xmppjs/stream-management.js';
