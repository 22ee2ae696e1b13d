import type * as net from 'node:net';
import * as tls from 'node:tls';
import { TextDecoder } from 'node:util';
import { checkMethods, checkObject } from '../arguments/check.js';
import type { Transport, TransportListener } from '../ports/index.js';
import { checkListener } from './arguments.js';

/** The limit of unsent text, in UTF-16 code units: above it the connection counts as dead. It bounds our memory. */
const MAX_UNSENT = 16 * 1024 * 1024;
/** Above this amount of unsent text the transport is full, in UTF-16 code units. */
const FULL = 256 * 1024;
/** How long `end` waits for the peer, in milliseconds. */
const END_GRACE = 2_000;
/** The size of the read buffer in bytes: after a read of this size, more bytes are probably waiting. */
const FULL_READ = 64 * 1024;
/** The silence after which the kernel starts to probe a connection, in milliseconds. */
const KEEP_ALIVE = 60_000;

/** The callbacks by which a handshake reports to the transport. */
export interface Upgrade {
  adopt(secured: tls.TLSSocket): void;
  established(): void;
}

/** A transport over one socket; STARTTLS puts a TLS socket in its place. The functions of node.ts make it. */
export class NodeTransport implements Transport {
  readonly loopback: boolean;
  #socket: net.Socket;
  readonly #listener: TransportListener;
  #decoder = utf8();
  #unsent = '';
  /** The listener has not learnt yet that there is room again. */
  #wasFull = false;
  #handshaking = false;
  #paused = false;
  #state: 'open' | 'ending' | 'destroyed' | 'closed' = 'open';
  #reason: Error | undefined;
  #grace: NodeJS.Timeout | undefined;

  constructor(socket: net.Socket, listen: (transport: NodeTransport) => TransportListener) {
    checkMethods('socket', socket, ['on', 'write', 'end', 'destroy', 'pause', 'resume', 'setNoDelay', 'setKeepAlive']);
    this.#socket = socket;
    this.loopback = isLoopback(socket);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE);
    this.#listener = listen(this);
    checkListener(this.#listener);
    this.#watch(socket);
  }

  get secure(): boolean {
    return this.#socket instanceof tls.TLSSocket && !this.#handshaking;
  }

  /** More than 256 KiB wait to be sent. */
  get isFull(): boolean {
    return this.#unsent.length + this.#socket.writableLength > FULL;
  }

  /** Queues text for the wire; the text of one turn leaves as one piece. More than 16 MiB unsent closes the connection. */
  write(text: string): void {
    if (this.#state !== 'open') return;
    if (this.#unsent === '') queueMicrotask(() => this.#flush());
    this.#unsent += text;
    this.#wasFull ||= this.isFull;
    if (this.#unsent.length + this.#socket.writableLength > MAX_UNSENT) {
      this.#fail(new Error('the peer does not take what is sent'));
    }
  }

  /** Sends the queued text, then closes; destroys the connection when the peer does not close within 2 seconds. */
  end(): void {
    if (this.#state !== 'open') return;
    this.#flush();
    this.#state = 'ending';
    if (!this.#handshaking) this.#socket.end();
    this.#grace = setTimeout(() => this.destroy(), END_GRACE).unref();
  }

  /** Drops the connection and the queued text at once: TCP ends with a reset. */
  destroy(): void {
    if (this.#state === 'destroyed' || this.#state === 'closed') return;
    this.#state = 'destroyed';
    // A reset also drops the data that the kernel still sends to a dead peer. Node cannot reset a TLS socket.
    if (this.#handshaking || this.#socket instanceof tls.TLSSocket) this.#socket.destroy();
    else this.#socket.resetAndDestroy();
  }

  /** Stops reading: the kernel then slows the peer down. */
  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  /** Starts reading again. */
  resume(): void {
    this.#paused = false;
    this.#socket.resume();
  }

  /**
   * Sends the queued text, then gives the socket to `handshake`. The handshake calls `adopt` as soon as it has the TLS socket,
   * and `established` when the transport may write again.
   */
  upgrade(handshake: (socket: net.Socket, then: Upgrade) => void): void {
    if (this.#state !== 'open') return;
    this.#flush();
    this.#handshaking = true;
    this.#decoder = utf8();
    const plain = this.#socket;
    plain.removeAllListeners('data');
    plain.pause();
    handshake(plain, {
      adopt: (secured) => {
        this.#socket = secured;
        this.#watch(secured);
      },
      established: () => {
        this.#handshaking = false;
        this.#flush();
        if (this.#state === 'ending') this.#socket.end();
      },
    });
  }

  #flush(): void {
    if (this.#handshaking || this.#unsent === '') return;
    const text = this.#unsent;
    this.#unsent = '';
    if (!this.#socket.writable) return;
    if (this.#wasFull) this.#socket.write(text, () => this.#drained());
    else this.#socket.write(text);
  }

  #drained(): void {
    if (!this.#wasFull || this.isFull || this.#state !== 'open') return;
    this.#wasFull = false;
    this.#listener.drained?.();
  }

  /** The listeners stay for the life of the socket, because an error after `destroy` needs a listener. */
  #watch(socket: net.Socket): void {
    socket.on('error', (error) => {
      this.#reason ??= error;
    });
    socket.on('close', () => this.#closed(socket));
    socket.on('data', (bytes: Buffer) => this.#data(bytes));
  }

  #data(bytes: Buffer): void {
    if (this.#state === 'destroyed' || this.#state === 'closed') return;
    const text = this.#decode(bytes);
    if (text !== '') this.#listener.data(text);
    if (bytes.length >= FULL_READ) this.#giveWay();
  }

  /** Pauses a peer that sends without a break, so that other connections are read too: they may carry acks of its stanzas. */
  #giveWay(): void {
    const socket = this.#socket;
    if (this.#paused || this.#handshaking) return;
    socket.pause();
    setImmediate(() => {
      if (!this.#paused && socket === this.#socket) socket.resume();
    });
  }

  #decode(bytes: Buffer): string {
    try {
      return this.#decoder.decode(bytes, { stream: true });
    } catch (error) {
      const reason = error instanceof Error ? error : new Error('malformed UTF-8');
      if (this.#listener.malformed === undefined) this.#fail(reason);
      else this.#listener.malformed(reason);
      return '';
    }
  }

  #fail(reason: Error): void {
    this.#reason ??= reason;
    this.destroy();
  }

  /** Ignores the socket under TLS, which closes first and knows less about the reason. */
  #closed(socket: net.Socket): void {
    if (this.#state === 'closed' || socket !== this.#socket) return;
    this.#state = 'closed';
    clearTimeout(this.#grace);
    this.#unsent = '';
    this.#listener.closed(this.#reason);
  }
}

const utf8 = (): TextDecoder => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether both ends of a connected socket are on this machine. @throws TypeError when the argument is not an object */
export const isLoopback = (socket: net.Socket): boolean => {
  checkObject('socket', socket);
  const { localAddress, remoteAddress = '' } = socket;
  return remoteAddress === localAddress || /^(::ffff:)?127\.|^::1$/.test(remoteAddress);
};
