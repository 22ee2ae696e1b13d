/** The interface between an embedder and a running session of either role. */
import type { Nonza, PeerViolation, Stanza, State, StreamErrorCondition } from '../index.js';
import type { Element } from '../xml.js';
import type { SessionCounters, SessionStatus } from './status.js';

/** The name of an element of stream management: `r`, `a`, `enable` ... */
export type NonzaName = Nonza['name'];

/** The operations of a session on its connection. The session treats a method that throws as a lost connection. */
export interface Stream {
  /** `nonza` is the name of an element of stream management: with SASL2 the embedder may have to put an answer inside another element. */
  write(xml: string, nonza?: NonzaName): void;
  /** Keep this element and put it into the client's SASL2 request. A client without this method does not ask inside SASL2. */
  carry?(xml: string, nonza: NonzaName): void;
  /** Close the stream: `</stream:stream>`, flush, then the connection. */
  close(): void;
  /** Drop the connection at once. */
  destroy(): void;
  /**
   * Stop reading, for back-pressure while the store works. Without `pause` and `resume` the session keeps the input in memory; more than
   * 16,384 elements that wait end the stream with policy-violation.
   */
  pause?(): void;
  /** Start reading again after `pause`. */
  resume?(): void;
}

/**
 * The connection's side of a session. A link is dead when its connection is lost or replaced, and when the session has closed its
 * stream: the session then drops all its input, and the acts that wait (design law 6).
 */
export interface LinkHandle {
  /**
   * The parser has read a child of the stream root: call this for each child, in wire order, before other code uses the element.
   *
   * An element without a namespace is a fault of the program, because the session identifies elements by their namespace: a
   * `misuse` report follows.
   *
   * @returns false when the element does not belong to stream management; true also when the link is dead
   * @throws TypeError when the argument is not an element
   */
  receive(element: Element): boolean;
  /**
   * Runs `act` after all earlier input that still waits for the store: for elements that `receive` did not take, and for each answer
   * that your program waited for, such as that of a password check. A dead link drops the act: when the connection is gone, the
   * answer changes nothing.
   *
   * @throws TypeError when `act` is not a function
   */
  inOrder(act: () => void): void;
  /**
   * The input breaks the stream: the session writes the stream error, closes, and returns its queue (S-3).
   *
   * @param violation from the parser of `smacks/xml`, or from `peerViolation`
   * @throws TypeError when the argument is not a violation
   */
  violated(violation: PeerViolation): void;
  /** The peer closed its stream: the session ends (C-1). */
  closed(): void;
  /** The connection is gone, for any reason, also after `close` and `destroy`: a session that can be resumed hibernates (C-2). */
  lost(): void;
}

/** A stanza to send. */
export interface OutgoingStanza extends Stanza {
  /** True holds the stanza while the peer is inactive (XEP-0352), until another stanza goes out or the peer becomes active. */
  readonly mayWait?: boolean | undefined;
}

/**
 * A session with its present connection, if it has a connection.
 *
 * The embedder calls its methods to report events and to make requests. The session acts on the stream and calls the
 * handlers. A method that has no meaning in the present state changes nothing and causes a `misuse` report. A handler may call
 * every method: the session first finishes the step under way (design law 1).
 */
export interface RunningSession<Data = unknown> {
  /** The embedder's own data: the session does not use it. */
  data: Data;
  /**
   * Gives the session a connection; a connection that it already has counts as lost. Call this when a connection is open, before
   * the first read from it.
   *
   * @returns the link, by which the connection reports to the session
   * @throws TypeError when a method of the stream is missing
   */
  attach(stream: Stream): LinkHandle;
  /**
   * The peer is a server, and its domain is verified by dialback or another method. Call this instead of `authenticated` and
   * `bound`: servers do not bind resources (M-9).
   *
   * @param domain the domain of the peer: an SM-ID is valid only for this domain
   * @throws TypeError when `domain` is not a domain: empty, or with `@` or `/`
   */
  verified(domain: string): void;
  /**
   * Sends a stanza, in every state: the session writes it now, or holds it until there is a stream. It ends in exactly one of three
   * ways: reported as `acknowledged`, reported as `returned`, or still in the queue (A-1, design law 8).
   *
   * @throws TypeError that names the field: `xml` is not a string, `kind` is not message, presence or iq, `type` is not a string
   */
  send(stanza: OutgoingStanza): void;
  /** Writes XML that is not counted: features, SASL, the answer to a bind. @throws TypeError when `xml` is not a string */
  writeUncounted(xml: string): void;
  /** Asks the peer for an `<a/>` now: to learn which stanzas arrived, or whether the connection works (P-1, P-2). */
  requestAck(): void;
  /** The client is active again: the session writes every stanza that it held (XEP-0352, P-3). */
  active(): void;
  /** The client is inactive: the session holds stanzas with `mayWait`, and asks for acknowledgements less often (XEP-0352, M-5). */
  inactive(): void;
  /**
   * With `policy.deferHandling`: the application has handled the stanza with this position. Any order is allowed;
   * our h is the low-water mark.
   *
   * @param position 1 or more, the number that `onStanza` got
   * @throws TypeError when `position` is not such a number
   */
  handled(position: number): void;
  /**
   * Ends the session at once: a last `<a/>`, the stream error if there is one, the stream's close; the queue is returned.
   *
   * @param error the reason, a condition of RFC 6120 section 4.9.3: `system-shutdown`, `conflict` ...
   * @throws TypeError when `error` is not such a condition
   */
  close(error?: StreamErrorCondition): void;
  /** The phase of the session, for logs and decisions: see `SessionStatus`. */
  readonly status: SessionStatus;
  /** The SM-ID, a secret; null when the session cannot be resumed. */
  readonly smId: string | null;
  /** The owner of the session: a bare JID, or a domain between servers. Null before `authenticated` or `verified`. */
  readonly owner: string | null;
  /** How many stanzas arrived, were handled, sent and acknowledged: see `SessionCounters`. */
  readonly counters: SessionCounters;
  /** The session as a value: plain JSON, for `toRecord` and for inspectors. */
  readonly state: State;
}
