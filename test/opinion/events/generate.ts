/** Random histories. */
import type { Disagreement } from '../compare/compare.js';
import type { Random } from '../random.js';
import { likelyClient, likelyServer } from './likely.js';
import type { History, Op } from './op.js';
import { move, type Pair, pairFor } from './pair.js';
import { wild } from './wild.js';

const policyFor = (random: Random): History['policy'] => ({
  ...(random.chance(0.6) ? { initialCount: 2 ** 32 - 3 } : {}),
  ...(random.chance(0.4) ? { deferHandling: true } : {}),
  ...(random.chance(0.3) ? { maxQueueStanzas: 3 } : {}),
  ...(random.chance(0.1) ? { maxQueueBytes: 60 + random.upTo(100) } : {}),
  ...(random.chance(0.3) ? { maxUnackedStanzas: random.upTo(3) } : {}),
  ...(random.chance(0.2) ? { maxInactiveUnackedStanzas: random.upTo(6) } : {}),
  ...(random.chance(0.1) ? { resume: false } : {}),
  ...(random.chance(0.1) ? { hibernationTime: random.pick([0, 0.2, 1, 1.5, 2 ** 32 - 1]) } : {}),
  ...(random.chance(0.1) ? { secondEnable: 'close' } : {}),
  ...(random.chance(0.1) ? { ackIdle: random.pick([0, 0.5, 5]) } : {}),
  ...(random.chance(0.2) ? { storeTimeout: random.pick([1, 2.5]) } : {}),
  ...(random.chance(0.1) ? { location: 'b.example.net:5222' } : {}),
  ...(random.chance(0.1) ? { maxAckDelay: 10, deadAfter: random.pick([10, 20]) } : {}),
});

const PAUSES = [0, 0, 0, 1, 100, 1000, 2000, 15_000];
const LONG = 2 ** 43;

export interface Found extends Disagreement {
  /** The number of the move that shows it, and the phase in which the model met it. */
  readonly at: number;
  readonly phase: string;
}

export interface Played {
  readonly history: History;
  readonly found: readonly Found[];
  readonly moves: number;
}

/** How wild a history is differs: a tame one gets far, a wild one sees every door. */
export const play = (random: Random): Played => {
  const role = random.chance(0.5) ? 'client' : 'server';
  const policy = policyFor(random);
  const wildness = random.pick([0.02, 0.1, 0.4]);
  const length = random.pick([20, 60, 200]);
  const ops: Op[] = [];
  const pair = pairFor({ role, policy, ops });
  const found: Found[] = [];
  let hard: Disagreement | null = null;
  while (ops.length < length && hard === null && !pair.over) {
    const op = { ...next(random, pair, wildness, ops.at(-1)), id: ops.length + 1 };
    ops.push(op);
    const { phase, asleep } = pair.model;
    const where = { at: ops.length, phase: asleep ? `${phase}, asleep` : phase };
    hard = move(pair, op);
    for (const soft of pair.soft.splice(0)) found.push({ ...soft, ...where });
    if (hard !== null) found.push({ ...hard, ...where });
    if (pair.model.phase === 'ended' && random.chance(0.3)) break;
  }
  return { history: { role, policy, ops }, found, moves: ops.length };
};

const next = (random: Random, { model }: Pair, wildness: number, last: Op | undefined) => {
  // Events come twice, timers too.
  if (last !== undefined && random.chance(0.02)) return { ...last, dt: 0 };
  const likely = model.role === 'client' ? likelyClient : likelyServer;
  const draft = random.chance(wildness) ? wild(random, model) : likely(random, model);
  return { ...draft, dt: draft.dt ?? (random.chance(0.0005) ? LONG : random.pick(PAUSES)) };
};

/** Does this history show the disagreement? */
export const shows = (history: History, about: string): boolean => {
  const pair = pairFor(history);
  for (const op of history.ops) {
    if (pair.over) return false;
    const hard = move(pair, op);
    if (pair.soft.some((found) => found.about === about)) return true;
    if (hard !== null) return hard.about === about;
  }
  return false;
};
