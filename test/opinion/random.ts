/** Random choices that a seed repeats. */
export interface Random {
  /** From 0 to `below` - 1. */
  readonly upTo: (below: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <T>(list: readonly T[]) => T;
}

export const randomFrom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const upTo = (below: number) => Math.floor(next() * below);
  return {
    upTo,
    chance: (probability) => next() < probability,
    pick: (list) => {
      if (list.length === 0) throw new Error('a choice from an empty list');
      return list[upTo(list.length)] as (typeof list)[number];
    },
  };
};

/** The seed of one round: rounds of one run differ, and a round can be repeated alone. */
export const seedOfRound = (seed: number, round: number) => (Math.imul(seed ^ round, 0x9e3779b1) ^ (round << 7)) >>> 0;
