/**
 * The check (`src/conformance`) against hosts with one fault each: it has to see every one, and none where there is none.
 * It needs a build, and runs by itself: `npm run mutants`.
 */
import { beforeAll, describe, it } from 'vitest';
import { type Check, checks, runChecks } from '../../src/conformance/index.js';
import { mutants } from './faults/index.js';
import type { Mutant, Scene } from './mutant.js';
import { startHost } from './mutant-host.js';
import { compile } from './mutate.js';

/** Milliseconds that a mutant may take for an answer: some never give one. */
const PATIENCE = 2000;

beforeAll(() => compile(mutants));

describe('the check', () => {
  it.concurrent.for(mutants.map((mutant) => [mutant.name, mutant] as const))(
    'sees %s',
    async ([, mutant], { expect }) => {
      const { fault, seenBy, scene } = mutant;
      const { results, said } = await check(named(seenBy), scene, mutant);
      const seen = results
        .filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')
        .map((result) => result.check.id);
      expect(said, 'what the host printed').toBe('');
      expect(seen, fault).toEqual(checks.map(({ id }) => id).filter((id) => seenBy.includes(id)));
      expect(seen, `a check that sees this: ${fault}`).not.toEqual([]);
    },
  );
});

const check = async (chosen: readonly Check[], scene: Scene = {}, mutant?: Mutant) => {
  const { initialCount = 0, stress = false } = scene;
  const { target, accounts, stop } = await startHost(scene, mutant);
  const results = await runChecks({
    target,
    where: 'the host',
    accounts,
    checks: chosen,
    allowed: { wait: 10, stress, initialCount },
    ...(mutant && { patience: PATIENCE }),
  });
  return { results, said: await stop() };
};

/** In the order in which they run; all of them when none is named. */
const named = (ids: readonly string[]): readonly Check[] =>
  ids.length === 0 ? checks : checks.filter(({ id }) => ids.includes(id));
