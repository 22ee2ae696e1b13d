/** One connection with text in and text out. It does not know XMPP. */
export interface Transport {
  /** True when the bytes are encrypted on the wire. */
  readonly secure: boolean;
  /** True when both ends are on this machine. */
  readonly loopback: boolean;
  /** Queues text for the wire, in order. After `end`, `destroy` or a loss it has no effect. */
  write(text: string): void;
  /**
   * True when much of the queued text is not sent yet: write no more until `drained` of the listener. A transport without this field
   * takes any amount.
   */
  readonly isFull?: boolean;
  /** Sends the queued text, then closes; calls `destroy` when the peer does not take the text in time. */
  end(): void;
  /** Drops the connection and its queued text at once, for a dead link. */
  destroy(): void;
  /** Stops reading, for back-pressure. */
  pause(): void;
  /** Starts reading again after `pause`. */
  resume(): void;
}

/** The receiver of a connection's input. `closed` is called exactly once, last. */
export interface TransportListener {
  /** Text decoded from UTF-8. A chunk ends between any two characters, or is one message of a WebSocket. */
  data(text: string): void;
  /**
   * The peer's bytes are not UTF-8 text, or a message is too long (a RangeError); the listener gets no part of them. Without
   * this method the transport drops the connection.
   */
  malformed?(reason: Error): void;
  /** After `isFull` was true: the queued text is sent, and there is room for more. */
  drained?(): void;
  /** The connection is gone; `error` is the reason, if there is a reason. */
  closed(reason?: Error): void;
}
