import * as net from 'node:net';
import * as tls from 'node:tls';
import { TextDecoder } from 'node:util';
import type { Transport, TransportListener } from '../ports/transport.js';

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

/** Text a peer does not take, in UTF-16 code units, before its connection counts as dead: it bounds what we hold. */
const MAX_UNSENT = 16 * 1024 * 1024;
/** How long `end` waits for the peer, in milliseconds. */
const END_GRACE = 2_000;
/** How long a client may take for the TLS handshake, in milliseconds. */
const HANDSHAKE_TIMEOUT = 10_000;
/** When the kernel starts to probe a silent connection, in milliseconds. */
const KEEP_ALIVE = 60_000;

/**
 * Binds a connected TCP or TLS socket to the transport port; the socket is the transport's from now on.
 *
 * Writes of one turn of the event loop leave as one piece, in order, also ahead of `end`. Bytes that are not UTF-8 are never
 * shown to the listener: they close the connection at once, and `closed` gets an error whose `code` is
 * `ERR_ENCODING_INVALID_ENCODED_DATA` (RFC 6120 section 11.6; the host may log it as bad-format).
 */
export function fromSocket(socket: net.Socket, listener: TransportListener): NodeTransport {
  return new NodeTransport(socket, () => listener);
}

/**
 * Goes over to TLS as the receiving entity. Call it right after `<proceed/>` was written, in the same turn as `<starttls/>`
 * was read. Bytes that come between the two are read as a handshake, which fails and closes the connection: no plaintext
 * from behind the upgrade reaches the listener (RFC 6120 section 5.4.3.3). What came in the same `data` call as
 * `<starttls/>` is already with the listener, which must drop it together with its parser.
 */
export function startTlsServer(transport: NodeTransport, identity: TlsIdentity): void {
  transport.upgrade((socket, done) => {
    const server = tls.createServer({ ...identity, handshakeTimeout: HANDSHAKE_TIMEOUT });
    server.on('secureConnection', done);
    server.on('tlsClientError', (error) => socket.destroy(error));
    server.emit('connection', socket);
  });
}

/** Goes over to TLS as the initiating entity, on `<proceed/>`. Nothing is written before the certificate is verified. */
export function startTlsClient(transport: NodeTransport, verification: TlsVerification): void {
  transport.upgrade((socket, done) => {
    const secured = tls.connect({ socket, ...verification }, () => done(secured));
    secured.on('error', (error) => socket.destroy(error));
  });
}

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
 * @param onConnection gets a new transport and returns who listens to it
 * @returns rejects when the port cannot be had
 */
export function listen(
  options: { readonly host?: string; readonly port: number; readonly tls?: TlsIdentity },
  onConnection: (transport: NodeTransport) => TransportListener,
): Promise<Listening> {
  const accept = (socket: net.Socket): void => void new NodeTransport(socket, onConnection);
  const server = options.tls
    ? tls.createServer({ ...options.tls, handshakeTimeout: HANDSHAKE_TIMEOUT }, accept)
    : net.createServer(accept);
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(options.port, options.host ?? '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('not a TCP port'));
      else resolve({ host: address.address, port: address.port, close });
    });
  });
}

/**
 * Opens a connection; with `tls` the handshake comes first and the certificate is verified.
 * @returns rejects when that fails, and `listener` then hears nothing
 */
export function connect(
  options: { readonly host: string; readonly port: number; readonly tls?: TlsVerification },
  listener: TransportListener,
): Promise<NodeTransport> {
  return new Promise((resolve, reject) => {
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
}

/** A transport over one socket; STARTTLS puts a TLS socket in its place. Made by the functions above. */
export class NodeTransport implements Transport {
  readonly loopback: boolean;
  #socket: net.Socket;
  readonly #listener: TransportListener;
  #decoder = utf8();
  #unsent = '';
  #handshaking = false;
  #state: 'open' | 'ending' | 'destroyed' | 'closed' = 'open';
  #reason: Error | undefined;

  constructor(socket: net.Socket, listen: (transport: NodeTransport) => TransportListener) {
    this.#socket = socket;
    this.loopback = isLoopback(socket);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE);
    this.#listener = listen(this);
    this.#watch(socket);
  }

  get secure(): boolean {
    return this.#socket instanceof tls.TLSSocket && !this.#handshaking;
  }

  write(text: string): void {
    if (this.#state !== 'open') return;
    if (this.#unsent === '') queueMicrotask(() => this.#flush());
    this.#unsent += text;
    if (this.#unsent.length + this.#socket.writableLength > MAX_UNSENT) {
      this.#fail(new Error('the peer does not take what is sent'));
    }
  }

  end(): void {
    if (this.#state !== 'open') return;
    this.#flush();
    this.#state = 'ending';
    if (!this.#handshaking) this.#socket.end();
    setTimeout(() => this.destroy(), END_GRACE).unref();
  }

  destroy(): void {
    if (this.#state === 'destroyed' || this.#state === 'closed') return;
    this.#state = 'destroyed';
    // A reset also frees what the kernel would go on sending to a dead peer; under TLS Node has no such call.
    if (this.#handshaking || this.#socket instanceof tls.TLSSocket) this.#socket.destroy();
    else this.#socket.resetAndDestroy();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Sends what is queued, then gives the socket to `handshake`, which calls `done` with the one to use from then on. */
  upgrade(handshake: (socket: net.Socket, done: (secured: tls.TLSSocket) => void) => void): void {
    if (this.#state !== 'open') return;
    this.#flush();
    this.#handshaking = true;
    this.#decoder = utf8();
    const plain = this.#socket;
    plain.removeAllListeners('data');
    plain.pause();
    handshake(plain, (secured) => {
      this.#socket = secured;
      this.#handshaking = false;
      this.#watch(secured);
      this.#flush();
      if (this.#state === 'ending') secured.end();
      if (this.#state === 'destroyed') secured.destroy();
    });
  }

  #flush(): void {
    if (this.#handshaking || this.#unsent === '') return;
    const text = this.#unsent;
    this.#unsent = '';
    if (this.#socket.writable) this.#socket.write(text);
  }

  /** The listeners stay for the life of the socket: an error that comes after `destroy` must have somewhere to go. */
  #watch(socket: net.Socket): void {
    socket.on('error', (error) => {
      this.#reason ??= error;
    });
    socket.on('close', () => this.#closed());
    socket.on('data', (bytes: Buffer) => this.#data(bytes));
  }

  #data(bytes: Buffer): void {
    if (this.#state === 'destroyed' || this.#state === 'closed') return;
    const text = this.#decode(bytes);
    if (text !== '') this.#listener.data(text);
  }

  #decode(bytes: Buffer): string {
    try {
      return this.#decoder.decode(bytes, { stream: true });
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error('malformed UTF-8'));
      return '';
    }
  }

  #fail(reason: Error): void {
    this.#reason ??= reason;
    this.destroy();
  }

  #closed(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#unsent = '';
    this.#listener.closed(this.#reason);
  }
}

function utf8(): TextDecoder {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
}

function isLoopback({ localAddress, remoteAddress = '' }: net.Socket): boolean {
  return remoteAddress === localAddress || /^(::ffff:)?127\.|^::1$/.test(remoteAddress);
}
