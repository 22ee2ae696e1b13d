import * as net from 'node:net';
import * as tls from 'node:tls';
import { check, checkFunction, checkNames, checkObject } from '../arguments/check.js';
import type { TransportListener } from '../ports/index.js';
import { checkHost, checkIdentity, checkListener, checkPort } from './arguments.js';
import { NodeTransport } from './node-transport.js';

export { isLoopback, NodeTransport } from './node-transport.js';

/** A PEM private key and its certificate chain, for the end that answers a TLS handshake. */
export interface TlsIdentity {
  readonly key: string | Buffer;
  readonly cert: string | Buffer;
}

/** The rules by which the end that starts a TLS handshake checks the other end. */
export interface TlsVerification {
  /** The name that the certificate must contain; STARTTLS needs it: the domain of the JID. */
  readonly servername?: string;
  /** PEM certificates to trust in place of the certificates of the system. */
  readonly ca?: string | Buffer;
  /** False accepts any certificate, for tests only. Default true. */
  readonly rejectUnauthorized?: boolean;
}

/** The longest time of a client's TLS handshake, in milliseconds. */
const HANDSHAKE_TIMEOUT = 10_000;

/**
 * Binds a connected TCP or TLS socket to the transport port; the transport then owns the socket.
 *
 * The writes of one turn of the event loop leave as one piece, in order, also before `end`. The listener never gets bytes that are
 * not UTF-8: without `malformed` such bytes close the connection at once, and `closed` gets an error whose `code` is
 * `ERR_ENCODING_INVALID_ENCODED_DATA` (RFC 6120 section 11.6; the host may log it as bad-format).
 *
 * @throws TypeError that names the argument
 */
export const fromSocket = (socket: net.Socket, listener: TransportListener): NodeTransport =>
  new NodeTransport(socket, () => listener);

/**
 * Changes to TLS as the receiving entity. Call it right after the write of `<proceed/>`, in the same turn that read
 * `<starttls/>`. Bytes after `<starttls/>` count as a handshake; plaintext fails as a handshake and closes the connection, so it
 * does not reach the listener (RFC 6120 section 5.4.3.3). The listener already has text that came in the same `data` call as
 * `<starttls/>`: it must drop this text together with its parser.
 *
 * @throws TypeError that names the argument
 */
export const startTlsServer = (transport: NodeTransport, identity: TlsIdentity): void => {
  checkTransport(transport);
  checkIdentity('identity', identity);
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

/**
 * Changes to TLS as the initiating entity, after `<proceed/>`. The transport writes no text before it has verified the certificate.
 *
 * @throws TypeError that names the argument
 */
export const startTlsClient = (transport: NodeTransport, verification: TlsVerification): void => {
  checkTransport(transport);
  checkObject('verification', verification);
  transport.upgrade((socket, { adopt, established }) => adopt(tls.connect({ socket, ...verification }, established)));
};

/** A listening port. */
export interface Listening {
  readonly host: string;
  /** The port in use, also when the caller asked for port 0. */
  readonly port: number;
  /** Stops accepting at once; resolves when the last connection is gone. The caller must end the connections. */
  close(): Promise<void>;
}

/**
 * Accepts connections; with `tls` each connection starts with a handshake (direct TLS, XEP-0368).
 * @param onConnection gets a new transport, before any handshake, and returns its listener
 * @returns rejects when the port cannot be opened, and with a TypeError that names a wrong argument
 */
export const listen = async (
  options: { readonly host?: string; readonly port: number; readonly tls?: TlsIdentity },
  onConnection: (transport: NodeTransport) => TransportListener,
): Promise<Listening> => {
  checkNames('options', options, { host: true, port: true, tls: true });
  if (options.host !== undefined) checkHost(options.host);
  checkPort(options.port);
  if (options.tls !== undefined) checkIdentity('options.tls', options.tls);
  checkFunction('onConnection', onConnection);
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
 * Opens a connection; with `tls` it first makes the handshake and verifies the certificate.
 * @returns rejects when this fails, and with a TypeError that names a wrong argument; `listener` gets no call then
 */
export const connect = async (
  options: { readonly host: string; readonly port: number; readonly tls?: TlsVerification },
  listener: TransportListener,
): Promise<NodeTransport> => {
  checkNames('options', options, { host: true, port: true, tls: true });
  const { host, port } = options;
  checkHost(host);
  checkPort(port);
  if (options.tls !== undefined) checkObject('options.tls', options.tls);
  checkListener(listener);
  return new Promise((resolve, reject) => {
    const ready = (): void => {
      socket.off('error', reject);
      resolve(fromSocket(socket, listener));
    };
    const socket = options.tls
      ? tls.connect({ host, port, ...options.tls }, ready)
      : net.connect({ host, port }, ready);
    socket.on('error', reject);
  });
};

const checkTransport = (transport: NodeTransport): void =>
  check(transport instanceof NodeTransport, 'transport', 'a NodeTransport', transport);
