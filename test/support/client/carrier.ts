/** What carries a client's stream: TCP, with TLS from the start or on the way, or a WebSocket. */
import { WebSocket } from 'ws';
import type { Transport, TransportListener } from '../../../src/ports/index.js';
import { connect, startTlsClient, type TlsVerification } from '../../../src/transports/node.js';
import { fromWebSocket, SUBPROTOCOL } from '../../../src/transports/websocket.js';
import { type Framing, tcpFraming, webSocketFraming } from '../../../src/xml.js';

export interface Carrier {
  readonly framing: Framing;
  /** @returns rejects when that fails, and `listener` then hears nothing */
  open(listener: TransportListener): Promise<Carried>;
}

export interface Carried {
  readonly transport: Transport;
  /** Where the stream begins in the clear and goes over to TLS. */
  readonly startTls?: () => void;
}

const HOST = '127.0.0.1';

export const tcp = (port: number): Carrier => ({
  framing: tcpFraming,
  open: async (listener) => ({ transport: await connect({ host: HOST, port }, listener) }),
});

export const startTls = (port: number, tls: TlsVerification): Carrier => ({
  framing: tcpFraming,
  async open(listener) {
    const transport = await connect({ host: HOST, port }, listener);
    return { transport, startTls: () => startTlsClient(transport, tls) };
  },
});

export const directTls = (port: number, tls: TlsVerification): Carrier => ({
  framing: tcpFraming,
  open: async (listener) => ({ transport: await connect({ host: HOST, port, tls }, listener) }),
});

export const webSocket = (port: number, path: string): Carrier => ({
  framing: webSocketFraming,
  open: (listener) =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://${HOST}:${port}${path}`, SUBPROTOCOL);
      socket.once('error', reject);
      socket.once('open', () => resolve({ transport: fromWebSocket(socket, () => listener) }));
    }),
});
