/**
 * Diagrams of the charts as Mermaid's stateDiagram-v2, with the texts of the charts. All diagrams come from the charts,
 * so a diagram shows only what the chart does.
 */

import { type ChartNode, descendsFrom, layOut, resolveTarget } from '../engine/layout.js';
import type { Chart, Transition } from '../machines.js';

export interface DiagramOptions {
  /**
   * Shows only this state, its content, and the sources and targets of its transitions: a path of `statesOf`. Default:
   * the whole chart.
   */
  readonly state?: string;
  /** Shows also the events that change nothing: ignored events, and the answer to all other events. Default: false. */
  readonly all?: boolean;
  /**
   * For a first reading: shows only the arrows between states, without clauses. Of a whole chart it shows the outermost
   * states. Around a state that holds other states, each outermost state also stands for all states inside it. Default:
   * false.
   */
  readonly brief?: boolean;
}

/** The paths of a chart's states, in the order of the chart: `disabled`, `disabled.unlinked` ... */
export const statesOf = (chart: Chart): readonly string[] => below(layOut(chart)).map(({ path }) => path);

/**
 * The chart, or a state of it, as Mermaid text. A transition that leads to another state is an arrow with its event,
 * its guard and its clauses. A transition that stays is a line in the box of its state. A transition of all states of a
 * group leaves from, or stays in, a box `any of these`.
 *
 * @returns undefined when the chart has no such state
 */
export const mermaid = (chart: Chart, options: DiagramOptions = {}): string | undefined => {
  const { state, all = false, brief = false } = options;
  const root = layOut(chart);
  if (state === undefined && brief) return overview(root);
  const top = state === undefined ? root : below(root).find(({ path }) => path === state);
  if (top === undefined) return undefined;
  const inside = (node: ChartNode): boolean => node === top || descendsFrom(node, top);
  const widens = brief && top.children.length > 0;
  const shown = (node: ChartNode): ChartNode => (widens && !inside(node) ? widest(node, top) : node);
  const arrows = arrowsIn(root, brief ? eventAndGuard : labelOf)
    .filter(({ from, to }) => inside(from) || inside(to))
    .map((arrow) => between(arrow, shown));
  const around = new Set(arrows.flatMap(({ from, to }) => [from, to]).filter((node) => !inside(node)));
  const shows: Shows = {
    staying: (node) =>
      transitionsOf(node).filter((found) => found.target === undefined && !brief && (all || !changesNothing(found))),
    leaving: (node) => arrows.some(({ from }) => from === node),
  };
  return [
    'stateDiagram-v2',
    ...(top === root ? content(root, shows, '  ') : drawn(top, shows, '  ')),
    ...[...around].map((node) => `  state "${node === root ? 'any state' : node.path}" as ${idOf(node)}`),
    ...merged(arrows, inside).map((arrow) => `  ${arrow}`),
    '',
  ].join('\n');
};

/** The outermost states of a chart, and the events that lead from one to another. */
const overview = (root: ChartNode): string => {
  const arrows = arrowsIn(root, ({ event }) => event)
    .map((arrow) => between(arrow, (node) => widest(node, root)))
    .filter(({ from, to }) => from !== to);
  const boxes = root.children.map((node) => box(node.key, idOf(node), wrapped(node.state.description), '  '));
  return [
    'stateDiagram-v2',
    `  [*] --> ${root.state.initial}`,
    ...boxes.flat(),
    `  state "any state" as ${idOf(root)}`,
    ...merged(arrows, () => false).map((arrow) => `  ${arrow}`),
    '',
  ].join('\n');
};

/** The transitions of a state that the picture shows. */
interface Shows {
  /** The transitions of a state that lead to no other state. */
  staying(node: ChartNode): readonly Named[];
  /** True when an arrow leaves the state. */
  leaving(node: ChartNode): boolean;
}

interface Named extends Transition {
  readonly event: string;
}

interface Arrow {
  readonly from: ChartNode;
  readonly to: ChartNode;
  readonly label: string;
}

const below = (node: ChartNode): readonly ChartNode[] => node.children.flatMap((child) => [child, ...below(child)]);

const transitionsOf = ({ state }: ChartNode): readonly Named[] =>
  Object.entries(state.on ?? {}).flatMap(([event, found]) =>
    [found].flat().map((transition) => ({ ...transition, event })),
  );

const changesNothing = ({ event, actions = [] }: Named): boolean =>
  event === '*' || actions.every((name) => name === 'ignore');

