/** The plan of an event in a configuration: the states to leave and to enter, and the actions to run, in the order of xstate. */
import type { ActionName, Transition, Words } from '../../machines/vocabulary.js';
import type { Action, Guard } from '../core/outcome.js';
import type { Guarded } from './decision.js';
import { type ChartNode, descendsFrom, enteredBy, findNode, lineage, resolveTarget } from './layout.js';

/** The work of one event in one configuration, after the guards have selected the transitions. */
export interface Plan {
  readonly to: string;
  readonly actions: readonly Action[];
  readonly names: readonly ActionName[];
  /** The transitions taken, for the trace. */
  readonly taken: readonly Candidate[];
}

/** A transition that an event may take. */
export interface Candidate extends Guarded {
  readonly source: ChartNode;
  readonly descriptor: string;
  readonly transition: Transition;
}

const SEPARATOR = ' & ';

/** The transitions of a state for an event: exact matches come before the wildcard, as in xstate. */
export const candidatesAt = (words: Words, node: ChartNode, type: string): readonly Candidate[] =>
  [type, '*'].flatMap((descriptor) => {
    const found = Object.entries(node.state.on ?? {}).find(([key]) => key === descriptor)?.[1] ?? [];
    return (Array.isArray(found) ? found : [found]).map((transition) => ({
      source: node,
      descriptor,
      transition,
      guard: transition.guard === undefined ? null : (words.guards[transition.guard] as Guard),
    }));
  });

/** @throws Error when the chart names a state that does not exist. A test shows that every name of a chart is among its words. */
export const planFor = (
  root: ChartNode,
  words: Words,
  leaves: readonly ChartNode[],
  taken: readonly Candidate[],
): Plan => {
  const active = [...new Set(leaves.flatMap((leaf) => lineage(leaf)))];
  const exited = new Set<ChartNode>();
  const entered = new Set<ChartNode>();
  for (const { source, transition } of taken) {
    const targets = targetsOf(transition).map((target) => resolveTarget(root, source, target));
    if (targets.length === 0) continue;
    const domain = domainOf(root, source, targets);
    for (const node of active) if (descendsFrom(node, domain)) exited.add(node);
    for (const node of enteredBy(targets, domain)) entered.add(node);
  }
  const names = [
    ...[...exited].sort((a, b) => b.order - a.order).flatMap((node) => node.state.exit ?? []),
    ...taken.flatMap(({ transition }) => transition.actions ?? []),
    ...[...entered].sort((a, b) => a.order - b.order).flatMap((node) => node.state.entry ?? []),
  ];
  const after = [
    ...leaves.filter((leaf) => !exited.has(leaf)),
    ...[...entered].filter((node) => node.children.length === 0),
  ];
  return {
    to: nameOf(after),
    names,
    actions: names.map((name) => words.actions[name] as Action),
    taken,
  };
};

/** The depth of the parallel state around this one; -1 when there is none. */
export const regionDepth = (node: ChartNode): number =>
  lineage(node).find((around) => around !== node && around.state.type === 'parallel')?.depth ?? -1;

/** The name of a configuration: its leaf states in the order of the chart. */
export const nameOf = (leaves: readonly ChartNode[]): string =>
  unique(
    [...leaves]
      .sort((a, b) => a.order - b.order)
      .map((leaf) => leaf.path)
      .join(SEPARATOR),
  );

/** The states in the name of a configuration; undefined when the chart does not have all of them. */
export const leavesIn = (root: ChartNode, name: string): readonly ChartNode[] | undefined => {
  const leaves = name.split(SEPARATOR).map((path) => findNode(root, path));
  return leaves.every((leaf) => leaf !== undefined) ? leaves : undefined;
};

const targetsOf = ({ target = [] }: Transition): readonly string[] => (typeof target === 'string' ? [target] : target);

/** The innermost state around the source and all targets; the source itself, when all targets are in it. */
const domainOf = (root: ChartNode, source: ChartNode, targets: readonly ChartNode[]): ChartNode => {
  if (targets.every((target) => target === source || descendsFrom(target, source))) return source;
  const around = lineage(source).slice(1);
  return around.find((node) => targets.every((target) => descendsFrom(target, node))) ?? root;
};

/** The shared string with this content: V8 stores a key once, so it compares two names by their pointers. */
const unique = (name: string): string => Object.keys({ [name]: true })[0] ?? name;
