import * as net from 'node:net';
import * as tls from 'node:tls';
import type { TransportListener } from '../ports/index.js';
import { NodeTransport } from './node-transport.js';

export { NodeTransport } from './node-transport.js';

/** A PEM private key and its certificate chain, for the end that answers a handshake. */
export interface TlsIdentity {
  readonly key: string | Buffer;
  readonly cert: string | Buffer;
}

/** How the end that starts a handshake checks the other. */
export interface TlsVerification {
  /** The name the certificate must carry; needed under STARTTLS, where it is the domain of the JID. */
  readonly servername?: string;
  /** PEM certificates to trust in place of the system's. */
  readonly ca?: string | Buffer;
  /** False accepts any certificate: for tests only. True by default. */
  readonly rejectUnauthorized?: boolean;
}

/** How long a client may take for the TLS handshake, in milliseconds. */
const HANDSHAKE_TIMEOUT = 10_000;

/**
 * Binds a connected TCP or TLS socket to the transport port; the socket is the transport's from now on.
 *
 * Writes of one turn of the event loop leave as one piece, in order, also ahead of `end`. Bytes that are not UTF-8 are never
 * shown to the listener: unless it has `malformed`, they close the connection at once, and `closed` gets an error whose `code` is
 * `ERR_ENCODING_INVALID_ENCODED_DATA` (RFC 6120 section 11.6; the host may log it as bad-format).
 */
export const fromSocket = (socket: net.Socket, listener: TransportListener): NodeTransport =>
  new NodeTransport(socket, () => listener);

/**
 * Goes over to TLS as the receiving entity. Call it right after `<proceed/>` was written, in the same turn as `<starttls/>`
 * was read. Bytes that come between the two are read as a handshake, which fails and closes the connection: no plaintext
 * from behind the upgrade reaches the listener (RFC 6120 section 5.4.3.3). What came in the same `data` call as
 * `<starttls/>` is already with the listener, which must drop it together with its parser.
 */
export const startTlsServer = (transport: NodeTransport, identity: TlsIdentity): void => {
  transport.upgrade((socket, { adopt, established }) => {
    const server = tls.createServer({ ...identity, handshakeTimeout: HANDSHAKE_TIMEOUT });
    server.on('secureConnection', (secured) => {
      adopt(secured);
      established();
    });
    server.on('tlsClientError', (error) => socket.destroy(error));
    server.emit('connection', socket);
  });
};

/** Goes over to TLS as the initiating entity, on `<proceed/>`. Nothing is written before the certificate is verified. */
export const startTlsClient = (transport: NodeTransport, verification: TlsVerification): void => {
  transport.upgrade((socket, { adopt, established }) => adopt(tls.connect({ socket, ...verification }, established)));
};

/** A listening port. */
export interface Listening {
  readonly host: string;
  /** The port in use, also when 0 was asked for. */
  readonly port: number;
  /** Stops accepting at once; resolves when the last connection is gone. The connections are the caller's to end. */
  close(): Promise<void>;
}

/**
 * Accepts connections; with `tls` each one starts with a handshake (direct TLS, XEP-0368).
 * @param onConnection gets a new transport, before any handshake, and returns who listens to it
 * @returns rejects when the port cannot be had
 */
export const listen = (
  options: { readonly host?: string; readonly port: number; readonly tls?: TlsIdentity },
  onConnection: (transport: NodeTransport) => TransportListener,
): Promise<Listening> => {
  const server = net.createServer((socket) => {
    const transport = new NodeTransport(socket, onConnection);
    if (options.tls !== undefined) startTlsServer(transport, options.tls);
  });
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(options.port, options.host ?? '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('not a TCP port'));
      else resolve({ host: address.address, port: address.port, close });
    });
  });
};

/**
 * Opens a connection; with `tls` the handshake comes first and the certificate is verified.
 * @returns rejects when that fails, and `listener` then hears nothing
 */
export const connect = (
  options: { readonly host: string; readonly port: number; readonly tls?: TlsVerification },
  listener: TransportListener,
): Promise<NodeTransport> =>
  new Promise((resolve, reject) => {
    const { host, port } = options;
    const ready = (): void => {
      socket.off('error', reject);
      resolve(fromSocket(socket, listener));
    };
    const socket = options.tls
      ? tls.connect({ host, port, ...options.tls }, ready)
      : net.connect({ host, port }, ready);
    socket.on('error', reject);
  });
