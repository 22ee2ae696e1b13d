import { describe, expect, it } from 'vitest';
import { CUT_KINDS, planCuts } from '../../src/cli/demo/cuts.js';
import { createRandom, seedFrom } from '../../src/testing/random.js';

const seed = seedFrom(process.env.SEED);

describe(`the cuts of a run (SEED=${seed})`, () => {
  it('are the same for the same seed', () => {
    expect(planCuts(createRandom(seed), 40)).toEqual(planCuts(createRandom(seed), 40));
  });

  it('are as many as the options say, spread over the run, and in order for each client', () => {
    const plans = planCuts(createRandom(seed), 40);
    expect(plans.flat()).toHaveLength(40);
    for (const plan of plans) {
      const instants = plan.map(({ at }) => at);
      expect(instants).toEqual(instants.toSorted((a, b) => a - b));
      expect(instants.every((at) => at >= 0 && at < 1)).toBe(true);
    }
  });

  it('are of every kind', () => {
    const kinds = new Set(planCuts(createRandom(seed), 1000).flatMap((plan) => plan.map(({ cut }) => cut.how)));
    expect([...kinds].sort()).toEqual([...CUT_KINDS].sort());
  });
});
