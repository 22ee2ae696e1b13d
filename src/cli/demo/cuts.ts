import type { Cut } from '../../testing/cutting-proxy.js';
import type { Random } from '../../testing/random.js';

/** One cut of a plan. */
export interface PlannedCut {
  /** When: 0 is the start of the run, 1 its end; none comes in the last twentieth. */
  readonly at: number;
  /** Milliseconds to wait when the connection is only just coming back. */
  readonly linger: number;
  readonly cut: Cut;
}

/** `count` cuts of all kinds at random instants, dealt to the two clients; each list is in order of time. */
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
