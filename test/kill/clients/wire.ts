/** What carries the stream of a raw client: a TCP connection or a WebSocket (RFC 7395). */
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import type { Carrier } from './client.js';

export interface Wire {
  /** The text that opens a stream to the domain. */
  header(domain: string): string;
  readonly footer: string;
  write(text: string): void;
  /** The connection is gone at once; the listener hears nothing more. */
  destroy(): void;
}

export interface WireListener {
  open(): void;
  text(text: string): void;
  /** Once, when the connection is lost or could not be made. */
  lost(): void;
}

export interface Place {
  readonly port: number;
  readonly path: string;
}

export const openWire = (carrier: Carrier, place: Place, listener: WireListener): Wire =>
  carrier === 'TCP' ? openTcp(place, listener) : openWebSocket(place, listener);

const FRAMING = "xmlns='urn:ietf:params:xml:ns:xmpp-framing'";

const openTcp = ({ port }: Place, listener: WireListener): Wire => {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  socket.setEncoding('utf8');
  socket.on('connect', () => listener.open());
  socket.on('data', (text: string) => listener.text(text));
  socket.on('error', () => {}); // `close` follows
  socket.on('close', () => listener.lost());
  return {
    header: (domain) =>
      `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='${domain}' version='1.0'>`,
    footer: '</stream:stream>',
    write: (text) => void socket.write(text),
    destroy() {
      socket.removeAllListeners();
      socket.on('error', () => {});
      socket.destroy();
    },
  };
};

const openWebSocket = ({ port, path }: Place, listener: WireListener): Wire => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, 'xmpp', { perMessageDeflate: false });
  socket.on('open', () => listener.open());
  socket.on('message', (data) => listener.text(data.toString()));
  socket.on('error', () => {}); // `close` follows
  socket.on('close', () => listener.lost());
  return {
    header: (domain) => `<open ${FRAMING} to='${domain}' version='1.0'/>`,
    footer: `<close ${FRAMING}/>`,
    write: (text) => socket.send(standingAlone(text), () => {}),
    destroy() {
      socket.removeAllListeners();
      socket.on('error', () => {});
      socket.terminate();
    },
  };
};

/** A frame inherits no namespace. */
const standingAlone = (text: string): string =>
  /^<(message|presence|iq)[ >/]/.test(text) ? text.replace(/^<\w+/, "$& xmlns='jabber:client'") : text;
