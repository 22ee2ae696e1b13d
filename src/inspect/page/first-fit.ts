/** Gives each interval the lowest number that no overlapping interval has; in the order given. */
export const firstFit = (intervals: readonly (readonly [number, number])[]): readonly number[] => {
  const taken: (readonly [number, number])[][] = [];
  return intervals.map((interval) => {
    const [lo, hi] = interval;
    const free = taken.findIndex((others) => others.every(([from, to]) => to < lo || from > hi));
    const track = free < 0 ? taken.length : free;
    taken[track] = [...(taken[track] ?? []), interval];
    return track;
  });
};
