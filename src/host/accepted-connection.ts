/**
 * The receiving end of a connection, which a client or another server opened: its stream, its session, its limits,
 * and the time within which the peer has to bind, to resume or to be verified.
 *
 * `c2s/connection.ts` and `s2s/inbound.ts` say what is different between clients and servers.
 */
import { type PeerViolation, SM_2, SM_3 } from '../index.js';
import { type Clock, type RunningSession, type ServerSession, XmlStream } from '../server.js';
import type { Transport } from '../transport-node.js';
import type { Element, Framing, StreamLimits } from '../xml.js';
import type { SessionConnection, SessionData } from './accepted-sessions.js';
import type { Connections } from './connections.js';
import { HeldInput } from './held-input.js';
import type { Pressure } from './pressure.js';

/** Limits before authentication: enough to log in. */
export const UNAUTHENTICATED: StreamLimits = { maxStanzaBytes: 16 * 1024, maxDepth: 8, maxElements: 64 };
/** Limits after authentication: the defaults of the parser. */
export const AUTHENTICATED: StreamLimits = {};

/** The same for all connections of one kind. */
export interface AcceptOptions {
  readonly clock: Clock;
  /** Seconds until `negotiated` has to be called. */
  readonly negotiationTime: number;
  readonly connections: Connections;
  readonly pressure: Pressure;
}

export abstract class AcceptedConnection<Data extends SessionData> extends XmlStream implements SessionConnection {
  readonly session: ServerSession<Data>;
  readonly #connections: Connections;
  readonly #clock: Clock;
  #cancelDeadline = (): void => {};
  readonly #pressure: Pressure;
  /** Input that waits for room in a receiver's queue; undefined while none waits. */
  #held: HeldInput | undefined;
  #isWaiting = false;

  constructor(transport: Transport, framing: Framing, session: ServerSession<Data>, options: AcceptOptions) {
    super(session, transport, framing, UNAUTHENTICATED);
    const { clock, negotiationTime, connections, pressure } = options;
    this.#connections = connections;
    this.#pressure = pressure;
    this.#clock = clock;
    this.session = session;
    this.#giveUpAt(clock.now() + negotiationTime * 1000);
  }

  abstract take(stanza: Element): void;

  /** Acknowledgements do not wait: two clients that flood each other still hear each other (design section 5). */
  override element(element: Element): void {
    if (this.#held === undefined || element.is('a', SM_3) || element.is('a', SM_2)) super.element(element);
    else this.#hold(element);
  }

  override streamClose(): void {
    if (this.#held === undefined) super.streamClose();
    else this.#hold(() => super.streamClose());
  }

  override violation(violation: PeerViolation): void {
    if (this.#held === undefined) super.violation(violation);
    else this.#hold(() => super.violation(violation));
  }

  /** Starts reading again, unless too much input is held. */
  override resume(): void {
    if (!this.#held?.isFull) super.resume();
  }

  negotiated(): void {
    this.#cancelDeadline();
  }

  /** The host closes. */
  shutDown(): void {
    this.session.close('system-shutdown');
  }

  override close(): void {
    this.negotiated();
    super.close();
  }

  override closed(): void {
    this.#held = undefined;
    // The store may still be asked for a session: the deadline of this connection must not end that session (design law 6).
    this.negotiated();
    super.closed();
    this.#connections.remove(this);
  }

  /** The last stanza went to a receiver whose queue is at a limit: this connection's further input waits for room in it. */
  protected waitFor(receiver: RunningSession | undefined): void {
    if (receiver === undefined) return;
    this.#held ??= new HeldInput();
    this.#isWaiting = true;
    this.#pressure.wait(receiver, () => this.#goOn());
  }

  #hold(input: Element | (() => void)): void {
    this.#held?.add(input);
    if (this.#held?.isFull) this.pause();
  }

  #goOn(): void {
    const held = this.#held;
    if (held === undefined) return;
    this.#isWaiting = false;
    for (let input = held.take(); input !== undefined; input = this.#isWaiting ? undefined : held.take()) {
      if (typeof input === 'function') input();
      else super.element(input);
    }
    if (this.#held !== held) return;
    if (!this.#isWaiting) this.#held = undefined;
    if (!held.isFull) super.resume();
  }

  /** The peer has authenticated, and the stream goes on. */
  protected trustStream(): void {
    this.#connections.authenticated(this);
    this.setLimits(AUTHENTICATED);
  }

  /** The peer has authenticated, and begins a new stream (RFC 6120 section 6.4.6). */
  protected trustNextStream(): void {
    this.#connections.authenticated(this);
    this.restart(AUTHENTICATED);
  }

  /** A session that the store is asked for waits for its answer, which has a deadline of its own. */
  #giveUpAt(time: number): void {
    this.#cancelDeadline = this.#clock.at(time, () => {
      if (this.session.status === 'resuming') this.#giveUpAt(this.#clock.now() + 1000);
      else this.session.close('connection-timeout');
    });
  }
}
