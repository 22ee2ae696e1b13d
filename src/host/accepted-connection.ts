/**
 * The receiving end of a connection, which a client or another server opened: its stream, its session, its limits,
 * and the time within which the peer has to bind, to resume or to be verified.
 *
 * `c2s/connection.ts` and `s2s/inbound.ts` say what is different between clients and servers.
 */
import { type Clock, type ServerSession, XmlStream } from '../server.js';
import type { Transport } from '../transport-node.js';
import type { Element, Framing, StreamLimits } from '../xml.js';
import type { SessionConnection, SessionData } from './accepted-sessions.js';
import type { Connections } from './connections.js';

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
}

export abstract class AcceptedConnection<Data extends SessionData> extends XmlStream implements SessionConnection {
  readonly session: ServerSession<Data>;
  readonly #connections: Connections;
  readonly #clock: Clock;
  #cancelDeadline = (): void => {};

  constructor(transport: Transport, framing: Framing, session: ServerSession<Data>, options: AcceptOptions) {
    super(session, transport, framing, UNAUTHENTICATED);
    const { clock, negotiationTime, connections } = options;
    this.#connections = connections;
    this.#clock = clock;
    this.session = session;
    this.#giveUpAt(clock.now() + negotiationTime * 1000);
  }

  abstract take(stanza: Element): void;

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
    // The store may still be asked for a session: the deadline of this connection must not end that session (design law 6).
    this.negotiated();
    super.closed();
    this.#connections.remove(this);
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
