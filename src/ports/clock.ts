/** The source of time. Tests and the model use a virtual clock. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /**
   * Calls back once, at `time` (milliseconds since the Unix epoch) or as soon as possible after it; for a past time, soon.
   * @returns a function that cancels the call; a late or second cancel has no effect
   */
  at(time: number, callback: () => void): () => void;
}
