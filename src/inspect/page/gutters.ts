/**
 * The positions of ranks and boxes along the ranks. The gutters between the ranks have room for the arrows that bend
 * there.
 */
import { firstFit } from './first-fit.js';
import type { Slot } from './slots.js';

/** An arrow's bend: it runs across the ranks, in a gutter, between two places. */
export interface Bend {
  readonly key: string;
  /** The number of the rank before the gutter. */
  readonly gutter: number;
  readonly c: readonly [number, number];
}

export interface Along {
  start(slot: Slot): number;
  end(slot: Slot): number;
  /** The position of the bend with this key. */
  trackOf(key: string): number;
  readonly total: number;
}

/** @param least the depth of a gutter without arrows */
export const along = (slots: readonly Slot[], bends: readonly Bend[], least: number): Along => {
  const count = Math.max(-1, ...slots.map(({ rank }) => rank)) + 1;
  const depths = Array.from({ length: count }, (_, index) =>
    Math.max(0, ...slots.filter(({ rank }) => rank === index).map(({ size }) => size)),
  );
  const starts: number[] = [];
  const tracks = new Map<string, number>();
  let m = 0;
  for (const [index, depth] of depths.entries()) {
    starts.push(m);
    m += depth;
    if (index === count - 1) break;
    const here = bends.filter(({ gutter }) => gutter === index);
    const places = firstFit(here.map(({ c: [a, b] }) => [Math.min(a, b) - TRACK, Math.max(a, b) + TRACK]));
    const room = Math.max(least, 2 * CLEAR + TRACK * (Math.max(-1, ...places) + 1));
    const spare = (room - TRACK * Math.max(0, ...places)) / 2;
    for (const [place, { key }] of here.entries()) tracks.set(key, m + spare + TRACK * (places[place] ?? 0));
    m += room;
  }
  const start = ({ rank, size }: Slot): number => (starts[rank] ?? 0) + ((depths[rank] ?? 0) - size) / 2;
  return { start, end: (slot) => start(slot) + slot.size, trackOf: (key) => tracks.get(key) ?? 0, total: m };
};

const TRACK = 8;
const CLEAR = 10;
