import { randomInt } from 'node:crypto';

/** Pseudo-random numbers: the same seed gives the same numbers on every machine. Not for secrets. */
export interface Random {
  /** A number in [0, 1), of 53 bits. */
  next(): number;
  /**
   * A whole number from `min` to `max`, both included.
   * @throws RangeError unless both are safe integers, `min <= max` and there are at most 2^53 numbers between them.
   */
  integer(min: number, max: number): number;
  /**
   * One of `items`, all with the same probability.
   * @throws RangeError when `items` is empty.
   */
  pick<T extends NonNullable<unknown>>(items: readonly T[]): T;
  /** True with probability `p`: never at 0, always at 1. */
  chance(p: number): boolean;
}

/**
 * The generator is sfc32 (Chris Doty-Humphrey's Small Fast Counter, 32 bits).
 * @param seed a whole number from 0 to 2^32-1
 * @throws RangeError for any other seed
 */
export const createRandom = (seed: number): Random => {
  if (!isSeed(seed)) throw new RangeError(`a seed is ${SEED_RANGE}, not ${seed}`);
  const word = sfc32(seed);

  const next = (): number => {
    const high = word() >>> 5;
    const low = word() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  };

  const integer = (min: number, max: number): number => {
    const count = max - min + 1;
    if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || count < 1 || count > 2 ** 53) {
      throw new RangeError(`no whole numbers to choose from between ${min} and ${max}`);
    }
    return min + Math.floor(next() * count);
  };

  return {
    next,
    integer,
    pick(items) {
      const item = items.length > 0 ? items[integer(0, items.length - 1)] : undefined;
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
    chance: (p) => next() < p,
  };
};

/**
 * The seed for one run: `text` (commonly `process.env.SEED`) when `text` is given and not empty, otherwise a new seed.
 * Print it, so that the run can be repeated.
 * @returns a whole number from 0 to 2^32-1
 * @throws RangeError when `text` is anything but such a number in decimal digits
 */
export const seedFrom = (text?: string): number => {
  if (text === undefined || text === '') return randomInt(2 ** 32);
  const seed = Number(text);
  if (!/^\d+$/.test(text) || !isSeed(seed))
    throw new RangeError(`a seed is ${SEED_RANGE}, not ${JSON.stringify(text)}`);
  return seed;
};

const isSeed = (seed: number): boolean => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32;

/** Words of 32 bits, signed as JavaScript's bit operations leave them. */
const sfc32 = (seed: number): (() => number) => {
  let a = 0;
  let b = seed | 0;
  let c = 0;
  let counter = 1;

  const word = (): number => {
    const out = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + out) | 0;
    return out;
  };

  // Seeds that differ in one bit give similar numbers until the state is mixed.
  for (let round = 0; round < 12; round++) word();
  return word;
};

const SEED_RANGE = 'a whole number from 0 to 4294967295';
