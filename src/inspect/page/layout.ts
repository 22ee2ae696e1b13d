/**
 * Places the states of a chart: boxes in boxes, in ranks in the order in which a session lives. The chart goes down, what is
 * inside a state goes to the right, regions stand above one another. Sizes are in the units of the drawing.
 */
import type { ChartState } from '../messages.js';
import { type Box, type Edge, moved } from './drawing.js';
import { type Joined, ranksOf } from './ranks.js';
import { type Direction, route } from './route.js';
import { ends } from './tree.js';

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly edges: readonly Edge[];
}

export const layOut = (chart: ChartState): Drawing => {
  const { width, height, boxes, edges } = inside(chart, edgesOf(chart), 'down');
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

/** A state with all that is in it, at the origin. */
const drawn = (state: ChartState, joined: Joined): Drawing => {
  const { path, key, states, parallel } = state;
  const title = key.length * CHARACTER + 2 * PADDING;
  if (states.length === 0) return alone({ path, key, kind: 'leaf', x: 0, y: 0, width: title, height: LEAF });
  const content = parallel ? regions(states, joined) : inside(state, joined, 'right');
  const width = Math.max(title, content.width + 2 * PADDING);
  const height = content.height + TITLE + PADDING;
  const box: Box = { path, key, kind: parallel ? 'parallel' : 'group', x: 0, y: 0, width, height };
  const { boxes, edges } = moved(content, PADDING, TITLE);
  return { width, height, boxes: [box, ...boxes], edges };
};

const alone = (box: Box): Drawing => ({ width: box.width, height: box.height, boxes: [box], edges: [] });

/** The states in a state, rank by rank, with the arrows between them. */
const inside = (parent: ChartState, joined: Joined, direction: Direction): Drawing => {
  const own = joined.filter(([from, to]) => parent.states.some(({ path }) => path === from || path === to));
  const ranks = ranksOf(parent, own);
  const contents = new Map(parent.states.map((state) => [state.path, drawn(state, joined)]));
  const sizes = new Map([...contents].map(([path, { width, height }]) => [path, { width, height }]));
  const { width, height, places, edges } = route(ranks, sizes, own, direction);
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

/** Regions in lines: the first one, which is the widest, above the others, all stretched to one width. */
const regions = (states: readonly ChartState[], joined: Joined): Drawing => {
  const [first, ...others] = states.map((state) => drawn(state, joined));
  if (first === undefined) return { width: 0, height: 0, boxes: [], edges: [] };
  const spare = GAP * (others.length - 1);
  const width = Math.max(
    first.width,
    others.reduce((sum, other) => sum + other.width, spare),
  );
  const height = Math.max(0, ...others.map((other) => other.height));
  let x = 0;
  const below = others.map((other, index) => {
    const isLast = index === others.length - 1;
    const placed = moved(resized(other, isLast ? width - x : other.width, height), x, first.height + GAP);
    x += other.width + GAP;
    return placed;
  });
  const all = [resized(first, width, first.height), ...below];
  return {
    width,
    height: first.height + (others.length > 0 ? GAP + height : 0),
    boxes: all.flatMap(({ boxes }) => boxes),
    edges: all.flatMap(({ edges }) => edges),
  };
};

/** The outermost box takes this size, and is a region; what is in it stays, in the middle of its height. */
const resized = ({ boxes, edges, height: was }: Drawing, width: number, height: number): Drawing => {
  const [outer, ...inner] = boxes;
  const content = moved({ boxes: inner, edges }, 0, (height - was) / 2);
  return {
    width,
    height,
    boxes: outer === undefined ? [] : [{ ...outer, kind: 'region', width, height }, ...content.boxes],
    edges: content.edges,
  };
};

const MARGIN = 4;
const CHARACTER = 7.1;
const PADDING = 10;
const LEAF = 28;
const TITLE = 26;
const GAP = 8;
