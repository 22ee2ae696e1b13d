/** What carries a raw client's bytes: TCP, or a WebSocket that looks like TCP to it. */
import * as net from 'node:net';
import * as tls from 'node:tls';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { isRight } from '../../src/index.js';
import { parseElement, tcpFraming, webSocketFraming } from '../../src/xml.js';

export interface Wire {
  write(bytes: string | Uint8Array): void;
  /** Ends with FIN. */
  fin(): void;
  /** Ends with RST, or under TLS at once. */
  reset(): void;
  /** Reads no more. */
  deaf(): void;
  /** Goes over to TLS; resolves when the handshake is done. */
  startTls(): Promise<void>;
}

export interface WireListener {
  data(text: string): void;
  ended(how: 'fin' | 'rst'): void;
}

export const connectTcp = async (port: number, secure: boolean, listener: WireListener): Promise<Wire> => {
  const to = { host: '127.0.0.1', port };
  let socket = secure ? tls.connect({ ...to, rejectUnauthorized: false }) : net.connect({ ...to, noDelay: true });
  const watch = (): void => {
    const decoder = new TextDecoder();
    socket.on('data', (bytes) => listener.data(decoder.decode(bytes, { stream: true })));
    socket.on('end', () => listener.ended('fin'));
    socket.on('error', () => listener.ended('rst'));
    socket.on('close', () => listener.ended('rst'));
  };
  watch();
  await connected(socket, secure ? 'secureConnect' : 'connect');
  return {
    write: (bytes) => void socket.write(bytes),
    fin: () => void socket.end(),
    reset() {
      if (socket instanceof tls.TLSSocket) socket.destroy();
      else socket.resetAndDestroy();
    },
    deaf: () => void socket.pause(),
    async startTls() {
      socket.removeAllListeners();
      const secured = tls.connect({ socket, rejectUnauthorized: false });
      socket = secured;
      watch();
      await connected(secured, 'secureConnect');
    },
  };
};

/**
 * What is written is cut into elements, a message each; the first part of one that its client leaves unfinished goes as a
 * fragment. What comes has to be one document a message, and is shown as it would come on TCP.
 */
export const connectWebSocket = async (port: number, listener: WireListener): Promise<Wire> => {
  const socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
  const createConnection = (): net.Socket => socket;
  const webSocket = new WebSocket(`ws://127.0.0.1:${port}/xmpp-websocket`, 'xmpp', { createConnection });
  let unfinished = '';
  webSocket.on('message', (bytes, isBinary) => {
    expect(isBinary).toBe(false);
    listener.data(asOnTcp(String(bytes)));
  });
  webSocket.on('error', () => {});
  webSocket.on('close', (code) => listener.ended(code === ABNORMAL ? 'rst' : 'fin'));
  await new Promise((resolve, reject) => webSocket.once('open', resolve).once('error', reject));
  return {
    write(bytes) {
      if (typeof bytes !== 'string') {
        webSocket.send(bytes);
        return;
      }
      const { messages, rest } = messagesIn(unfinished + bytes);
      unfinished = rest;
      for (const message of messages) webSocket.send(message);
    },
    fin() {
      if (unfinished !== '') webSocket.send(unfinished, { fin: false });
      socket.end();
    },
    reset: () => void socket.resetAndDestroy(),
    deaf: () => webSocket.pause(),
    startTls: () => expect.fail('there is no STARTTLS on a WebSocket'),
  };
};

/** Its status code when there was no closing handshake. */
const ABNORMAL = 1006;
const FRAMING = "xmlns='urn:ietf:params:xml:ns:xmpp-framing'";
const UNLIMITED = { maxStanzaBytes: 1e9, maxDepth: 1e9, maxAttributes: 1e9 };

const connected = (socket: net.Socket, event: string): Promise<void> =>
  new Promise((resolve, reject) => socket.once(event, resolve).once('error', reject));

const asOnTcp = (message: string): string => {
  expect(isRight(parseElement(message, UNLIMITED)), message).toBe(true);
  if (message === webSocketFraming.footer) return tcpFraming.footer;
  if (message.startsWith(`<open ${FRAMING}`))
    return tcpFraming.header({}).slice(0, -1) + message.slice(`<open ${FRAMING}`.length).replace(/\/>$/, '>');
  return message
    .replace(/^(<stream:\w+) xmlns:stream='[^']+'/, '$1')
    .replace(/^(<(?:message|presence|iq)) xmlns='jabber:client'/, '$1');
};

/** The elements of a piece of a stream, as messages, and what is left of it. */
const messagesIn = (text: string): { messages: readonly string[]; rest: string } => {
  const messages: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const end = index + token.length;
    if (depth === 0) start = index;
    if (token.startsWith('<stream:stream')) messages.push(openOf(token));
    else if (token === tcpFraming.footer) messages.push(webSocketFraming.footer);
    else if (depth === 0 && (token.trim() === '' || token.startsWith('<?xml '))) start = end;
    else {
      if (token.startsWith('</')) depth -= 1;
      else if (/^<[^!?]/.test(token) && !token.endsWith('/>')) depth += 1;
      if (depth === 0) messages.push(webSocketFraming.frame(text.slice(start, end)));
    }
    if (depth === 0) start = end;
  }
  return { messages, rest: text.slice(start) };
};

const openOf = (header: string): string =>
  `<open ${FRAMING}${header.slice('<stream:stream'.length, -1).replace(/\sxmlns(:\w+)?='[^']*'/g, '')}/>`;

const TOKEN =
  /<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<(?:[^>"'!?]|"[^"]*"|'[^']*')(?:[^>"']|"[^"]*"|'[^']*')*>|[^<]+/gsy;
