/**
 * One link of the session: from the connection to its loss. Stream restarts, and the new socket after STARTTLS, belong to the
 * same link.
 */
import type { Clock } from '../../ports/index.js';
import type { LinkHandle, Stream } from '../../session/running-session.js';
import type { Carried } from '../../session/sasl2.js';
import { type Element, standingAlone } from '../../xml.js';
import type { Entity } from './entity.js';

export class XmppStream implements Stream {
  handle: LinkHandle | undefined;
  /** Whether the server offers stream management on this stream. */
  offered = false;
  /** The elements for the login to carry, if the server accepts them there. */
  carried: Carried = {};
  /** The elements that the login really carries. */
  given: { readonly [name in keyof Carried]?: Element } = {};
  /** True when the login bound the resource. */
  isBound = false;

  readonly #sockets = new Set<unknown>();
  #state: 'open' | 'closing' | 'gone' = 'open';
  #isLeft = false;
  #stopWaiting = (): void => {};

  /** @param wrote gets every text that the stream writes */
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
    // WebSocket needs this form, and TCP accepts it. After a failed write the link is lost, and the session sends the stanza again.
    this.entity.write(standingAlone(xml)).catch(() => {});
    this.wrote(xml);
  }

  carry(xml: string, nonza: string): void {
    this.carried = { ...this.carried, [nonza]: xml };
  }

  /** Closes the stream with xmpp.js, unless xmpp.js already closes it; drops the connection when the peer does not answer in time. */
  close(): void {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#stopWaiting = this.clock.at(this.clock.now() + 2 * this.entity.timeout, () => this.destroy());
    queueMicrotask(() => {
      if (!this.#isLeft) this.entity.disconnect().catch(() => {});
    });
  }

  /** Drops the connection without a stream close, which could wait for the peer without end. */
  destroy(reason = new Error('the link is dead')): void {
    if (this.#state === 'gone') return;
    this.entity._detachSocket();
    this.entity._status('disconnect', { clean: false, reason });
  }

  /** xmpp.js has begun to close the stream. */
  left(): void {
    this.#isLeft = true;
  }

  /** Catches late errors of a socket, which would be uncaught exceptions: xmpp.js removes its own listener too early. */
  guard(socket: unknown): void {
    if (!isEmitter(socket) || this.#sockets.has(socket)) return;
    this.#sockets.add(socket);
    socket.on('error', () => {});
  }

  /** The connection is lost, or the adapter dropped it. */
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

/** Destroys a socket of xmpp.js: a TCP socket itself, or the TLS socket or WebSocket inside xmpp.js' own socket object. */
export const destroySocket = (socket: unknown, reason?: Error): void => {
  if (typeof socket !== 'object' || socket === null) return;
  if ('destroy' in socket && typeof socket.destroy === 'function') socket.destroy(reason);
  else if ('socket' in socket) destroySocket(socket.socket, reason);
  else if ('terminate' in socket && typeof socket.terminate === 'function') socket.terminate();
  else if ('close' in socket && typeof socket.close === 'function') socket.close();
};
