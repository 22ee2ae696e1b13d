/** One schedule: random moves, then the healing. */
import type { Disagreement } from '../compare/compare.js';
import type { Random } from '../random.js';
import { drain } from './drain.js';
import { anyMove, type Move, make } from './moves.js';
import { newWorld, type Setup, type World } from './world.js';

export interface Schedule {
  readonly setup: Setup;
  readonly moves: readonly Move[];
}

const SETUPS = [
  { client: 'model', server: 'project' },
  { client: 'project', server: 'model' },
  { client: 'project', server: 'project' },
  { client: 'model', server: 'model' },
] as const;

const policyFor = (random: Random) => ({
  ...(random.chance(0.6) ? { initialCount: 2 ** 32 - 3 } : {}),
  ...(random.chance(0.5) ? { deferHandling: true } : {}),
  ...(random.chance(0.15) ? { maxQueueStanzas: 4 + random.upTo(4) } : {}),
  ...(random.chance(0.3) ? { maxUnackedStanzas: random.upTo(3) } : {}),
  ...(random.chance(0.2) ? { hibernationTime: 20 } : {}),
});

export const anySchedule = (random: Random): Schedule => {
  const length = random.pick([40, 120, 250]);
  // Two ends of the model try the observer itself: a tenth of the schedules.
  const pair = random.chance(0.1) ? SETUPS[3] : random.pick(SETUPS.slice(0, 3));
  const setup = { ...pair, policy: policyFor(random) };
  return { setup, moves: Array.from({ length }, (_, index) => anyMove(random, index + 1)) };
};

export const playSchedule = ({ setup, moves }: Schedule, told: World['told'] = null): Disagreement | null => {
  const world = newWorld(setup);
  world.told = told;
  try {
    for (const move of moves) make(world, move);
    if (world.found === null) drain(world);
  } catch (error) {
    return {
      about: 'throws',
      project: error instanceof Error ? (error.stack ?? '') : String(error),
      model: 'never throws',
    };
  }
  return world.found;
};
