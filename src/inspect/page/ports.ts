/** Ports: the places where arrows leave and enter boxes. */
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

/** Places the arrows between the same two boxes. The arrows are straight where the boxes face each other. */
export const between = (edges: Joined, slotOf: SlotOf): readonly Short[] =>
  edges.map((edge, index) => {
    const [from, to] = [slotOf(edge[0]), slotOf(edge[1])];
    const [lo, hi] = [Math.max(from.lo, to.lo) + CORNER, Math.min(from.hi, to.hi) - CORNER];
    const gutter = Math.min(from.rank, to.rank);
    const step = Math.min(APART, (hi - lo) / Math.max(1, edges.length - 1));
    if (hi >= lo && (edges.length === 1 || step >= CLOSEST)) {
      const c = (lo + hi) / 2 + (index - (edges.length - 1) / 2) * step;
      return { edge, gutter, from: c, to: c };
    }
    const inset = CORNER + index * APART;
    return from.lo < to.lo
      ? { edge, gutter, from: from.hi - inset, to: to.lo + inset }
      : { edge, gutter, from: from.lo + inset, to: to.hi - inset };
  });

/**
 * An arrow goes straight into its lane when no other box is in the way, otherwise through a gutter.
 * @param end the end of the arrow
 */
export const portOf = (lane: Lane, end: 'from' | 'to', lanes: readonly Lane[], slotOf: SlotOf): Port => {
  const slot = slotOf(lane[end]);
  if (lane.side === 'lo' ? slot.isFirst : slot.isLast) return { kind: 'side', share: shareOf(lane, end, lanes) };
  const behind = (end === 'from') !== lane.isBack;
  const inset = CORNER + lane.place * APART;
  return {
    kind: 'gutter',
    gutter: behind ? slot.rank : slot.rank - 1,
    c: lane.side === 'lo' ? slot.lo + inset : slot.hi - inset,
  };
};

/** The arrows at a side of a box are in an order in which they do not cross each other. */
const shareOf = (lane: Lane, end: 'from' | 'to', lanes: readonly Lane[]): number => {
  const path = lane[end];
  const here = lanes.filter(({ from, to, side }) => side === lane.side && (from === path || to === path));
  // Arrows on the side of the earlier ranks come first.
  const order = (one: Lane): number => ((one.from === path) === one.isBack ? one.place : 2 * lanes.length - one.place);
  const place = [...here].sort((a, b) => order(a) - order(b)).indexOf(lane);
  return (place + 1) / (here.length + 1);
};

const CORNER = 10;
const APART = 12;
const CLOSEST = 7;
