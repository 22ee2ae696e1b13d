/** The states of a chart as a tree that can be walked: paths, parents, document order. */
import type { Chart, ChartState } from '../../machines/vocabulary.js';

export interface ChartNode {
  /** The keys from the root, joined by dots; '' for the root. */
  readonly path: string;
  readonly key: string;
  readonly state: ChartState;
  readonly parent: ChartNode | null;
  readonly children: readonly ChartNode[];
  readonly depth: number;
  /** Position in the document: parents before children, children as they are written. */
  readonly order: number;
}

export const layOut = (chart: Chart): ChartNode => {
  let order = 0;
  const node = (key: string, path: string, state: ChartState, parent: ChartNode | null): ChartNode => {
    const children: ChartNode[] = [];
    const made = { path, key, state, parent, children, depth: parent === null ? 0 : parent.depth + 1, order: order++ };
    for (const [childKey, child] of Object.entries(state.states ?? {})) {
      children.push(node(childKey, path === '' ? childKey : `${path}.${childKey}`, child, made));
    }
    return made;
  };
  return node(chart.id, '', chart, null);
};

/** The node at a path; undefined when the chart has no node at this path. */
export const findNode = (root: ChartNode, path: string): ChartNode | undefined =>
  path
    .split('.')
    .reduce<ChartNode | undefined>((node, key) => node?.children.find((candidate) => candidate.key === key), root);

const nodeAt = (root: ChartNode, path: string): ChartNode => path.split('.').reduce(child, root);

/** xstate's target words: `.child`, `#root.path`, or a path from the source's parent. */
export const resolveTarget = (root: ChartNode, source: ChartNode, target: string): ChartNode => {
  if (target.startsWith('.')) return target.slice(1).split('.').reduce(child, source);
  if (target.startsWith('#')) return nodeAt(root, target.split('.').slice(1).join('.'));
  return target.split('.').reduce(child, source.parent ?? root);
};

export const descendsFrom = (node: ChartNode, ancestor: ChartNode): boolean =>
  node.parent !== null && (node.parent === ancestor || descendsFrom(node.parent, ancestor));

/** The states that a transition enters: the states between `domain` and each target, initial states, and the regions beside them. */
export const enteredBy = (targets: readonly ChartNode[], domain: ChartNode): readonly ChartNode[] => {
  const path = [...new Set(targets.flatMap(lineage))].filter((node) => descendsFrom(node, domain));
  const regionsBeside = path
    .filter((node) => !targets.includes(node) && node.state.type === 'parallel')
    .flatMap((node) => node.children.filter((region) => !path.includes(region)));
  const initial = targets.flatMap(initialUnder);
  return [...path, ...initial, ...regionsBeside.flatMap((region) => [region, ...initialUnder(region)])];
};

/** A node and its ancestors, innermost first. */
export const lineage = (node: ChartNode): readonly ChartNode[] =>
  node.parent === null ? [node] : [node, ...lineage(node.parent)];

const initialUnder = (node: ChartNode): readonly ChartNode[] => {
  if (node.children.length === 0) return [];
  const first = node.state.type === 'parallel' ? node.children : [child(node, node.state.initial ?? '')];
  return first.flatMap((next) => [next, ...initialUnder(next)]);
};

const child = (node: ChartNode, key: string): ChartNode => {
  const found = node.children.find((candidate) => candidate.key === key);
  if (found === undefined) throw new Error(`The chart has no state '${key}' in '${node.path}'`);
  return found;
};
