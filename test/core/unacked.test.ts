import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { append, EMPTY, type Entry, fromArray, newestOf, toArray, trim } from '../../src/core/unacked.js';
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
  it('works like an array that gets new stanzas at the end and loses the oldest, at any length', {
    timeout: 30_000,
  }, () => {
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
          for (const count of [0, 1, 31, 33, 1_057, model.length, MOST])
            expect(newestOf(queue, count)).toEqual(model.slice(Math.max(0, model.length - count)));
        }
        expect(toArray(queue)).toEqual(model);
      }),
      { seed, numRuns: rounds(150) },
    );
  });

  it('returns stanza by stanza what was appended stanza by stanza', () => {
    let queue = fromArray(Array.from({ length: VERY_MANY }, (_, n) => entry(n)));
    for (let n = 0; n < VERY_MANY; n++) {
      const { trimmed, rest } = trim(queue, 1);
      if (trimmed[0]?.at !== n) expect(trimmed).toEqual([entry(n)]);
      queue = rest;
    }
    expect(queue).toEqual(EMPTY);
  });

  it('has the number of stanzas and characters that are left', () => {
    const { rest } = trim(fromArray([entry(1), entry(2), entry(3)]), 2);
    expect([rest.length, rest.size]).toEqual([1, sizeOf([entry(3)])]);
  });

  it('does not change the queue from which it was made', () => {
    const before = fromArray(Array.from({ length: 100 }, (_, n) => entry(n)));
    const text = JSON.stringify(before);
    trim(append(before, entry(100)), 60);
    trim(before, 40);
    expect(JSON.stringify(before)).toBe(text);
  });

  it('is plain JSON, and a queue that is read back continues in the same way', () => {
    const full = Array.from({ length: 1_000 }, (_, n) => entry(n)).reduce(append, EMPTY);
    const { rest } = trim(full, 333);
    const readBack: typeof rest = JSON.parse(JSON.stringify(rest));
    expect(readBack).toEqual(rest);
    expect(toArray(append(readBack, entry(1_000)))).toEqual(toArray(append(rest, entry(1_000))));
  });
});
