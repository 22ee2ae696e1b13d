/**
 * The XML stream of a session over a transport (RFC 6120 section 4; RFC 7395): stream header and footer, framing, parser, and the
 * link of the session. It knows the order of things and no protocol: a subclass says what the stream offers and negotiates.
 */
import { checkMethods } from '../arguments/check.js';
import { peerViolation, type StreamErrorCondition } from '../index.js';
import type { Transport, TransportListener } from '../ports/index.js';
import type { Element, Framing, StreamLimits, StreamListener, StreamParser } from '../xml.js';
import { Outbox } from './outbox.js';
import type { LinkHandle, NonzaName, RunningSession, Stream } from './running-session.js';

/** The attributes of a stream header, by name (RFC 6120 section 4.7). */
export type StreamHeader = Readonly<Record<string, string>>;

/**
 * A subclass for a server or a client:
 *
 * - `header` makes the attributes of our stream header, each time the stream writes one;
 * - `streamOpen` gets the peer's stream header;
 * - `negotiate` gets the elements that are neither stanzas nor stream management, in wire order.
 *
 * The transport calls the object as its listener: `data`, `malformed` and `closed`. A subclass that overrides one of the methods
 * calls `super`.
 */
export abstract class XmlStream implements TransportListener, StreamListener, Stream {
  protected readonly link: LinkHandle;
  readonly #framing: Framing;
  /** Undefined when the connection is gone, as are the outbox and the parser: the session may wait for its peer for a long time. */
  #transport: Transport | undefined;
  #outbox: Outbox | undefined;
  #parser: StreamParser | undefined;
  #hasHeader = false;

  /**
   * Attaches the session to the transport.
   *
   * @param limits what the parser accepts until `restart`, `secure` or `setLimits`; a server sets small limits for a peer that has
   *   not authenticated
   * @throws TypeError that names the argument: the session, the transport, the framing, or the limit
   */
  constructor(session: RunningSession, transport: Transport, framing: Framing, limits: StreamLimits = {}) {
    checkMethods('session', session, ['attach']);
    checkMethods('transport', transport, ['write', 'end', 'destroy', 'pause', 'resume']);
    checkMethods('framing', framing, ['header', 'frame', 'createParser']);
    this.#transport = transport;
    this.#outbox = new Outbox(transport, () => session.status === 'enabled' || session.status === 'enabling');
    this.#framing = framing;
    this.#parser = framing.createParser(limits, this);
    this.link = session.attach(this);
  }

  /** Makes the attributes of our stream header: `from`, `id`, `version` ... The framing adds the namespaces. */
  protected abstract header(): StreamHeader;

  /** The peer opened its stream. `defaultXmlns` is the default namespace of the header, or ''. */
  abstract streamOpen(header: StreamHeader, defaultXmlns: string): void;

  /** An element that is neither a stanza nor of stream management: SASL, TLS, bind, in wire order. */
  protected abstract negotiate(element: Element): void;

  // What the transport says.

  /** Text arrived: the parser reads it. @throws TypeError when `text` is not a string */
  data(text: string): void {
    this.#parser?.write(text);
  }

  /** The input is not text, or a message is too long (a RangeError): the stream ends with an error (S-3). */
  malformed(reason: Error): void {
    if (reason instanceof RangeError) this.violated('policy-violation', 'message too long');
    else this.violated('unsupported-encoding', 'a stream is in UTF-8');
  }

  /** The transport can take more text: it gets what waits, such as the rest of a long replay. */
  drained(): void {
    this.#outbox?.drained();
  }

  /** The connection is gone, the last call: a session that can be resumed hibernates (C-2). */
  closed(): void {
    this.#parser?.close();
    this.link.lost();
    this.#transport = undefined;
    this.#outbox = undefined;
    this.#parser = undefined;
  }

  // What the parser says.

  /** A child of the stream root: the session takes stanzas and stream management, `negotiate` gets the rest. */
  element(element: Element): void {
    if (!this.link.receive(element)) this.link.inOrder(() => this.negotiate(element));
  }

  /** The peer closed its stream: the session ends (C-1). */
  streamClose(): void {
    this.link.closed();
  }

  /** The input breaks the rules of XML or a limit: the session writes the stream error and ends (S-3). */
  violation(violation: Parameters<LinkHandle['violated']>[0]): void {
    this.link.violated(violation);
  }

  // What the session does: see `Stream`.

  /** Writes an element of the session, after our stream header, as soon as the transport can take it. */
  write(xml: string, _nonza?: NonzaName): void {
    this.openStream();
    this.#outbox?.write(this.#framing.frame(xml));
  }

  /** Closes our stream: the footer, then the connection when all is sent (C-1). */
  close(): void {
    this.#parser?.close();
    this.openStream();
    this.#outbox?.end(this.#framing.footer);
  }

  /** Drops the connection at once; `closed` follows. */
  destroy(): void {
    this.#transport?.destroy();
  }

  /** Stops reading while the session waits for the store. */
  pause(): void {
    this.#transport?.pause();
  }

  /** Starts reading again. */
  resume(): void {
    this.#transport?.resume();
  }

  // For subclasses.

  /** How far the transport can be trusted: it is neither secure nor local when it is gone. */
  protected get security(): Pick<Transport, 'secure' | 'loopback'> {
    return this.#transport ?? { secure: false, loopback: false };
  }

  /** Writes our stream header, once a stream. An initiating entity calls it; a receiving entity's first answer does. */
  protected openStream(): void {
    if (this.#hasHeader) return;
    this.#hasHeader = true;
    this.#outbox?.write(this.#framing.header(this.header()));
  }

  /** The peer broke a rule: ends the stream with this stream error (S-3). */
  protected violated(condition: StreamErrorCondition, text = ''): void {
    this.link.violated(peerViolation(condition, text));
  }

  /** The peer has authenticated on this stream, and the stream goes on (XEP-0388, XEP-0220). */
  protected setLimits(limits: StreamLimits): void {
    this.#parser?.setLimits(limits);
  }

  /** A new stream begins in both directions (RFC 6120 section 6.4.6). The limits stay without the argument. */
  protected restart(limits?: StreamLimits): void {
    this.#hasHeader = false;
    this.#parser?.restart(limits);
  }

  /** Drops what has arrived in plain text; a new stream begins inside TLS (RFC 6120 section 5.4.3.3). */
  protected secure(startTls: () => void, limits: StreamLimits = {}): void {
    this.#hasHeader = false;
    this.#parser?.close();
    this.#outbox?.flush();
    startTls();
    this.#parser = this.#framing.createParser(limits, this);
  }
}
