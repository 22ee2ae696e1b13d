/** Where time comes from. Tests and the model use a virtual one. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /**
   * Calls back once at `time` (milliseconds since the Unix epoch) or as soon after it as can be; a time that has passed means soon.
   * @returns a function that cancels; calling it late or twice does nothing
   */
  at(time: number, callback: () => void): () => void;
}
