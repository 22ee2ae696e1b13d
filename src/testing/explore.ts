/** Exhaustive exploration: every order in which a few things can happen to a client and its servers, breadth first. */
import { act } from './explore/acting.js';
import { createGraph, type Graph } from './explore/graph.js';
import { createIntern } from './explore/intern.js';
import { isAtRest } from './explore/looking.js';
import { movesOf } from './explore/moves.js';
import { type ExploreOptions, firstWorld, type Plan, planOf, type RuleName } from './explore/options.js';
import type { Fault } from './explore/turn.js';
import type { World } from './explore/world.js';

export interface Exploration {
  /** How many different worlds were walked. */
  readonly states: number;
  /** How many moves lead from one of them to another. */
  readonly moves: number;
  /** The length of the longest shortest history. */
  readonly depth: number;
  /** How many worlds are at rest: every stanza has its fate, and nothing is in flight. */
  readonly rests: number;
  /** False when the walk ended at `mostStates` or at a fault. */
  readonly isWhole: boolean;
  /** The first fault, with one of the shortest histories that lead to it; null when there is none. */
  readonly fault: { readonly rule: RuleName; readonly says: string; readonly history: readonly string[] } | null;
}

/**
 * Walks every state within the bounds, and stops at the first fault.
 *
 * @throws TypeError that names a wrong bound, or the wrong fields of a policy
 */
export const explore = (options: ExploreOptions = {}): Exploration => {
  const plan = planOf(options);
  const { mostStates = Number.POSITIVE_INFINITY, onProgress } = options;
  const graph = createGraph();
  const intern = createIntern();
  const known = new Map<string, number>();
  const first = intern(firstWorld(plan));
  known.set(first.name, graph.add(-1, 0));

  let depth = 0;
  let level: readonly Walked[] = [{ index: 0, world: first.world }];
  for (let told = 0; level.length > 0; depth++) {
    const next: Walked[] = [];
    for (const { index, world } of level) {
      if (isAtRest(plan, world)) graph.markRest(index);
      const moves = movesOf(plan, world);
      for (let number = 0; number < moves.length; number++) {
        const move = moves[number];
        if (move === undefined) continue;
        const after = act(plan, world, move);
        if (after.fault !== undefined)
          return resultOf(graph, depth + 1, false, after.fault, historyOf(plan, [...graph.path(index), number]));
        const { name, world: shared } = intern(after.world);
        let target = known.get(name);
        if (target === undefined) {
          target = graph.add(index, number);
          known.set(name, target);
          next.push({ index: target, world: shared });
        }
        graph.join(index, target);
      }
      if (graph.size >= mostStates) return resultOf(graph, depth, false);
      if (onProgress !== undefined && graph.size - told >= TELL_EVERY) {
        told = graph.size;
        onProgress({ states: told, waiting: next.length, depth });
      }
    }
    level = next;
  }
  return restOf(plan, graph, depth - 1);
};

interface Walked {
  readonly index: number;
  readonly world: World;
}

const TELL_EVERY = 20_000;

/** The rule `rest`: from each world some path leads to rest. */
const restOf = (plan: Plan, graph: Graph, depth: number): Exploration => {
  const stuck = plan.except.includes('rest') ? -1 : graph.stuck();
  if (stuck < 0) return resultOf(graph, depth, true);
  const says = 'no path leads from here to rest';
  return resultOf(graph, depth, true, { rule: 'rest', says }, historyOf(plan, graph.path(stuck)));
};

const resultOf = (
  graph: Graph,
  depth: number,
  isWhole: boolean,
  fault?: Fault,
  history: readonly string[] = [],
): Exploration => ({
  states: graph.size,
  moves: graph.edges,
  depth,
  rests: graph.rests,
  isWhole,
  fault: fault === undefined ? null : { ...fault, history },
});

/** Walks the moves again, and writes down what happens. */
const historyOf = (plan: Plan, path: readonly number[]): readonly string[] => {
  const history: string[] = [];
  let world = firstWorld(plan);
  path.forEach((number, step) => {
    const lines: string[] = [];
    const move = movesOf(plan, world)[number];
    if (move === undefined) return;
    ({ world } = act(plan, world, move, lines));
    history.push(...lines.map((line, n) => `${n === 0 ? String(step + 1).padStart(3) : '   '}  ${line}`));
  });
  return history;
};
