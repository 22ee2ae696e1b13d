/** A session on a random walk, with bursts of stanzas that fill several blocks of its queue, and every value that it had. */
import { open, type Policy, policy, type Role, type SmEvent, type State, step, uint32 } from '../../src/index.js';
import type { Random } from '../../src/testing/random.js';
import { makers, randomEvent, uptoEnabled } from './random-events.js';

const STEPS = 40;

/** Half of the walks begin with an enabled session, and half near 2^32. */
export const randomWalk = (role: Role, random: Random): readonly State[] => {
  const states: State[] = [open(role, walkPolicy(random))];
  const isEnabled = random.chance(0.5);
  let at = 0;
  const take = (event: (state: State) => SmEvent): void => {
    const state = states.at(-1) as State;
    states.push(step(state, event(state))[0]);
  };
  for (let n = 0; n < STEPS; n++) {
    at += random.pick([0, 0, 10, 1000, 40_000]);
    const enabling = isEnabled ? uptoEnabled[role][n] : undefined;
    take((state) => enabling ?? randomEvent(state, random, at));
    if (enabling === undefined && random.chance(0.1))
      for (let sent = random.integer(1, 70); sent > 0; sent--) take((state) => makers['app.send'](state, random, at));
    if (random.chance(0.2)) take((state) => makers['peer.stanza'](state, random, at));
    if (random.chance(0.2)) take((state) => makers['app.handled'](state, random, at));
  }
  return states;
};

const walkPolicy = (random: Random): Policy =>
  policy({
    maxUnackedStanzas: random.integer(0, 3),
    maxQueueStanzas: random.pick([2, 5, 500, 500]),
    overflowGrace: 1,
    deferHandling: random.chance(0.6),
    location: random.chance(0.5) ? null : 'smacks.example.net',
    initialCount: uint32(random.pick([0, 2 ** 32 - 3])),
  });
