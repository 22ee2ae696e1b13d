import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fromRuns,
  hasCount,
  lengthOfRun,
  NO_COUNTS,
  runsNotIn,
  runsOf,
  withCount,
  withoutRun,
  withRuns,
} from '../../src/core/count-set.js';
import { plus } from '../../src/core/uint32.js';
import { uint32 } from '../../src/index.js';
import { seedFrom } from '../../src/testing/random.js';
import { rounds } from '../support/effort.js';

const seed = seedFrom(process.env.SEED) & 0x7fffffff;

const bases = fc.constantFrom(0, 5, 1020, 2 ** 31, 2 ** 32 - 1025, 2 ** 32 - 3).map(uint32);
const distances = fc.uniqueArray(fc.integer({ min: 1, max: 3_000 }), { maxLength: 80 });

describe(`the counts that were handled before an older one, SEED=${seed}`, () => {
  it('are the counts that were added, across block borders and across 2^32 (A-4, A-14)', () => {
    fc.assert(
      fc.property(bases, distances, (base, ahead) => {
        const set = ahead.reduce((made, distance) => withCount(made, plus(base, distance)), NO_COUNTS);
        expect(set.size).toBe(ahead.length);
        for (let distance = 1; distance <= 3_001; distance++)
          expect(hasCount(set, plus(base, distance))).toBe(ahead.includes(distance));
      }),
      { seed, numRuns: rounds(200) },
    );
  });

  it('come back from their runs, which are in order and apart', () => {
    fc.assert(
      fc.property(bases, distances, (base, ahead) => {
        const set = ahead.reduce((made, distance) => withCount(made, plus(base, distance)), NO_COUNTS);
        const runs = runsOf(set, base);
        expect(runsOf(fromRuns(runs), base)).toEqual(runs);
        const counts = runs.flatMap(([first, length]) => Array.from({ length }, (_, n) => plus(first, n)));
        expect(counts).toEqual([...ahead].sort((a, b) => a - b).map((distance) => plus(base, distance)));
      }),
      { seed, numRuns: rounds(500) },
    );
  });

  it('are those of another set after the runs that only one of both has left or came', () => {
    fc.assert(
      fc.property(bases, bases, distances, distances, (base, other, ahead, later) => {
        const one = ahead.reduce((made, distance) => withCount(made, plus(base, distance)), NO_COUNTS);
        const near = later.reduce(
          (set, d) => (hasCount(set, plus(base, d)) ? set : withCount(set, plus(base, d))),
          one,
        );
        const far = later.reduce((made, distance) => withCount(made, plus(other, distance)), NO_COUNTS);
        for (const [from, to] of [
          [one, near],
          [near, one],
          [one, far],
        ] as const) {
          const left = runsNotIn(from, to).reduce((set, [first, length]) => withoutRun(set, first, length), from);
          const made = withRuns(left, runsNotIn(to, from));
          expect(runsOf(made, base)).toEqual(runsOf(to, base));
          expect(made.size).toBe(to.size);
        }
      }),
      { seed, numRuns: rounds(500) },
    );
  });

  it('lose a run, and keep the others', () => {
    fc.assert(
      fc.property(bases, fc.integer({ min: 1, max: 2_500 }), distances, (base, length, ahead) => {
        const others = ahead.filter((distance) => distance > length + 1);
        const run = fromRuns([[plus(base, 1), length]]);
        const set = others.reduce((made, distance) => withCount(made, plus(base, distance)), run);
        expect(lengthOfRun(set, plus(base, 1), 10_000)).toBe(length);
        expect(lengthOfRun(set, plus(base, 1), length - 1)).toBe(length - 1);
        const left = withoutRun(set, plus(base, 1), length);
        expect(runsOf(left, base)).toEqual(
          runsOf(
            others.reduce((made, d) => withCount(made, plus(base, d)), NO_COUNTS),
            base,
          ),
        );
        expect(left.size).toBe(others.length);
      }),
      { seed, numRuns: rounds(200) },
    );
  });
});
