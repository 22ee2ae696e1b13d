/** XMPP over WebSocket at the host (RFC 7395). Loaded only where it is asked for: nothing else needs `ws`. */
import * as http from 'node:http';
import * as https from 'node:https';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Listening, TlsIdentity } from '../adapters/node-stream.js';
import { isLoopback } from '../adapters/node-transport.js';
import { fromWebSocket, SUBPROTOCOL } from '../adapters/websocket.js';
import type { Transport, TransportListener } from '../ports/index.js';

export const WEBSOCKET_PATH = '/xmpp-websocket';

/** Bytes of one message: a few stanzas of the greatest size that the parser takes, so that it is the parser who judges. */
const MAX_PAYLOAD = 1024 * 1024;
/** How long a client may take for the handshakes of TLS and of WebSocket, in milliseconds. */
const HANDSHAKE_TIMEOUT = 10_000;

export interface WebSocketListenOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: TlsIdentity;
  /** Seconds. */
  readonly pingInterval: number;
}

/**
 * Accepts WebSockets at one path, with the subprotocol `xmpp` and no other.
 * @returns rejects when the port cannot be had
 */
export const listenWebSocket = (
  options: WebSocketListenOptions,
  onConnection: (transport: Transport) => TransportListener,
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
    perMessageDeflate: false,
    clientTracking: false,
    verifyClient: ({ req }, answer) => answer(offered(req).includes(SUBPROTOCOL), 400, 'The subprotocol is xmpp'),
    handleProtocols: () => SUBPROTOCOL,
  });
  sockets.on('connection', (socket, request) => {
    fromWebSocket(socket, onConnection, { secure: tls !== undefined, loopback: isLoopback(request.socket) });
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

/** A client that has not answered a ping by the next one is gone (RFC 7395 section 3.8: white space may not be sent). */
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
