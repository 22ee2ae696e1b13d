/** What an embedder sees of a running session of either role: what it gives, and what it gets. */
import type { Nonza, PeerViolation, Stanza, State, StreamErrorCondition } from '../index.js';
import type { Element } from '../xml.js';
import type { SessionCounters, SessionStatus } from './status.js';

export type NonzaName = Nonza['name'];

/** What a session does to a connection. A method that throws counts as a lost connection. */
export interface Stream {
  /** `nonza` is its name when it is an element of stream management: an answer may have to go inside another one (SASL2). */
  write(xml: string, nonza?: NonzaName): void;
  /** Keep this for the request by which the client authenticates (SASL2): it goes inside. Without it the client does not ask there. */
  carry?(xml: string, nonza: NonzaName): void;
  /** Close the stream: `</stream:stream>`, flush, then the connection. */
  close(): void;
  /** Drop the connection at once. */
  destroy(): void;
  /** Stop and start reading, for back-pressure while the store is asked. Without them what arrives is kept meanwhile. */
  pause?(): void;
  resume?(): void;
}

/** A connection's side. A link that is lost, or that another one has replaced, is dead: what it says is dropped (design law 6). */
export interface LinkHandle {
  /**
   * A child of the stream root was parsed: call it for each, in wire order, before anything looks into the element.
   *
   * An element without a namespace is a fault of the program, because only elements in a namespace can be told apart: a
   * `misuse` report says so.
   *
   * @returns false when the element is not the business of stream management; true too when the link is dead
   * @throws TypeError when it is no element
   */
  receive(element: Element): boolean;
  /** Acts on what `receive` did not take, behind everything that came before it and still waits for the store. A dead link drops the act. */
  inOrder(act: () => void): void;
  /**
   * The input breaks the stream: the session writes the stream error, closes, and returns its queue (S-3).
   *
   * @param violation from the parser of `smacks/xml`, or from `peerViolation`
   * @throws TypeError when it is no violation
   */
  violated(violation: PeerViolation): void;
  /** The peer closed its stream: the session ends (C-1). */
  closed(): void;
  /** The connection is gone, however it went, also after `close` and `destroy`: a session that can be resumed hibernates (C-2). */
  lost(): void;
}

/** A stanza to send. */
export interface OutgoingStanza extends Stanza {
  /** An inactive peer is not to be woken for it (XEP-0352): it is held until another stanza goes out, or the peer is active. */
  readonly mayWait?: boolean | undefined;
}

/**
 * A session with the connection it has at the moment, if it has one.
 *
 * Its methods tell it what has happened and what is wished; what comes of it, the session does to the stream, and tells the
 * handlers. A method that has no meaning in the present state changes nothing, and a `misuse` report says so. All of them may be
 * called from within a handler: the session finishes what is under way first (design law 1).
 */
export interface RunningSession<Data = unknown> {
  /** The embedder's own: the session never looks at it. */
  data: Data;
  /**
   * Puts a connection under the session; one that it has is lost by that. Call it when a connection is open, before anything
   * is read from it.
   *
   * @returns what the connection tells the session by
   * @throws TypeError when a method of the stream is missing
   */
  attach(stream: Stream): LinkHandle;
  /**
   * The peer is a server, and its domain is verified by dialback or otherwise: in place of `authenticated` and `bound`, because
   * nothing is bound between servers (M-9).
   *
   * @param domain the peer's: an SM-ID means something only under it
   */
  verified(domain: string): void;
  /**
   * Sends a stanza, in every state: it is written now, or held until there is a stream for it. It ends in exactly one of three
   * ways: reported as `acknowledged`, reported as `returned`, or still in the queue (A-1, design law 8).
   *
   * @throws TypeError that names the field: `xml` that is no text, another `kind` than message, presence and iq, a `type` that is no text
   */
  send(stanza: OutgoingStanza): void;
  /** Writes something that is not counted: features, SASL, the answer to a bind. @throws TypeError for anything but text */
  writeUncounted(xml: string): void;
  /** Asks the peer for an `<a/>` now: to learn what has arrived, or whether the connection lives (P-1, P-2). */
  requestAck(): void;
  /** Somebody looks at the client again: everything that waited is written (XEP-0352, P-3). */
  active(): void;
  /** Nobody looks at the client: stanzas that `mayWait` are held, and acknowledgements are asked for less often (XEP-0352, M-5). */
  inactive(): void;
  /**
   * With `policy.deferHandling`: the stanza with this position has been taken care of, in any order; our h is the low-water mark.
   *
   * @param position 1 or more, as `onStanza` got it
   * @throws TypeError when it is no such number
   */
  handled(position: number): void;
  /**
   * Ends the session at once: a last `<a/>`, the stream error if there is one, the stream's close; the queue is returned.
   *
   * @param error why, as a condition of RFC 6120 section 4.9.3: `system-shutdown`, `conflict` ...
   * @throws TypeError for a condition that is none
   */
  close(error?: StreamErrorCondition): void;
  readonly status: SessionStatus;
  /** The SM-ID, null while, or because, the session cannot be resumed. A secret. */
  readonly smId: string | null;
  /** Whose session it is: a bare JID, or between servers a domain. Null before `authenticated` or `verified`. */
  readonly owner: string | null;
  readonly counters: SessionCounters;
  /** The session as a value: plain JSON, for `toRecord` and for inspectors. */
  readonly state: State;
}
