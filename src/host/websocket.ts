/** XMPP over WebSocket at the host (RFC 7395). Only this file needs `ws`: `load-websocket.ts` loads it when the host needs it. */
import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import {
  isLoopback,
  type Listening,
  type TlsIdentity,
  type Transport,
  type TransportListener,
} from '../transport-node.js';
import { fromWebSocket, SUBPROTOCOL } from '../transport-websocket.js';
import { limitUnread } from './unread-limit.js';

export const WEBSOCKET_PATH = '/xmpp-websocket';

/** Bytes of one message: a few stanzas of the greatest size that the parser takes, so that the parser checks the size. */
const MAX_PAYLOAD = 1024 * 1024;
/** The most frames of one message, and the most TCP chunks: each costs far more than a byte. */
const MAX_FRAGMENTS = 128;
const MAX_PIECES = 4096;
/** Milliseconds that a client may take for the handshakes of TLS and of WebSocket. */
const HANDSHAKE_TIMEOUT = 10_000;

export interface WebSocketListenOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: TlsIdentity;
  /** Seconds. */
  readonly pingInterval: number;
  /** Connections that may be at their handshakes, of TLS and of WebSocket; a further one is dropped at once. */
  readonly maxHandshakes: number;
}

/**
 * Accepts WebSockets at one path, with the subprotocol `xmpp` and no other.
 * @param onConnection calls `trusted` when the client has authenticated: before that, only a small message is accepted
 * @returns rejects when the port is not available
 */
export const listenWebSocket = (
  options: WebSocketListenOptions,
  onConnection: (transport: Transport, trusted: () => void) => TransportListener,
): Promise<Listening> => {
  const timeouts = { headersTimeout: HANDSHAKE_TIMEOUT, connectionsCheckingInterval: HANDSHAKE_TIMEOUT / 2 };
  const { tls } = options;
  const server = tls
    ? https.createServer({ ...tls, ...timeouts, handshakeTimeout: HANDSHAKE_TIMEOUT }, upgradeRequired)
    : http.createServer(timeouts, upgradeRequired);
  const sockets = new WebSocketServer({
    server,
    path: WEBSOCKET_PATH,
    maxPayload: MAX_PAYLOAD,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_PIECES,
    perMessageDeflate: false,
    clientTracking: false,
    verifyClient: ({ req }, answer) => answer(offered(req).includes(SUBPROTOCOL), 400, 'The subprotocol is xmpp'),
    handleProtocols: () => SUBPROTOCOL,
  });
  const handshaken = limitHandshakes(server, options.maxHandshakes);
  sockets.on('connection', (socket, { socket: under }) => {
    handshaken(under);
    const listen = (transport: Transport): TransportListener => {
      const trusted = limitUnread(socket, under, () => {
        // Nothing more is read.
        transport.pause();
        listener.malformed?.(new RangeError('a message too long'));
      });
      const listener = onConnection(transport, trusted);
      return listener;
    };
    fromWebSocket(socket, listen, { secure: tls !== undefined, loopback: isLoopback(under) });
    keepAlive(socket, options.pingInterval * 1000);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return new Promise((resolve, reject) => {
    sockets.on('error', reject);
    server.listen(options.port, options.host, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('not a TCP port'));
      else resolve({ host: address.address, port: address.port, close });
    });
  });
};

/** @returns to be called with a socket that has become a WebSocket */
const limitHandshakes = (server: http.Server | https.Server, most: number): ((socket: Socket) => void) => {
  const busy = new Set<string>();
  // The socket of a request may be a TLS socket, which is not the same object as the accepted socket.
  const nameOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;
  server.on('connection', (socket: Socket) => {
    const name = nameOf(socket);
    if (busy.size >= most) socket.destroy();
    else busy.add(name);
    socket.once('close', () => busy.delete(name));
  });
  return (socket) => busy.delete(nameOf(socket));
};

/** A client that has not answered a ping by the next ping is gone. RFC 7395 section 3.8 forbids white space for this. */
const keepAlive = (socket: WebSocket, interval: number): void => {
  let answered = true;
  const pinging = setInterval(() => {
    if (!answered) socket.terminate();
    else if (socket.readyState === socket.OPEN) socket.ping();
    answered = false;
  }, interval).unref();
  socket.on('pong', () => {
    answered = true;
  });
  socket.on('close', () => clearInterval(pinging));
};

const offered = ({ headers }: http.IncomingMessage): readonly string[] =>
  (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());

const upgradeRequired: http.RequestListener = (_request, response) => {
  response.writeHead(426, { Upgrade: 'websocket', Connection: 'close' }).end();
};
