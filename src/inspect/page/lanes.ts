/** Lanes beside the boxes, for the arrows that pass a rank. */
import { firstFit } from './first-fit.js';
import type { Joined } from './ranks.js';
import type { SlotOf } from './slots.js';

export interface Lane {
  readonly from: string;
  readonly to: string;
  /** The side of the lane across the ranks: `lo` is before all boxes, `hi` is after them. */
  readonly side: 'lo' | 'hi';
  /** 0 is the innermost lane of its side. */
  readonly place: number;
  /** The arrow leads back: to the rank that it comes from, or to an earlier rank. */
  readonly isBack: boolean;
}

/** Short arrows get lanes near the boxes. Arrows that lead back have their own side. */
export const lanesFor = (passing: Joined, slotOf: SlotOf, down: boolean): readonly Lane[] => {
  const reach = ([from, to]: Joined[number]): readonly [number, number] => {
    const [a, b] = [slotOf(from).rank, slotOf(to).rank];
    return [Math.min(a, b), Math.max(a, b)];
  };
  const length = (edge: Joined[number]): number => reach(edge)[1] - reach(edge)[0];
  return [false, true].flatMap((isBack) => {
    const edges = passing
      .filter(([from, to]) => slotOf(from).rank >= slotOf(to).rank === isBack)
      .sort((a, b) => length(a) - length(b));
    const places = firstFit(edges.map((edge) => taken(reach(edge))));
    const side = isBack === down ? 'lo' : 'hi';
    return edges.map(([from, to], index): Lane => ({ from, to, side, place: places[index] ?? 0, isBack }));
  });
};

/**
 * The part of a lane that an arrow takes. An arrow that arrives at a rank and an arrow that leaves the rank in the same direction may share
 * a lane, because the first one ends before the second one begins. An arrow within a rank may not.
 */
const taken = ([a, b]: readonly [number, number]): readonly [number, number] =>
  a === b ? [a - QUARTER, b + QUARTER] : [a + QUARTER, b - QUARTER];

const QUARTER = 0.25;

/**
 * The position of a lane across the ranks.
 * @param extent the size of the boxes across the ranks
 */
export const laneAt = ({ side, place }: Lane, extent: number): number =>
  side === 'lo' ? -FIRST - place * APART : extent + FIRST + place * APART;

/** The room that the lanes of a side take. */
export const roomFor = (lanes: readonly Lane[], side: Lane['side']): number => {
  const count = Math.max(0, ...lanes.filter((lane) => lane.side === side).map(({ place }) => place + 1));
  return count === 0 ? 0 : FIRST + (count - 1) * APART + OUTSIDE;
};

const FIRST = 11;
const APART = 8;
const OUTSIDE = 4;
