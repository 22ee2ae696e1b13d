/** States of every configuration, found by random walks from the start. */

import { open, type Policy, policy, type Role, type State, step, uint32 } from '../../src/index.js';
import { createRandom, type Random } from '../../src/testing/random.js';
import { configurations } from './configurations.js';
import { randomEvent, uptoEnabled } from './random-events.js';

/** Small limits, so that random sequences reach them. */
export const smallPolicy = (random: Random): Policy =>
  policy({
    maxUnackedStanzas: random.integer(0, 3),
    maxQueueStanzas: random.pick([2, 5]),
    overflowGrace: 1,
    deferHandling: random.chance(0.5),
    initialCount: uint32(random.pick([0, 0xfffffffd])),
  });

/** @returns up to `most` states of each configuration, all within the random `walks` */
export const visit = (role: Role, seed: number, walks: number, most: number): ReadonlyMap<string, readonly State[]> =>
  walk(role, seed, most, (count) => count < walks);

/** The same; it goes on, ten times as far at most, until it has been everywhere: by chance a rare configuration is not met. */
export const visitAll = (
  role: Role,
  seed: number,
  walks: number,
  most: number,
): ReadonlyMap<string, readonly State[]> => {
  const all = configurations[role].length - UNREACHABLE.length;
  return walk(role, seed, most, (count, met) => count < walks || (met < all && count < 10 * walks));
};

/** @param goesOn whether another walk follows so many, which met so many configurations */
const walk = (
  role: Role,
  seed: number,
  most: number,
  goesOn: (count: number, met: number) => boolean,
): ReadonlyMap<string, readonly State[]> => {
  const random = createRandom(seed);
  const visited = new Map<string, State[]>();
  for (let count = 0; goesOn(count, visited.size); count++) {
    let state = open(role, smallPolicy(random));
    let at = 0;
    for (let i = 0; i < 40; i++) {
      const states = visited.get(state.configuration) ?? [];
      if (states.length < most) visited.set(state.configuration, [...states, state]);
      at += random.pick([0, 0, 10, 1000, 40_000]);
      const event = (count % 2 === 0 ? undefined : uptoEnabled[role][i]) ?? randomEvent(state, random, at);
      state = step(state, event)[0];
    }
  }
  return visited;
};

/** The chart's regions allow it and its guards do not: what acknowledges everything also empties the queue. */
export const UNREACHABLE: readonly string[] = ['enabled.acking.allAcked & enabled.capacity.atLimit'];
