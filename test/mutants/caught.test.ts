/**
 * The check (`src/check`) against hosts with one fault each: it has to see every fault, and none where there is none.
 * It needs a build, and runs by itself: `npm run mutants`.
 */
import { beforeAll, describe, it } from 'vitest';
import { type Check, checkServer, checks } from '../../src/check.js';
import { mutants } from './faults/index.js';
import type { Mutant, Scene } from './mutant.js';
import { startHost } from './mutant-host.js';
import { compile } from './mutate.js';

/** Milliseconds that a mutant may take for an answer: some never give one. */
const PATIENCE = 2000;

beforeAll(() => compile(mutants));

describe.concurrent('the check', () => {
  it.for(scenes())('finds no fault in a host without a mutant, with %s', async ([, { scene, chosen }], { expect }) => {
    const { troubles, said } = await checked(chosen, scene);
    expect(troubles).toEqual([]);
    expect(said, 'what the host printed').toBe('');
  });

  it.for(mutants.map((mutant) => [mutant.name, mutant] as const))('sees %s', async ([, mutant], { expect }) => {
    const { fault, seenBy, scene } = mutant;
    const chosen = seenBy.length === 0 ? checks : checks.filter(({ id }) => seenBy.includes(id));
    const { troubles, said } = await checked(chosen, scene, mutant);
    expect(said, 'what the host printed').toBe('');
    expect(troubles, fault).toEqual(seenBy.length === 0 ? [] : chosen.map(({ id }) => id));
    expect(troubles, `no check sees this: ${fault}`).not.toEqual([]);
  });
});

/** Ids of the checks that did not pass. */
const checked = async (chosen: readonly Check[], scene: Scene = {}, mutant?: Mutant) => {
  const { initialCount = 0, stress = false } = scene;
  const { server, transport, accounts, stop } = await startHost(scene, mutant, chosen.length > 10 ? 8 : 2);
  const { results } = await checkServer({
    server,
    transport,
    accounts,
    checks: chosen,
    stress,
    initialCount,
    ...(mutant && { patience: PATIENCE }),
  });
  const troubles = results.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');
  return { troubles: troubles.map(({ check }) => check.id), said: await stop() };
};

/** Each way in which hosts are started here, with the checks that see mutants of it. */
const scenes = () => {
  const all = new Map<string, { readonly scene: Scene | undefined; readonly seenBy: Set<string> }>();
  for (const { scene, seenBy } of mutants) {
    const name = scene === undefined ? 'nothing special' : JSON.stringify(scene);
    const entry = all.get(name) ?? { scene, seenBy: new Set() };
    all.set(name, entry);
    for (const id of seenBy) entry.seenBy.add(id);
  }
  return [...all].map(([name, { scene, seenBy }]) => {
    const chosen = checks.filter(({ id }) => seenBy.has(id));
    return [name, { scene, chosen }] as const;
  });
};
