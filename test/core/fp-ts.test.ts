/** dist/src/core/fp-ts.js, which the build makes of fp-ts, is fp-ts. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import * as fpTs from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import * as compiled from '../../src/core/fp-ts.js';
import { isLeft, isRight } from '../../src/index.js';
import { seedFrom } from '../../src/testing/random.js';
import { rounds } from '../support/effort.js';

const seed = seedFrom(process.env.SEED);
const file = new URL('../../dist/src/core/fp-ts.js', import.meta.url);
const built: typeof compiled = await import(file.href);

describe('the part of fp-ts that the build writes', () => {
  it('has exactly the functions that the source names, and imports nothing', () => {
    expect(Object.keys(built).sort()).toEqual(Object.keys(compiled).sort());
    expect(readFileSync(file, 'utf8')).not.toMatch(/^import\b|\brequire\(/m);
  });

  it('carries the licence of fp-ts', () => {
    expect(readFileSync(file, 'utf8')).toContain('Copyright (c) 2017-present Giulio Canti');
  });

  const either: fc.Arbitrary<fpTs.Either<string, number>> = fc.oneof(
    fc.string().map((text) => fpTs.left(text)),
    fc.integer().map((n) => fpTs.right(n)),
  );
  it(`gives the same results as fp-ts, SEED=${seed}`, () => {
    fc.assert(
      fc.property(fc.array(either), fc.option(fc.integer(), { nil: undefined }), (eithers, value) => {
        const [mine, theirs] = [built, compiled].map(
          ({ fromNullable, left, map, mapLeft, pipe, right, separate, ...is }) =>
            JSON.stringify([
              separate(eithers),
              eithers.map(is.isLeft),
              eithers.map(is.isRight),
              eithers.map((one) =>
                pipe(
                  one,
                  map((n) => n + 1),
                  mapLeft((text) => `${text}!`),
                ),
              ),
              [left('no'), right('yes'), fromNullable('none')(value)],
            ]),
        );
        expect(mine).toBe(theirs);
      }),
      { seed: seed & 0x7fffffff, numRuns: rounds(500) },
    );
  });
});

describe('an Either', () => {
  it('is read by smacks and by fp-ts in the same way, also when the other one made it', () => {
    for (const { left, right } of [built, compiled, fpTs]) {
      expect([isLeft(left('no')), isRight(left('no')), fpTs.isLeft(left('no'))]).toEqual([true, false, true]);
      expect([isLeft(right('yes')), isRight(right('yes')), fpTs.isRight(right('yes'))]).toEqual([false, true, true]);
    }
  });
});
