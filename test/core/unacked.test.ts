import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { append, EMPTY, type Entry, fromArray, toArray, trim } from '../../src/core/unacked.js';
import { seedFrom } from '../../src/testing/random.js';
import { rounds } from '../support/effort.js';

const seed = seedFrom(process.env.SEED) & 0x7fffffff;
const MOST = 5_000;
/** More than thirty-two blocks of thirty-two blocks. */
const VERY_MANY = 40_000;

const entry = (n: number): Entry => ({
  xml: `<message id='${n}'/>`,
  kind: 'message',
  type: '',
  at: n,
  key: null,
});

const sizeOf = (entries: readonly Entry[]): number => entries.reduce((size, { xml }) => size + xml.length, 0);

describe(`the queue of unacknowledged stanzas, SEED=${seed}`, () => {
  it('is an array to which is appended and of which the oldest are trimmed, at any length', { timeout: 30_000 }, () => {
    const step = fc.oneof(
      fc.record({ append: fc.integer({ min: 1, max: 700 }) }),
      fc.record({ trim: fc.integer({ min: -1, max: 1_000 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let queue = EMPTY;
        let model: readonly Entry[] = [];
        let next = 0;
        for (const taken of steps) {
          if ('append' in taken) {
            const added = Array.from({ length: Math.min(taken.append, MOST - model.length) }, () => entry(next++));
            queue = added.reduce(append, queue);
            model = [...model, ...added];
          } else {
            const { trimmed, rest } = trim(queue, taken.trim);
            const count = Math.max(0, taken.trim);
            expect(trimmed).toEqual(model.slice(0, count));
            queue = rest;
            model = model.slice(count);
          }
          expect([queue.length, queue.size]).toEqual([model.length, sizeOf(model)]);
        }
        expect(toArray(queue)).toEqual(model);
      }),
      { seed, numRuns: rounds(150) },
    );
  });

  it('gives back one by one what was appended one by one', () => {
    let queue = fromArray(Array.from({ length: VERY_MANY }, (_, n) => entry(n)));
    for (let n = 0; n < VERY_MANY; n++) {
      const { trimmed, rest } = trim(queue, 1);
      if (trimmed[0]?.at !== n) expect(trimmed).toEqual([entry(n)]);
      queue = rest;
    }
    expect(queue).toEqual(EMPTY);
  });

  it('knows how many stanzas and characters are left', () => {
    const { rest } = trim(fromArray([entry(1), entry(2), entry(3)]), 2);
    expect([rest.length, rest.size]).toEqual([1, sizeOf([entry(3)])]);
  });

  it('leaves the queue it was made from as it was', () => {
    const before = fromArray(Array.from({ length: 100 }, (_, n) => entry(n)));
    const text = JSON.stringify(before);
    trim(append(before, entry(100)), 60);
    trim(before, 40);
    expect(JSON.stringify(before)).toBe(text);
  });

  it('is plain JSON: read back, it goes on where it was', () => {
    const full = Array.from({ length: 1_000 }, (_, n) => entry(n)).reduce(append, EMPTY);
    const { rest } = trim(full, 333);
    const readBack: typeof rest = JSON.parse(JSON.stringify(rest));
    expect(readBack).toEqual(rest);
    expect(toArray(append(readBack, entry(1_000)))).toEqual(toArray(append(rest, entry(1_000))));
  });
});
