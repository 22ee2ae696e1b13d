/**
 * How much of a random test runs: `npm run test:deep` runs every round, `npm test` a tenth of them. test/vitest.config.ts says which
 * share a run has, the variable EFFORT another one (`npm run mutation` has time for a hundredth).
 */
export const effort = Number(process.env.EFFORT || 1);

/** Every round runs, so that the test can also say how often a thing happens in all of them. */
export const isDeep = effort >= 1;

/** @returns the rounds to run, of `all` of them: at least `least` */
export const rounds = (all: number, least = 1): number => Math.max(least, Math.ceil(all * effort));
