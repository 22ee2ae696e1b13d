/** What a benchmark of engines drives: one enabled session, and runs of stanzas in each direction. */

/**
 * A module of this folder. Each is loaded into a process of its own, and loops by itself: nothing between the loop and the
 * engine knows more than one of them.
 */
export interface Contestant {
  open(): Session | Promise<Session>;
}

/** What is done is done when the call returns, or when `settled` is. */
export interface Session {
  /** So many stanzas arrive. */
  receive(count: number): void;
  /** So many stanzas are sent. */
  send(count: number): void;
  /** The peer acknowledges so many more, with one `<a/>`. */
  acknowledge(count: number): void;
  /** For engines that answer later: when they have done everything so far. */
  settled?(): Promise<unknown>;
  /** What the engine says it has counted: a benchmark of something that miscounts is void. */
  readonly tally: Tally;
}

export interface Tally {
  readonly received: number;
  /** Sent, and not acknowledged. */
  readonly queued: number;
  readonly acknowledged: number;
}
