/** The positions of boxes across their ranks. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A box between `lo` and `hi` across the ranks, and its size along them. */
export interface Slot {
  readonly rank: number;
  readonly lo: number;
  readonly hi: number;
  readonly size: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** Gives the slot of the state with this path. */
export type SlotOf = (path: string) => Slot;

/** Gives slots to the states of each rank. Each rank is centred. */
export const slotsIn = (
  ranks: readonly (readonly string[])[],
  sizes: ReadonlyMap<string, Size>,
  down: boolean,
): ReadonlyMap<string, Slot> => {
  const sizeOf = (path: string): readonly [along: number, across: number] => {
    const { width, height } = sizes.get(path) ?? { width: 0, height: 0 };
    return down ? [height, width] : [width, height];
  };
  const breadths = ranks.map((rank) => rank.reduce((sum, path) => sum + sizeOf(path)[1], BESIDE * (rank.length - 1)));
  const most = Math.max(0, ...breadths);
  const slots = new Map<string, Slot>();
  ranks.forEach((paths, rank) => {
    let lo = (most - (breadths[rank] ?? 0)) / 2;
    paths.forEach((path, index) => {
      const [size, breadth] = sizeOf(path);
      slots.set(path, { rank, lo, hi: lo + breadth, size, isFirst: index === 0, isLast: index === paths.length - 1 });
      lo += breadth + BESIDE;
    });
  });
  return slots;
};

/** The slot of a state that no rank holds. */
export const NO_SLOT: Slot = { rank: 0, lo: 0, hi: 0, size: 0, isFirst: true, isLast: true };

/** The distance between two boxes of a rank. */
const BESIDE = 22;
