/**
 * The receiving entity's end of a connection, whether a client opened it or another server. It has the parser, the stream that
 * answers (RFC 6120 section 4.2), the session, and the time within which the peer has to bind, to resume or to be verified.
 *
 * The transport says what arrives, the parser says what that is, and the session writes. `c2s/connection.ts` and
 * `s2s/inbound.ts` say what is different between clients and servers.
 */
import { peerViolation, type StreamErrorCondition } from '../index.js';
import type { Clock, Transport, TransportListener } from '../ports/index.js';
import type { LinkHandle, NonzaName, Stream } from '../session/running-session.js';
import type { ServerSession } from '../session/server-session.js';
import type { Element, Framing, StreamLimits, StreamListener, StreamParser } from '../xml.js';
import type { SessionConnection, SessionData } from './accepted-sessions.js';
import type { Connections } from './connections.js';
import type { StreamHeader } from './stream-header.js';

/** Limits before authentication: enough to log in. */
export const UNAUTHENTICATED: StreamLimits = { maxStanzaBytes: 16 * 1024, maxDepth: 8, maxElements: 64 };
/** Limits behind authentication: the defaults of the parser. */
export const AUTHENTICATED: StreamLimits = {};

/** The same for all connections of one kind. */
export interface AcceptOptions {
  readonly clock: Clock;
  /** Seconds until `negotiated` has to be called. */
  readonly negotiationTime: number;
  readonly connections: Connections;
}

export abstract class AcceptedConnection<Data extends SessionData>
  implements TransportListener, StreamListener, Stream, SessionConnection
{
  readonly session: ServerSession<Data>;
  protected readonly link: LinkHandle;
  readonly #framing: Framing;
  readonly #connections: Connections;
  readonly #cancelDeadline: () => void;
  /** The transport and the parser are undefined when the connection is gone. */
  #transport: Transport | undefined;
  #parser: StreamParser | undefined;
  #hasHeader = false;

  constructor(transport: Transport, framing: Framing, session: ServerSession<Data>, options: AcceptOptions) {
    const { clock, negotiationTime, connections } = options;
    this.#transport = transport;
    this.#framing = framing;
    this.#connections = connections;
    this.#parser = framing.createParser(UNAUTHENTICATED, this);
    this.session = session;
    this.link = session.attach(this);
    this.#cancelDeadline = clock.at(clock.now() + negotiationTime * 1000, () => session.close('connection-timeout'));
  }

  /** The attributes of a stream header, each time one is written. */
  protected abstract header(): StreamHeader;

  /** The peer opened a stream. */
  abstract streamOpen(header: StreamHeader, defaultXmlns: string): void;

  /** An element that is neither a stanza nor stream management. */
  protected abstract negotiate(element: Element): void;

  abstract take(stanza: Element): void;

  negotiated(): void {
    this.#cancelDeadline();
  }

  /** The host closes. */
  shutDown(): void {
    this.session.close('system-shutdown');
  }

  // What the transport says.

  data(text: string): void {
    this.#parser?.write(text);
  }

  malformed(reason: Error): void {
    if (reason instanceof RangeError) this.violated('policy-violation', 'message too long');
    else this.violated('unsupported-encoding', 'a stream is in UTF-8');
  }

  /** The session may wait for its peer for long: this object lets go of all that belongs to the connection. */
  closed(): void {
    this.#parser?.close();
    this.link.lost();
    this.#transport = undefined;
    this.#parser = undefined;
    this.#connections.remove(this);
  }

  // What the parser says.

  element(element: Element): void {
    if (!this.link.receive(element)) this.link.inOrder(() => this.negotiate(element));
  }

  streamClose(): void {
    this.link.closed();
  }

  violation(violation: Parameters<LinkHandle['violated']>[0]): void {
    this.link.violated(violation);
  }

  // What the session does: see `Stream`.

  write(xml: string, _nonza?: NonzaName): void {
    this.#writeHeader();
    this.#transport?.write(this.#framing.frame(xml));
  }

  close(): void {
    this.#parser?.close();
    this.#writeHeader();
    this.#transport?.write(this.#framing.footer);
    this.#transport?.end();
  }

  destroy(): void {
    this.#transport?.destroy();
  }

  pause(): void {
    this.#transport?.pause();
  }

  resume(): void {
    this.#transport?.resume();
  }

  // For clients and servers alike.

  /** How far the transport can be trusted: not at all when it is gone. */
  protected get security(): Pick<Transport, 'secure' | 'loopback'> {
    return this.#transport ?? { secure: false, loopback: false };
  }

  protected violated(condition: StreamErrorCondition, text = ''): void {
    this.link.violated(peerViolation(condition, text));
  }

  /** The peer has authenticated, and goes on with this stream. */
  protected trustStream(): void {
    this.#connections.authenticated(this);
    this.#parser?.setLimits(AUTHENTICATED);
  }

  /** The peer has authenticated, and begins a new stream (RFC 6120 section 6.4.6). */
  protected trustNextStream(): void {
    this.#connections.authenticated(this);
    this.#hasHeader = false;
    this.#parser?.restart(AUTHENTICATED);
  }

  /** What has arrived in plain text is dropped, and the peer begins a new stream inside TLS (RFC 6120 section 5.4.3.3). */
  protected secure(startTls: () => void): void {
    this.#hasHeader = false;
    this.#parser?.close();
    startTls();
    this.#parser = this.#framing.createParser(UNAUTHENTICATED, this);
  }

  /** The header goes ahead of the first thing that is written on a stream. */
  #writeHeader(): void {
    if (this.#hasHeader) return;
    this.#hasHeader = true;
    this.#transport?.write(this.#framing.header(this.header()));
  }
}
