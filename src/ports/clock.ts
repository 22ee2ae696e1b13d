/**
 * The source of time. Tests and the model use a virtual clock.
 *
 * A clock is monotonic: it goes forward by the time that has passed, and never jumps. Otherwise a session would end too early or too
 * late when the system's clock is set (design law 3). It begins at the Unix time, because the times in records and in delay stamps
 * are for other processes: in a process whose system clock is set later, such times differ from the system's clock by that much.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch, a whole number; not less than the last time. */
  now(): number;
  /**
   * Calls back once, at `time` (milliseconds since the Unix epoch) or as soon as possible after it; for a past time, soon.
   * @returns a function that cancels the call; a late or second cancel has no effect
   */
  at(time: number, callback: () => void): () => void;
}
