/**
 * The compiled binding of a chart: a table from configuration and event to a tree of guards (`decision.ts`) that leads to a plan
 * (`plan.ts`). The binding computes a cell of the table on its first use, and keeps it.
 *
 * A configuration is named by its leaf states, `enabled.acking.allAcked & enabled.capacity.belowLimit`. Charts may have parallel regions
 * at one level; the transition of a region stays inside its region.
 */
import type { Chart, Tag, Words } from '../../machines/vocabulary.js';
import type { EventType, SmEvent } from '../core/events.js';
import type { Policy } from '../core/policy.js';
import type { Session } from '../core/session.js';
import { type Decision, decide, decided, follow, plansIn } from './decision.js';
import { type ChartNode, enteredBy, layOut, lineage } from './layout.js';
import { type Candidate, candidatesAt, leavesIn, nameOf, type Plan, planFor, regionDepth } from './plan.js';

export type { Plan } from './plan.js';

export interface Table {
  readonly initial: string;
  /** What `event` does in `configuration`, or undefined when it does nothing. */
  plan(configuration: string, session: Session, event: SmEvent, policy: Policy): Plan | undefined;
  /** The guards that an event of this type meets in `configuration`; undefined when the chart has no such configuration. */
  decisionOf(configuration: string, eventType: EventType): Decision<Plan> | undefined;
  /** Whether an active state of `configuration`, or a state around it, has the tag. */
  hasTag(configuration: string, tag: Tag): boolean;
  /** The chart as a tree. */
  readonly root: ChartNode;
}

export const compile = (chart: Chart, words: Words): Table => {
  const root = layOut(chart);
  const rows = new Map<string, Row>();
  /** The result of the last event of each type: most sessions are in the same configuration when an event of that type arrives. */
  const latest = new Map<string, Cell>();

  const rowOf = (configuration: string): Row | undefined => {
    const known = rows.get(configuration);
    if (known !== undefined) return known;
    const leaves = leavesIn(root, configuration);
    if (leaves === undefined) return undefined;
    const row = rowFor(configuration, leaves);
    rows.set(configuration, row);
    return row;
  };

  const decisionOf = (configuration: string, type: string): Decision<Plan> | undefined => {
    const last = latest.get(type);
    if (last !== undefined && last.configuration === configuration) return last.decision;
    const row = rowOf(configuration);
    if (row === undefined) return undefined;
    const cell = cellOf(root, words, row, type);
    latest.set(type, cell);
    return cell.decision;
  };

  return {
    root,
    initial: nameOf(enteredBy([root], root).filter((node) => node.children.length === 0)),
    plan(configuration, session, event, policy) {
      const found = decisionOf(configuration, event.type);
      return found === undefined ? undefined : follow(found, session, event, policy);
    },
    decisionOf,
    hasTag: (configuration, tag) => rowOf(configuration)?.tags.includes(tag) ?? false,
  };
};

/** Everything that an event of this type could do in `configuration`. */
export const plansOf = (table: Table, configuration: string, eventType: EventType): readonly Plan[] =>
  plansIn(table.decisionOf(configuration, eventType) ?? null);

interface Row {
  readonly configuration: string;
  readonly leaves: readonly ChartNode[];
  readonly tags: readonly Tag[];
  readonly cells: Map<string, Cell>;
}

interface Cell {
  readonly configuration: string;
  readonly decision: Decision<Plan>;
}

const rowFor = (configuration: string, leaves: readonly ChartNode[]): Row => ({
  configuration,
  leaves,
  tags: leaves.flatMap(lineage).flatMap(({ state }) => state.tags ?? []),
  cells: new Map(),
});

const cellOf = (root: ChartNode, words: Words, row: Row, type: string): Cell => {
  const known = row.cells.get(type);
  if (known !== undefined) return known;
  const leaf = (taken: readonly Candidate[]): Decision<Plan> =>
    decided(taken.length === 0 ? undefined : planFor(root, words, row.leaves, taken));
  const [regions, above] = candidatesIn(words, row.leaves, type);
  const decision = decide(
    regions,
    (taken, answers) => (taken.length > 0 ? leaf(taken) : decide([above], leaf, words.implied, answers)),
    words.implied,
  );
  const cell = { configuration: row.configuration, decision };
  row.cells.set(type, cell);
  return cell;
};

/** The transitions that each region may take; then the transitions of the states around the regions, which have the lowest priority. */
const candidatesIn = (
  words: Words,
  leaves: readonly ChartNode[],
  type: string,
): readonly [regions: readonly (readonly Candidate[])[], above: readonly Candidate[]] => {
  const split = leaves.length > 1;
  const candidatesFrom = (leaf: ChartNode, counts: (node: ChartNode) => boolean): readonly Candidate[] =>
    lineage(leaf)
      .filter(counts)
      .flatMap((node) => candidatesAt(words, node, type));
  const regions = leaves.map((leaf) => candidatesFrom(leaf, (node) => !split || node.depth > regionDepth(leaf)));
  const first = leaves[0];
  const above = !split || first === undefined ? [] : candidatesFrom(first, (node) => node.depth <= regionDepth(first));
  return [regions, above];
};
