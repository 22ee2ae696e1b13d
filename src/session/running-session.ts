/** What an embedder sees of a running session: what it gives, and what it gets. */
import type { AppEvent, Effect, Nonza, PeerViolation, Report, Role, State, TraceLine } from '../index.js';
import type { Clock, Holder, IdSource, SessionStore } from '../ports/index.js';
import type { ClassifyOptions, Element } from '../xml.js';

/** What a session does to a connection. */
export interface Stream {
  /** `nonza` is its name when it is an element of stream management: an answer may have to go inside another one (SASL2). */
  write(xml: string, nonza?: NonzaName): void;
  /** Keep this for the request by which the client authenticates (SASL2): it goes inside. Without it the client does not ask there. */
  carry?(xml: string, nonza: NonzaName): void;
  /** Close the stream: `</stream:stream>`, flush, then the connection. */
  close(): void;
  /** Drop the connection at once. */
  destroy(): void;
  /** Stop and start reading, for back-pressure while the store is asked. */
  pause(): void;
  resume(): void;
}

/** Its functions are called on their own, without a `this`. */
export interface SessionOptions<R extends Role = Role> {
  /** From `open` or `restore`. */
  readonly state: State<R>;
  /** Hand a stanza to the application; `position` names it for `app.handled`, null when it is not counted. */
  deliver(stanza: Element, position: number | null): void;
  /** What the application is told. */
  report(report: Report): void;
  /** Servers only: without one, `policy.resume` must be false. */
  readonly store?: SessionStore;
  readonly ids?: IdSource;
  readonly clock?: Clock;
  /** The content namespace, and whether `urn:xmpp:sm:2` is read. Default: jabber:client, and not. */
  readonly reading?: ClassifyOptions;
  readonly trace?: (line: TraceLine) => void;
}

export type NonzaName = Nonza['name'];

export type Timeless<E> = E extends unknown ? Omit<E, 'at'> : never;

export interface RunningSession<R extends Role = Role> {
  /** The application's side. */
  tell(event: Timeless<AppEvent>): void;
  /** Puts a connection under the session, in place of an earlier one. */
  attach(stream: Stream): LinkHandle;
  readonly state: State<R>;
  /** How a store reaches it: a restored server session is saved with this under its owner and SM-ID. */
  readonly holder: Holder;
}

/** A connection's side. Whatever it says after another connection took its place is dropped. */
export interface LinkHandle {
  /** A child of the stream root, in wire order. False when it is not the business of stream management. */
  receive(element: Element): boolean;
  /** Acts on what `receive` did not take, behind whatever came before it and still waits for the store. */
  inOrder(act: () => void): void;
  /** The input breaks the stream. */
  violated(violation: PeerViolation): void;
  /** The peer closed its stream. */
  closed(): void;
  /** The connection is gone. */
  lost(): void;
}

/**
 * @throws TypeError for a server whose policy allows resumption and that has no store
 * @param due effects that `restore` returned, to be carried out first
 */
export type Run<R extends Role = Role> = (options: SessionOptions<R>, due?: readonly Effect[]) => RunningSession<R>;
