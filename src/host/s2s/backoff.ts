/** Milliseconds: the longest wait of the first attempt after a loss, and of any attempt. */
const FIRST = 100;
const LONGEST = 30_000;

/**
 * How long to wait before the next attempt: a random part of a bound that doubles with every failure, so that servers that
 * lost each other at the same moment do not come back at the same moment.
 * @param failures attempts that have failed since the last stream
 * @param random from 0 up to 1
 * @returns milliseconds
 */
export const backoff = (failures: number, random: number): number =>
  Math.floor(random * Math.min(LONGEST, FIRST * 2 ** Math.min(failures, 16)));
