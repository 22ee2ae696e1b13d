/** The charts and the clauses in the form for the inspector's page: JSON, with every target resolved. */

import { clauses } from '../clauses/table.js';
import { type ChartNode, layOut, lineage, resolveTarget } from '../engine/layout.js';
import type { Session } from '../index.js';
import { type Chart, client, server } from '../machines.js';
import type { ChartState, ChartTransition, Pictures } from './messages.js';

export const pictures = (): Pictures => ({
  charts: { client: chartState(client), server: chartState(server) },
  timers: TIMERS,
  clauses: Object.fromEntries(clauses.map(({ id, section, level, text }) => [id, { section, level, text }])),
});

const chartState = (chart: Chart): ChartState => {
  const root = layOut(chart);
  const drawn = (node: ChartNode): ChartState => ({
    path: node.path,
    key: node.key,
    description: node.state.description,
    clauses: node.state.meta.clauses,
    initial: node.state.initial ?? null,
    parallel: node.state.type === 'parallel',
    states: node.children.map(drawn),
    transitions: transitionsOf(root, node),
  });
  return drawn(root);
};

const transitionsOf = (root: ChartNode, node: ChartNode): readonly ChartTransition[] =>
  Object.entries(node.state.on ?? {}).flatMap(([event, found]) =>
    [found].flat().map(({ guard = null, target, actions = [], meta }) => ({
      event,
      guard,
      target: targetOf(root, node, [target ?? []].flat()),
      actions,
      clauses: meta?.clauses ?? [],
    })),
  );

/** The state that a transition leads to; of several states in regions, the state around the regions. */
const targetOf = (root: ChartNode, node: ChartNode, targets: readonly string[]): string | null => {
  const [first, ...others] = targets.map((target) => resolveTarget(root, node, target));
  if (first === undefined) return null;
  return (others.length === 0 ? first : lineage(first).find(({ state }) => state.type === 'parallel'))?.path ?? null;
};

const TIMERS: Readonly<Record<keyof Session['timers'], string>> = {
  ackIdle: 'an ack is asked for',
  ackWait: 'the answer is late',
  overflowGrace: 'the session ends',
  resumption: 'the time to resume is over',
  storeWait: 'the store is too slow',
};
