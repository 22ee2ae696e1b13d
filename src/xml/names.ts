/** The namespaces of the stream itself (RFC 6120 section 11.2); core has the namespaces of stream management. */
export const STREAMS = 'http://etherx.jabber.org/streams';
/** RFC 7395: a stream framed in WebSocket messages. */
export const FRAMING = 'urn:ietf:params:xml:ns:xmpp-framing';
export const STREAM_ERRORS = 'urn:ietf:params:xml:ns:xmpp-streams';
export const STANZA_ERRORS = 'urn:ietf:params:xml:ns:xmpp-stanzas';
export const CLIENT = 'jabber:client';
export const SERVER = 'jabber:server';
/** XEP-0220: dialback. */
export const DIALBACK = 'jabber:server:dialback';
export type ContentNamespace = typeof CLIENT | typeof SERVER;
