/** Finds states in a chart, in the form in which the page gets the chart. */
import type { ChartState, ChartTransition, LoggedStep } from '../messages.js';

export const stateAt = (root: ChartState, path: string): ChartState | undefined =>
  path === root.path
    ? root
    : root.states.map((child) => (isWithin(path, child.path) ? stateAt(child, path) : undefined)).find(Boolean);

/**
 * The active states except regions, each after the state that holds it. A state inside a region comes with that region.
 */
export const activeIn = (
  root: ChartState,
  leaves: readonly string[],
  region?: ChartState,
): readonly { readonly state: ChartState; readonly region: ChartState | undefined }[] =>
  root.states
    .filter(({ path }) => leaves.some((leaf) => isWithin(leaf, path)))
    .flatMap((state) =>
      root.parallel ? activeIn(state, leaves, state) : [{ state, region }, ...activeIn(state, leaves, region)],
    );

/** True also for the state itself. */
export const isWithin = (path: string, ancestor: string): boolean =>
  ancestor === '' || path === ancestor || path.startsWith(`${ancestor}.`);

/**
 * The two states beside each other that an arrow from `source` to `target` joins. They hold `source` and `target`, and
 * they are children of the innermost state that holds both. Undefined when `source` holds `target`, or `target` holds
 * `source`.
 */
export const ends = (source: string, target: string): readonly [string, string] | undefined => {
  if (isWithin(source, target) || isWithin(target, source)) return undefined;
  const [from, to] = [source.split('.'), target.split('.')];
  const shared = from.findIndex((key, index) => key !== to[index]) + 1;
  return [from.slice(0, shared).join('.'), to.slice(0, shared).join('.')];
};

/** The transitions that a step took, with their targets from the chart. */
export const takenIn = (root: ChartState, { event, taken }: LoggedStep): readonly Taken[] =>
  taken.map(({ state, guard }) => {
    const found = stateAt(root, state)?.transitions.filter((transition) => transition.guard === guard) ?? [];
    const transition = found.find((one) => one.event === event) ?? found.find((one) => one.event === '*');
    return { state, target: transition?.target ?? null };
  });

export interface Taken {
  /** The state that defines the transition. */
  readonly state: string;
  readonly target: string | null;
}

export const inWords = ({ event, guard }: Pick<ChartTransition, 'event' | 'guard'>): string =>
  `${event === '*' ? 'anything else' : event}${guard === null ? '' : ` [${guard}]`}`;
