/**
 * Places the states of a chart as boxes in boxes, in ranks in the order in which a session passes through them. The
 * chart goes down. The inside of a state goes to the right, or down when the drawing would be too broad. Sizes are in
 * the units of the drawing.
 */
import type { ChartState } from '../messages.js';
import { type Box, type Drawing, moved } from './drawing.js';
import { type Joined, ranksOf } from './ranks.js';
import { inLines } from './regions.js';
import { type Direction, route } from './route.js';
import type { Size } from './slots.js';
import { ends } from './tree.js';

/** @param most the greatest width of a state, as far as its names allow. Default: no limit */
export const layOut = (chart: ChartState, most = Number.POSITIVE_INFINITY): Drawing => {
  const { width, height, boxes, edges } = inside(chart, edgesOf(chart), 'down', most);
  return { width: width + 2 * MARGIN, height: height + 2 * MARGIN, ...moved({ boxes, edges }, MARGIN, MARGIN) };
};

const edgesOf = (chart: ChartState): Joined => {
  const found = new Map<string, readonly [string, string]>();
  const visit = (state: ChartState): void => {
    for (const { target } of state.transitions) {
      const pair = target === null ? undefined : ends(state.path, target);
      if (pair !== undefined) found.set(pair.join(' '), pair);
    }
    state.states.forEach(visit);
  };
  visit(chart);
  return [...found.values()];
};

/** Draws a state and its content at the origin. */
const drawn = (state: ChartState, joined: Joined, most: number): Drawing => {
  const { path, key, states, parallel } = state;
  const title = key.length * CHARACTER + 2 * PADDING;
  if (states.length === 0) return alone({ path, key, kind: 'leaf', x: 0, y: 0, width: title, height: LEAF });
  const room = most - 2 * PADDING;
  const content = parallel
    ? inLines(states.map((region) => drawn(region, joined, room)))
    : narrowed(state, joined, room);
  const width = Math.max(title, content.width + 2 * PADDING);
  const height = content.height + TITLE + PADDING;
  const box: Box = { path, key, kind: parallel ? 'parallel' : 'group', x: 0, y: 0, width, height };
  const { boxes, edges } = moved(content, PADDING, TITLE);
  return { width, height, boxes: [box, ...boxes], edges };
};

const alone = (box: Box): Drawing => ({ width: box.width, height: box.height, boxes: [box], edges: [] });

const narrowed = (state: ChartState, joined: Joined, most: number): Drawing => {
  const broad = inside(state, joined, 'right', most);
  return broad.width <= most ? broad : inside(state, joined, 'down', most);
};

/** Draws the states inside a state, rank by rank, with the arrows between them. */
const inside = (parent: ChartState, joined: Joined, direction: Direction, most: number): Drawing => {
  const own = joined.filter(([from, to]) => parent.states.some(({ path }) => path === from || path === to));
  const contents = new Map(parent.states.map((state) => [state.path, drawn(state, joined, most)]));
  const ranks = ranksOf(parent, own);
  const fitting = direction === 'down' && most < Number.POSITIVE_INFINITY ? broken(ranks, contents) : ranks;
  const { width, height, places, edges } = route(fitting, contents, own, direction);
  const placed = [...contents].map(([path, content]) => {
    const { x, y } = places.get(path) ?? { x: 0, y: 0 };
    return moved(content, x, y);
  });
  return {
    width,
    height,
    boxes: placed.flatMap(({ boxes }) => boxes),
    edges: [...placed.flatMap((content) => content.edges), ...edges],
  };
};

/** Breaks up a rank that is broader than the broadest state: each of its states becomes a rank. */
const broken = (
  ranks: readonly (readonly string[])[],
  contents: ReadonlyMap<string, Size>,
): readonly (readonly string[])[] => {
  const widthOf = (path: string): number => contents.get(path)?.width ?? 0;
  const broadest = Math.max(0, ...[...contents.keys()].map(widthOf));
  return ranks.flatMap((rank) =>
    rank.reduce((sum, path) => sum + widthOf(path), 0) > broadest ? rank.map((path) => [path]) : [rank],
  );
};

/** The greatest width of a state on a telephone. */
export const NARROW = 330;

const MARGIN = 4;
/** The width of a character of the labels, with room for slightly broader fonts. */
const CHARACTER = 7.4;
const PADDING = 8;
const LEAF = 28;
const TITLE = 26;
