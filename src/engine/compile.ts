/**
 * Flattens a chart into a transition table: configuration x event -> a tree of guards (`decision.ts`) that leads to a plan, with the actions
 * that its exits, its transitions and its entries run, in the order that xstate runs them.
 *
 * A configuration is named by its leaf states, `enabled.acking.settled & enabled.inbound.counting & ...`. Charts may have
 * parallel regions at one level; a region's transition stays inside its region. A chart that breaks this, or names a state
 * that is not there, throws here, when the module is loaded.
 */
import type { ActionName, Chart, GuardName, Transition } from '../../machines/vocabulary.js';
import type { EventType, SmEvent } from '../core/events.js';
import type { Action, Guard } from '../core/outcome.js';
import type { Policy } from '../core/policy.js';
import type { Session } from '../core/session.js';
import { type Decision, decide, follow, type Guarded, plansOf, settled } from './decision.js';
import { type ChartNode, descendsFrom, enteredBy, layOut, lineage, nodeAt, resolveTarget } from './layout.js';

/** What one event does in one configuration, once the guards have chosen. */
export interface Plan {
  readonly to: string;
  readonly actions: readonly Action[];
  readonly names: readonly ActionName[];
  /** The transitions taken, for the trace: the state that defines each, and its clauses. */
  readonly taken: readonly Taken[];
}

export interface Taken {
  readonly state: string;
  readonly descriptor: string;
  readonly guard: GuardName | null;
  readonly clauses: readonly string[];
}

export interface Table {
  readonly initial: string;
  readonly configurations: readonly string[];
  /** What `event` does in `configuration`, or undefined when nothing. */
  plan(configuration: string, session: Session, event: SmEvent, policy: Policy): Plan | undefined;
  /** Everything that any event could do in `configuration`. */
  plans(configuration: string, eventType: EventType): readonly Plan[];
  /** An active state waits for the store. */
  asksStore(configuration: string): boolean;
}

/** What the words of a chart stand for: the vocabulary, or as much of it as the chart names. */
export interface Words {
  readonly actions: { readonly [name in ActionName]?: Action };
  readonly guards: { readonly [name in GuardName]?: Guard };
}

/**
 * @param known its configurations, where somebody has found them before: then nothing is compiled before it is needed, and nothing
 * of the chart is checked
 */
export const compile = (chart: Chart, words: Words, known: readonly string[] = []): Table => {
  const root = layOut(chart);
  const rows = new Map<string, Row>();
  const initialLeaves = enteredBy(root, root).filter((node) => node.children.length === 0);
  const leavesOf = (name: string): readonly ChartNode[] => name.split(SEPARATOR).map((path) => nodeAt(root, path));
  const waiting: (readonly ChartNode[])[] = known.length > 0 ? [] : [initialLeaves];
  for (const name of known) rows.set(name, rowFor(leavesOf(name)));
  for (let leaves = waiting.pop(); leaves !== undefined; leaves = waiting.pop()) {
    const name = nameOf(leaves);
    if (rows.has(name)) continue;
    const row = rowFor(leaves);
    rows.set(name, row);
    for (const plan of descriptorsOf(leaves).flatMap((type) => plansOf(cellOf(root, words, row, type).decision))) {
      if (!rows.has(plan.to)) waiting.push(leavesOf(plan.to));
    }
  }
  /** Where the last event of each type came to: most sessions are in the same configuration when it comes. */
  const latest = new Map<string, Cell>();
  const decisionOf = (configuration: string, type: string): Decision<Plan> | undefined => {
    const last = latest.get(type);
    if (last !== undefined && last.configuration === configuration) return last.decision;
    const row = rows.get(configuration);
    if (row === undefined) return undefined;
    const cell = cellOf(root, words, row, type);
    latest.set(type, cell);
    return cell.decision;
  };
  const asking = [...rows.values()].filter(asksStore).map(({ configuration }) => configuration);
  return {
    initial: nameOf(initialLeaves),
    configurations: [...rows.keys()],
    plan(configuration, session, event, policy) {
      const found = decisionOf(configuration, event.type);
      return found === undefined ? undefined : follow(found, session, event, policy);
    },
    plans: (configuration, eventType) => plansOf(decisionOf(configuration, eventType) ?? null),
    asksStore: (configuration) => asking.includes(configuration),
  };
};

const SEPARATOR = ' & ';

interface Row {
  readonly configuration: string;
  readonly leaves: readonly ChartNode[];
  readonly cells: Map<string, Cell>;
}

