import type { Cut } from '../../testing/cutting-proxy.js';
import type { Random } from '../../testing/random.js';

/** A cut in a plan. */
export interface PlannedCut {
  /** The time of the cut: 0 is the start of the run, 1 its end. No cut comes in the last twentieth. */
  readonly at: number;
  /** Milliseconds that the cut waits when the connection has only just come back. */
  readonly linger: number;
  readonly cut: Cut;
}

/** Plans `count` cuts of all kinds at random times, shared between the two clients. Each list is in order of time. */
export const planCuts = (random: Random, count: number): readonly [readonly PlannedCut[], readonly PlannedCut[]] => {
  const plan: readonly [PlannedCut[], PlannedCut[]] = [[], []];
  const instants = Array.from({ length: count }, () => random.next() * 0.95).sort((a, b) => a - b);
  for (const at of instants) {
    plan[random.chance(0.5) ? 0 : 1].push({ at, linger: random.integer(0, 150), cut: anyCut(random) });
  }
  return plan;
};

export const anyCut = (random: Random): Cut => {
  const how = random.pick(CUT_KINDS);
  const direction = random.pick(['up', 'down'] as const);
  switch (how) {
    case 'between':
      return { how, direction };
    case 'inside':
      return { how, direction, keepBytes: random.integer(1, 400) };
    default:
      return { how };
  }
};

export const CUT_KINDS = ['between', 'inside', 'fin', 'rst', 'half-open'] as const;
