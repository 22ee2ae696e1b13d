import { describe, expect, it } from 'vitest';
import { admits } from '../../src/core/admission.js';
import { open, policy, type Role, type SmEvent, step, uint32 } from '../../src/index.js';
import { createRandom, seedFrom } from '../../src/testing/random.js';
import { configurations } from '../support/configurations.js';
import { isDeep, rounds } from '../support/effort.js';
import { randomEvent, uptoEnabled } from '../support/random-events.js';
import { UNREACHABLE } from '../support/visited.js';
import { configurationOf, initialSnapshot, xstateStep } from '../support/xstate-binding.js';

const seed = seedFrom(process.env.SEED);
const SEQUENCES = rounds(10_000);
const LENGTH = 30;

/** Some configurations are rare: ten visits in so many sequences, and by chance none. It goes on until it has been everywhere. */
const MOST = 3 * SEQUENCES;

/** Small limits, so that random sequences reach them. */
const policyFor = (random: ReturnType<typeof createRandom>) =>
  policy({
    maxUnackedStanzas: random.integer(0, 3),
    maxQueueStanzas: random.pick([2, 5]),
    overflowGrace: 1,
    resume: random.chance(0.9),
    deferHandling: random.chance(0.3),
    secondEnable: random.pick(['refuse', 'close'] as const),
    initialCount: uint32(random.pick([0, 0xfffffffd])),
    location: random.chance(0.5) ? '[2001:db8::1]:5222' : null,
  });

describe(`the compiled binding compared with xstate, SEED=${seed}`, () => {
  for (const role of ['client', 'server'] as const satisfies Role[]) {
    it(`gives the same configuration, session and effects over ${SEQUENCES} random sequences (${role})`, () => {
      const random = createRandom(seed);
      const visited = new Set<string>();
      const unvisited = (): readonly string[] => configurations[role].filter((each) => !visited.has(each));
      const goesOn = (sequence: number): boolean =>
        sequence < SEQUENCES || (isDeep && sequence < MOST && unvisited().length > UNREACHABLE.length);
      for (let sequence = 0; goesOn(sequence); sequence++) {
        let state = open(role, policyFor(random));
        let snapshot = initialSnapshot(state);
        const events: SmEvent[] = [];
        let at = 0;
        for (let i = 0; i < LENGTH; i++) {
          at += random.pick([0, 0, 10, 1000, 40_000]);
          const event = (sequence % 2 === 0 ? undefined : uptoEnabled[role][i]) ?? randomEvent(state, random, at);
          events.push(event);
          const admitted = admits(state.session, event);
          const [next, effects] = step(state, event);
          if (admitted) {
            const oracle = xstateStep(role, snapshot, event);
            snapshot = oracle.snapshot;
            const same =
              next.configuration === configurationOf(snapshot.value) &&
              JSON.stringify(next.session) === JSON.stringify(snapshot.context.session) &&
              JSON.stringify(effects) === JSON.stringify(oracle.effects);
            if (!same) {
              expect(
                { configuration: next.configuration, session: next.session, effects, events },
                `sequence ${sequence}, SEED=${seed}`,
              ).toEqual({
                configuration: configurationOf(snapshot.value),
                session: snapshot.context.session,
                effects: oracle.effects,
                events,
              });
            }
          } else {
            expect(next).toBe(state);
            expect(effects.every((effect) => effect.type === 'report' && effect.report.type === 'misuse')).toBe(true);
          }
          state = next;
          visited.add(state.configuration);
        }
      }
      if (isDeep) expect(unvisited()).toEqual(UNREACHABLE);
    }, 300_000);
  }
});