const arrowsIn = (root: ChartNode, label: (found: Named) => string): readonly Arrow[] =>
  [root, ...below(root)].flatMap((from) =>
    transitionsOf(from).flatMap((found) =>
      [found.target ?? []]
        .flat()
        .map((target) => ({ from, to: resolveTarget(root, from, target), label: label(found) })),
    ),
  );

/** The same arrow between the states that stand for its two ends. */
const between = ({ from, to, label }: Arrow, shown: (node: ChartNode) => ChartNode): Arrow => ({
  from: shown(from),
  to: shown(to),
  label,
});

/** The outermost state around `node`, or `node` itself, that does not hold `top`. */
const widest = (node: ChartNode, top: ChartNode): ChartNode =>
  node.parent === null || node.parent.parent === null || descendsFrom(top, node.parent)
    ? node
    : widest(node.parent, top);

/** Joins the arrows from a state to another: one arrow, with a line for each transition. */
const merged = (arrows: readonly Arrow[], isDrawn: (node: ChartNode) => boolean): readonly string[] => {
  const lines = new Map<string, readonly string[]>();
  for (const { from, to, label } of arrows) {
    const source = isDrawn(from) && from.children.length > 0 ? anyOf(from) : idOf(from);
    const arrow = `${source} --> ${idOf(isDrawn(to) ? entered(to) : to)}`;
    lines.set(arrow, [...(lines.get(arrow) ?? []), label]);
  }
  return [...lines].map(([arrow, labels]) => `${arrow} : ${[...new Set(labels)].join('<br/>')}`);
};

/** The state in which a transition to this state ends. */
const entered = (node: ChartNode): ChartNode => {
  const first = node.children.find(({ key }) => key === node.state.initial);
  return first === undefined ? node : entered(first);
};

/** Draws a state and its content. */
const drawn = (node: ChartNode, shows: Shows, indent: string): readonly string[] => {
  const { key, state, children } = node;
  if (children.length > 0) {
    const title = `${key}: ${withoutTags(state.description)}`;
    return [`${indent}state "${title}" as ${idOf(node)} {`, ...content(node, shows, `${indent}  `), `${indent}}`];
  }
  return box(key, idOf(node), [...wrapped(state.description), ...shows.staying(node).map(labelOf)], indent);
};

const content = (node: ChartNode, shows: Shows, indent: string): readonly string[] => {
  const staying = shows.staying(node);
  const shared = staying.length > 0 || shows.leaving(node);
  const any = shared ? box('any of these', anyOf(node), staying.map(labelOf), indent) : [];
  const children = node.children.map((child) => drawn(child, shows, indent));
  if (node.state.type === 'parallel') {
    return [any, ...children]
      .filter(({ length }) => length > 0)
      .flatMap((region, at) => (at === 0 ? region : [`${indent}--`, ...region]));
  }
  const initial = node.children.filter(({ key }) => key === node.state.initial);
  return [...initial.map((first) => `${indent}[*] --> ${idOf(first)}`), ...any, ...children.flat()];
};

const box = (title: string, id: string, lines: readonly string[], indent: string): readonly string[] => [
  `${indent}state "${title}" as ${id}`,
  ...lines.map((line) => `${indent}${id} : ${inLine(line)}`),
];

const idOf = ({ path }: ChartNode): string => (path === '' ? 'chart' : path.replaceAll('.', '_'));

const anyOf = (node: ChartNode): string => `${idOf(node)}_any`;

const labelOf = (found: Named): string => [eventAndGuard(found), ...(found.meta?.clauses ?? [])].join(' ');

const eventAndGuard = ({ event, guard }: Named): string =>
  [event === '*' ? 'anything else' : event, ...(guard === undefined ? [] : [`[${guard}]`])].join(' ');

/** Mermaid reads `<` as HTML. */
const withoutTags = (text: string): string => text.replaceAll('<', '‹').replaceAll('>', '›').replaceAll('"', "'");

/** Mermaid also ends a line at `:` and `;`. Mermaid's own codes replace the two characters. */
const inLine = (text: string): string =>
  withoutTags(text).replaceAll(/[:;]/g, (found) => (found === ':' ? '#58;' : '#59;'));

const wrapped = (text: string): readonly string[] =>
  [...text.matchAll(/(.{1,44})(?:\s+|$)/g)].map(([, line = '']) => line);
