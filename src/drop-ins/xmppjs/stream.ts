/**
 * One XMPP stream as the session sees it: from the connection to its loss. Stream restarts, and the socket that STARTTLS puts in
 * place of another, belong to the same link.
 */
import type { Clock } from '../../ports/index.js';
import type { LinkHandle, Stream } from '../../session/running-session.js';
import type { Carried } from '../../session/sasl2.js';
import { type Element, standingAlone } from '../../xml.js';
import type { Entity } from './entity.js';

export class XmppStream implements Stream {
  handle: LinkHandle | undefined;
  /** Whether the server offers stream management here. */
  offered = false;
  /** What the login is to carry, if the server takes it there. */
  carried: Carried = {};
  /** What it does carry. */
  given: { readonly [name in keyof Carried]?: Element } = {};
  /** The resource came with the login. */
  isBound = false;

  readonly #sockets = new Set<unknown>();
  #state: 'open' | 'closing' | 'gone' = 'open';
  #isLeft = false;
  #stopWaiting = (): void => {};

  /** @param wrote told of everything that goes out */
  constructor(
    readonly entity: Entity,
    readonly clock: Clock,
    readonly wrote: (xml: string) => void,
  ) {}

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  write(xml: string): void {
    if (this.#state !== 'open') return;
    // As a WebSocket needs it, and TCP does not mind. What fails here is noticed as a lost link, and then sent again.
    this.entity.write(standingAlone(xml)).catch(() => {});
    this.wrote(xml);
  }

  carry(xml: string, nonza: string): void {
    this.carried = { ...this.carried, [nonza]: xml };
  }

  /** Closes the stream the way xmpp.js does, unless it is at it; a peer that does not play along is not waited for. */
  close(): void {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#stopWaiting = this.clock.at(this.clock.now() + 2 * this.entity.timeout, () => this.destroy());
    queueMicrotask(() => {
      if (!this.#isLeft) this.entity.disconnect().catch(() => {});
    });
  }

  /** Not politely: that would wait for the peer (a write that is never flushed, a close that is never answered). */
  destroy(reason = new Error('the link is dead')): void {
    if (this.#state === 'gone') return;
    this.entity._detachSocket();
    this.entity._status('disconnect', { clean: false, reason });
  }

  /** xmpp.js has begun to close the stream. */
  left(): void {
    this.#isLeft = true;
  }

  /** Keeps a socket's late errors from being uncaught exceptions: xmpp.js takes its own listener off too early. */
  guard(socket: unknown): void {
    if (!isEmitter(socket) || this.#sockets.has(socket)) return;
    this.#sockets.add(socket);
    socket.on('error', () => {});
  }

  /** The connection is over, or was given up. */
  gone(): void {
    this.#state = 'gone';
    this.#stopWaiting();
    for (const socket of this.#sockets) destroySocket(socket);
    this.handle?.lost();
  }
}

interface Emitter {
  on(event: string, listener: () => void): unknown;
}

const isEmitter = (socket: unknown): socket is Emitter =>
  typeof socket === 'object' && socket !== null && 'on' in socket && typeof socket.on === 'function';

/** A TCP socket is xmpp.js' own; a TLS socket or a WebSocket is inside of what it calls a socket. */
export const destroySocket = (socket: unknown, reason?: Error): void => {
  if (typeof socket !== 'object' || socket === null) return;
  if ('destroy' in socket && typeof socket.destroy === 'function') socket.destroy(reason);
  else if ('socket' in socket) destroySocket(socket.socket, reason);
  else if ('terminate' in socket && typeof socket.terminate === 'function') socket.terminate();
  else if ('close' in socket && typeof socket.close === 'function') socket.close();
};
