import { describe, expect, it } from 'vitest';
import { createRandom, seedFrom } from '../../src/testing/random.js';

const draw = (seed: number, count: number): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.next());
};

describe('the seeded generator', () => {
  it('gives the same numbers for the same seed, on every machine and in every version', () => {
    expect(draw(198, 3)).toEqual([0.5955991295872688, 0.6640223963910769, 0.2235391860186361]);
    expect(draw(198, 1000)).toEqual(draw(198, 1000));
  });

  it('gives different numbers for neighbouring seeds', () => {
    expect(new Set([0, 1, 2, 3, 2 ** 31, 2 ** 32 - 1].flatMap((seed) => draw(seed, 100))).size).toBe(600);
  });

  it('spreads next evenly over [0, 1)', () => {
    const buckets = new Array<number>(16).fill(0);
    const numbers = draw(1, 160_000);
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
    for (const number of numbers) {
      const bucket = Math.floor(number * 16);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    for (const count of buckets) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('gives whole numbers including both ends, also around 2^32', () => {
    const random = createRandom(2);
    const small = Array.from({ length: 1000 }, () => random.integer(-1, 2));
    expect(new Set(small)).toEqual(new Set([-1, 0, 1, 2]));
    expect(random.integer(7, 7)).toBe(7);
    const wide = Array.from({ length: 1000 }, () => random.integer(2 ** 32 - 2, 2 ** 32 + 1));
    expect(new Set(wide)).toEqual(new Set([2 ** 32 - 2, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1]));
  });

  it('picks every item, and follows the given probabilities', () => {
    const random = createRandom(3);
    const picks = Array.from({ length: 300 }, () => random.pick(['r', 'a', 0]));
    expect(new Set(picks)).toEqual(new Set(['r', 'a', 0]));
    const hits = Array.from({ length: 10_000 }, () => random.chance(0.25)).filter(Boolean).length;
    expect(Math.abs(hits - 2500)).toBeLessThan(250);
    expect(Array.from({ length: 1000 }, () => random.chance(0)).some(Boolean)).toBe(false);
    expect(Array.from({ length: 1000 }, () => random.chance(1)).every(Boolean)).toBe(true);
  });

  it('refuses an invalid range and an empty list', () => {
    const random = createRandom(4);
    for (const [min, max] of [
      [2, 1],
      [0.5, 1],
      [0, Number.NaN],
      [-(2 ** 53) + 1, 2 ** 53 - 1],
    ] as const) {
      expect(() => random.integer(min, max)).toThrow(RangeError);
    }
    expect(() => random.pick([])).toThrow(RangeError);
    for (const seed of [-1, 2 ** 32, 0.5, Number.NaN]) expect(() => createRandom(seed)).toThrow(RangeError);
  });
});

describe('the seed of a run', () => {
  it('is the given seed', () => {
    expect(seedFrom('0')).toBe(0);
    expect(seedFrom('4294967295')).toBe(2 ** 32 - 1);
  });

  it('is a new seed when none is given', () => {
    const seeds = new Set(Array.from({ length: 20 }, (_, index) => seedFrom(index % 2 === 0 ? '' : undefined)));
    expect(seeds.size).toBeGreaterThan(15);
    for (const seed of seeds) expect(() => createRandom(seed)).not.toThrow();
  });

  it('is refused when it is not a number, and not replaced', () => {
    for (const wrong of ['abc', '-1', '1.5', '1e3', ' 1', '0x10', '4294967296'])
      expect(() => seedFrom(wrong)).toThrow(RangeError);
  });
});
