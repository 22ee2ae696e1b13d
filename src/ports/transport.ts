/** One connection, seen as text in and text out. It knows nothing of XMPP. */
export interface Transport {
  /** True when the bytes are encrypted on the wire. */
  readonly secure: boolean;
  /** True when both ends are on this machine. */
  readonly loopback: boolean;
  /** Queues text for the wire, in order. After `end`, `destroy` or a loss it does nothing. */
  write(text: string): void;
  /** Sends what is queued, then closes; falls back to `destroy` when the peer does not take it in time. */
  end(): void;
  /** Drops the connection at once, with whatever is queued: what a dead link needs. */
  destroy(): void;
  /** Stops and restarts reading, for back-pressure. */
  pause(): void;
  resume(): void;
}

/** What a connection tells. `closed` comes exactly once, last. */
export interface TransportListener {
  /** Text as it was decoded from UTF-8; chunks break anywhere between characters, or are the messages of a WebSocket. */
  data(text: string): void;
  /**
   * The peer's bytes are not text in UTF-8, or a message is too long (a RangeError); nothing of them is shown. Without this
   * method the connection is dropped.
   */
  malformed?(reason: Error): void;
  /** The connection is gone, with the reason if there was one. */
  closed(reason?: Error): void;
}
