/** Ranks: the order in which a session passes through the states beside each other, from the first rank on. */
import type { ChartState } from '../messages.js';

/** The pairs of states beside each other that arrows join, with the direction; each pair once. */
export type Joined = readonly (readonly [string, string])[];

/**
 * A state comes after all states that lead to it; arrows that lead back do not count. When no arrow joins the states,
 * each state has its own rank.
 */
export const ranksOf = ({ states, initial }: ChartState, joined: Joined): readonly (readonly string[])[] => {
  const paths = states.map(({ path }) => path);
  if (joined.length === 0) return paths.map((path) => [path]);
  const ahead = forward(
    joined,
    [...states].sort((a, b) => first(b.key, initial) - first(a.key, initial)),
  );
  const rank = new Map<string, number>();
  const rankOf = (path: string): number => {
    const known = rank.get(path);
    if (known !== undefined) return known;
    const own = Math.max(-1, ...ahead.filter(([, to]) => to === path).map(([from]) => rankOf(from))) + 1;
    rank.set(path, own);
    return own;
  };
  const ranks: string[][] = [];
  for (const path of paths) ranks[rankOf(path)] = [...(ranks[rankOf(path)] ?? []), path];
  return ranks;
};

const first = (key: string, initial: string | null): number => (key === initial ? 1 : 0);

/** The arrows without those that lead back: a walk along the arrows has already passed their target. */
const forward = (joined: Joined, states: readonly ChartState[]): Joined => {
  const kept: (readonly [string, string])[] = [];
  const done = new Set<string>();
  const order = states.map(({ path }) => path);
  const walk = (path: string, way: readonly string[]): void => {
    done.add(path);
    for (const edge of order.flatMap((to) => joined.filter((one) => one[0] === path && one[1] === to))) {
      const [, to] = edge;
      if (way.includes(to)) continue;
      kept.push(edge);
      if (!done.has(to)) walk(to, [...way, to]);
    }
  };
  for (const { path } of states) if (!done.has(path)) walk(path, [path]);
  return kept;
};