interface Cell {
  readonly configuration: string;
  readonly decision: Decision<Plan>;
}

const rowFor = (leaves: readonly ChartNode[]): Row => ({ configuration: nameOf(leaves), leaves, cells: new Map() });

const asksStore = ({ leaves }: Row): boolean =>
  leaves.flatMap(lineage).some(({ state }) => state.tags?.includes('asksStore'));

interface Candidate extends Guarded {
  readonly source: ChartNode;
  readonly descriptor: string;
  readonly transition: Transition;
}

const cellOf = (root: ChartNode, words: Words, row: Row, type: string): Cell => {
  const known = row.cells.get(type);
  if (known !== undefined) return known;
  const split = row.leaves.length > 1;
  const regions = row.leaves.map((leaf) =>
    lineage(leaf)
      .filter((node) => !split || node.depth > regionDepth(leaf))
      .flatMap((node) => candidatesAt(words, node, type)),
  );
  const first = row.leaves[0];
  const above =
    !split || first === undefined
      ? []
      : lineage(first)
          .filter((node) => node.depth <= regionDepth(first))
          .flatMap((node) => candidatesAt(words, node, type));
  const leaf = (taken: readonly Candidate[]): Decision<Plan> =>
    settled(taken.length === 0 ? undefined : planFor(root, words, row.leaves, taken));
  const decision = decide(regions, (taken, answers) =>
    taken.length > 0 ? leaf(taken) : decide([above], leaf, answers),
  );
  const cell = { configuration: row.configuration, decision };
  row.cells.set(type, cell);
  return cell;
};

/** Exact matches come before the wildcard, as in xstate. */
const candidatesAt = (words: Words, node: ChartNode, type: string): readonly Candidate[] =>
  [type, '*'].flatMap((descriptor) => {
    const found = Object.entries(node.state.on ?? {}).find(([key]) => key === descriptor)?.[1] ?? [];
    return (Array.isArray(found) ? found : [found]).map((transition) => ({
      source: node,
      descriptor,
      transition,
      guard: transition.guard === undefined ? null : named(words.guards, transition.guard),
    }));
  });

const planFor = (root: ChartNode, words: Words, leaves: readonly ChartNode[], taken: readonly Candidate[]): Plan => {
  const active = [...new Set(leaves.flatMap((leaf) => lineage(leaf)))];
  const exited = new Set<ChartNode>();
  const entered = new Set<ChartNode>();
  for (const { source, transition } of taken) {
    if (transition.target === undefined) continue;
    const target = resolveTarget(root, source, transition.target);
    const domain = target === source || descendsFrom(target, source) ? source : commonAncestor(source, target);
    if (taken.length > 1 && domain.depth <= regionDepth(source)) throw new Error(`${source.path} leaves its region`);
    for (const node of active) if (descendsFrom(node, domain)) exited.add(node);
    for (const node of enteredBy(target, domain)) entered.add(node);
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
    actions: names.map((name) => named(words.actions, name)),
    taken: taken.map(({ source, descriptor, transition }) => ({
      state: source.path,
      descriptor,
      guard: transition.guard ?? null,
      clauses: transition.meta?.clauses ?? [],
    })),
  };
};

const named = <N extends string, T>(words: { readonly [name in N]?: T }, name: N): T => {
  const found = words[name];
  if (found === undefined) throw new Error(`The chart names '${name}', which is not among its words`);
  return found;
};

const descriptorsOf = (leaves: readonly ChartNode[]): readonly string[] => [
  ...new Set(leaves.flatMap(lineage).flatMap((node) => Object.keys(node.state.on ?? {}))),
];

/** The depth of the parallel state around this one; -1 when there is none. */
const regionDepth = (node: ChartNode): number =>
  lineage(node).find((around) => around !== node && around.state.type === 'parallel')?.depth ?? -1;

const commonAncestor = (a: ChartNode, b: ChartNode): ChartNode => {
  const shared = lineage(a).find((node) => node !== a && (node === b || descendsFrom(b, node)) && node !== b);
  if (shared === undefined) throw new Error(`${a.path} and ${b.path} have no common ancestor`);
  return shared;
};

const nameOf = (leaves: readonly ChartNode[]): string =>
  unique(
    [...leaves]
      .sort((a, b) => a.order - b.order)
      .map((leaf) => leaf.path)
      .join(SEPARATOR),
  );

/** The one string of this content: keys are kept once, so that comparing two of them is comparing pointers. */
const unique = (name: string): string => Object.keys({ [name]: true })[0] ?? name;
