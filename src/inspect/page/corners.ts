/** Corners: the arrows that leave or enter a box near the same corner get places of their own. */
import type { SlotOf } from './slots.js';

/** An end of an arrow at a box, in a gutter, near the corner at `lo` or `hi` across the ranks. */
export interface Corner {
  readonly arrow: string;
  readonly path: string;
  readonly gutter: number;
  readonly side: 'lo' | 'hi';
}

/** Gives the position of an end across the ranks. */
export type CornerAt = (corner: Corner) => number;

/** The ends at a corner are in the order given, from the corner on. They come closer to each other where the box is small. */
export const cornersAt = (corners: readonly Corner[], slotOf: SlotOf): CornerAt => {
  const placeOf = (corner: Corner): string => [corner.path, corner.gutter, corner.side].join(' ');
  const arrowsAt = new Map<string, readonly string[]>();
  for (const corner of corners) arrowsAt.set(placeOf(corner), [...(arrowsAt.get(placeOf(corner)) ?? []), corner.arrow]);
  return (corner) => {
    const { lo, hi } = slotOf(corner.path);
    const arrows = arrowsAt.get(placeOf(corner)) ?? [];
    const step = Math.min(APART, Math.max(0, hi - lo - 2 * CORNER) / Math.max(1, arrows.length - 1));
    const inset = CORNER + Math.max(0, arrows.indexOf(corner.arrow)) * step;
    return corner.side === 'lo' ? lo + inset : hi - inset;
  };
};

/** The least distance of an arrow from a corner. */
export const CORNER = 10;
/** The distance between two arrows. */
export const APART = 12;
