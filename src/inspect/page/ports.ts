/** Ports: the places where arrows leave and enter boxes. */
import { APART, CORNER, type Corner, type CornerAt } from './corners.js';
import type { Lane } from './lanes.js';
import type { Joined } from './ranks.js';
import type { SlotOf } from './slots.js';

/**
 * Beside a box, at a share of its size along the ranks; or at `c` in the gutter before or after the rank of the box.
 */
export type Port =
  | { readonly kind: 'side'; readonly share: number }
  | { readonly kind: 'gutter'; readonly gutter: number; readonly c: number };

/** An arrow between neighbouring ranks. It leaves at `from` and enters at `to`; both are positions across the ranks. */
export interface Short {
  readonly edge: Joined[number];
  readonly gutter: number;
  readonly from: number;
  readonly to: number;
}

type End = 'from' | 'to';

/** Places the arrows between the same two boxes. The arrows are straight where the boxes face each other. */
export const between = (edges: Joined, slotOf: SlotOf, cornerAt: CornerAt): readonly Short[] =>
  edges.map((edge, index) => {
    const gutter = gutterOf(edge, slotOf);
    const straight = facing(edges, slotOf);
    if (straight !== undefined) {
      const c = straight.middle + (index - (edges.length - 1) / 2) * straight.step;
      return { edge, gutter, from: c, to: c };
    }
    const [from, to] = bentCorners(edge, slotOf).map(cornerAt);
    return { edge, gutter, from: from ?? 0, to: to ?? 0 };
  });

/** The corners that the arrows between the same two boxes use: none when the arrows are straight. */
export const cornersBetween = (edges: Joined, slotOf: SlotOf): readonly Corner[] =>
  facing(edges, slotOf) === undefined ? edges.flatMap((edge) => bentCorners(edge, slotOf)) : [];

/** Where the two boxes face each other, and the distance between their arrows. Undefined when there is too little room. */
const facing = (edges: Joined, slotOf: SlotOf): { readonly middle: number; readonly step: number } | undefined => {
  const [from, to] = (edges[0] ?? ['', '']).map(slotOf);
  if (from === undefined || to === undefined) return undefined;
  const [lo, hi] = [Math.max(from.lo, to.lo) + CORNER, Math.min(from.hi, to.hi) - CORNER];
  const step = Math.min(APART, (hi - lo) / Math.max(1, edges.length - 1));
  return hi >= lo && (edges.length === 1 || step >= CLOSEST) ? { middle: (lo + hi) / 2, step } : undefined;
};

const bentCorners = (edge: Joined[number], slotOf: SlotOf): readonly [Corner, Corner] => {
  const [from, to] = edge;
  const corner = { arrow: edge.join(), gutter: gutterOf(edge, slotOf) };
  const isAscending = slotOf(from).lo < slotOf(to).lo;
  return [
    { ...corner, path: from, side: isAscending ? 'hi' : 'lo' },
    { ...corner, path: to, side: isAscending ? 'lo' : 'hi' },
  ];
};

const gutterOf = ([from, to]: Joined[number], slotOf: SlotOf): number => Math.min(slotOf(from).rank, slotOf(to).rank);

/**
 * An arrow goes straight into its lane when no other box is in the way, otherwise through a gutter.
 * @param end the end of the arrow
 */
export const portOf = (lane: Lane, end: End, lanes: readonly Lane[], slotOf: SlotOf, cornerAt: CornerAt): Port => {
  const corner = cornerOf(lane, end, slotOf);
  return corner === undefined
    ? { kind: 'side', share: shareOf(lane, end, lanes) }
    : { kind: 'gutter', gutter: corner.gutter, c: cornerAt(corner) };
};

/** The corners that the arrows in lanes use. Near a corner, an arrow in an inner lane is nearer to it. */
export const cornersInLanes = (lanes: readonly Lane[], slotOf: SlotOf): readonly Corner[] =>
  [...lanes]
    .sort((a, b) => a.place - b.place)
    .flatMap((lane) => [cornerOf(lane, 'from', slotOf), cornerOf(lane, 'to', slotOf)])
    .filter((corner) => corner !== undefined);

/** Undefined when no other box is in the way. */
const cornerOf = (lane: Lane, end: End, slotOf: SlotOf): Corner | undefined => {
  const path = lane[end];
  const slot = slotOf(path);
  if (lane.side === 'lo' ? slot.isFirst : slot.isLast) return undefined;
  const isBehind = (end === 'from') !== lane.isBack;
  const gutter = isBehind ? slot.rank : slot.rank - 1;
  return { arrow: [lane.from, lane.to].join(), path, gutter, side: lane.side };
};

/** The arrows at a side of a box are in an order in which they do not cross each other. */
const shareOf = (lane: Lane, end: End, lanes: readonly Lane[]): number => {
  const path = lane[end];
  const here = lanes.filter(({ from, to, side }) => side === lane.side && (from === path || to === path));
  // Arrows on the side of the earlier ranks come first.
  const order = (one: Lane): number => ((one.from === path) === one.isBack ? one.place : 2 * lanes.length - one.place);
  const place = [...here].sort((a, b) => order(a) - order(b)).indexOf(lane);
  return (place + 1) / (here.length + 1);
};

const CLOSEST = 7;
