/**
 * The framing of a stream on its transport: on TCP one long document (RFC 6120 section 4), on WebSocket one document in each
 * message (RFC 7395 section 3.3).
 */
import { escapeXml } from './escape.js';
import { createFramedParser } from './framed-parser.js';
import { CLIENT, DIALBACK, FRAMING, SERVER, STREAMS } from './names.js';
import { standingAlone } from './standing-alone.js';
import {
  createStreamParser,
  type StreamListener,
  type StreamParser,
  type StreamParserOptions,
} from './stream-parser.js';

/** Each result of `header`, `footer` and `frame` is one piece to write: on WebSocket one message. */
export interface Framing {
  /** Opens a stream with these attributes, in this order. Its content namespace is `jabber:client`, or `jabber:server` between servers. */
  header(attributes: Readonly<Record<string, string>>): string;
  /** Closes the stream. */
  readonly footer: string;
  /** Frames one child of the stream root; the header declares the prefix `stream`. */
  frame(element: string): string;
  /** On WebSocket each `write` gets one whole message. */
  createParser(options: StreamParserOptions, listener: StreamListener): StreamParser;
}

/** A stream of `jabber:client` over TCP: one long document (RFC 6120 section 4). */
export const tcpFraming: Framing = {
  header: (attributes) => rootOf({ xmlns: CLIENT, 'xmlns:stream': STREAMS, ...attributes }),
  footer: '</stream:stream>',
  frame: (element) => element,
  createParser: createStreamParser,
};

/** Between servers: a stream of `jabber:server` over TCP, which declares the prefix `db` for dialback (XEP-0220). */
export const serverFraming: Framing = {
  ...tcpFraming,
  header: (attributes) => rootOf({ xmlns: SERVER, 'xmlns:stream': STREAMS, 'xmlns:db': DIALBACK, ...attributes }),
};

/** A stream over WebSocket: `<open/>` and `<close/>`, each element a message that declares its own namespaces (RFC 7395). */
export const webSocketFraming: Framing = {
  header: (attributes) => `<open xmlns='${FRAMING}'${written(attributes)}/>`,
  footer: `<close xmlns='${FRAMING}'/>`,
  frame: standingAlone,
  createParser: createFramedParser,
};

const rootOf = (attributes: Readonly<Record<string, string>>): string =>
  `<?xml version='1.0'?><stream:stream${written(attributes)}>`;

const written = (attributes: Readonly<Record<string, string>>): string =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}='${escapeXml(value)}'`)
    .join('');
