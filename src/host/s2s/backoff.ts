/** Milliseconds: the most that the first attempt after a loss waits, and any. */
const FIRST = 100;
const LONGEST = 30_000;

/**
 * How long to wait before the next attempt: anything up to a bound that doubles with every failure, so that servers which
 * lost each other at the same moment do not come back at the same moment.
 * @param failures attempts that have failed since the last stream
 * @param random from 0 up to 1
 * @returns milliseconds
 */
export const backoff = (failures: number, random: number): number =>
  Math.floor(random * Math.min(LONGEST, FIRST * 2 ** Math.min(failures, 16)));
