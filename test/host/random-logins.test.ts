/**
 * Random schedules of logins (design law 6, faults H1 to H3): SASL and SASL2, with and without a resumption, a bind and the id of a user
 * agent; slow and failing password checks and stores; connections that end at every step. What a dead connection asked for changes
 * nothing for anybody. SEED repeats a run.
 */
import { describe, expect, it } from 'vitest';
import { createRandom, seedFrom } from '../../src/testing/random.js';
import { rounds } from '../support/effort.js';
import { createLogins } from './support/logins.js';

const STEPS = 80;

const live = async (seed: number): Promise<readonly string[]> => {
  const random = createRandom(seed);
  const logins = await createLogins(random);
  for (let step = 0; step < STEPS; step++) await logins.act();
  await logins.settle();
  await logins.checkSessions();
  await logins.endAll();
  return logins.faults();
};

describe('random logins', () => {
  it('leave no ghost resource, no false presence and no conflict, and every stanza has one fate', async () => {
    const first = seedFrom(process.env.SEED);
    const count = process.env.SEED ? 1 : rounds(1000, 100);
    for (let seed = first; seed < first + count; seed++) {
      const faults = await live(seed % 2 ** 32);
      expect(faults, `SEED=${seed % 2 ** 32}`).toEqual([]);
    }
  });
});
