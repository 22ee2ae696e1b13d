import { describe, expect, it } from 'vitest';
import { span } from '../../src/core/uint32.js';
import {
  type Effect,
  hasTag,
  type Role,
  type SmEvent,
  type State,
  step,
  TIMER_NAMES,
  type TimerName,
} from '../../src/index.js';
import { createRandom, seedFrom } from '../../src/testing/random.js';
import { configurations } from '../support/configurations.js';
import { isDeep, rounds } from '../support/effort.js';
import { eventTypes, makers } from '../support/random-events.js';
import { UNREACHABLE, visit, visitAll } from '../support/visited.js';

const seed = seedFrom(process.env.SEED);
const STATES = rounds(12);

interface Move {
  readonly before: State;
  readonly event: SmEvent;
  readonly after: State;
  readonly effects: readonly Effect[];
}

const moves = new Map<Role, readonly Move[]>();

/** Every configuration meets every type of event, early and late. */
const movesOf = (role: Role): readonly Move[] => {
  const known = moves.get(role);
  if (known !== undefined) return known;
  const random = createRandom(seed);
  const made: Move[] = [];
  const visited = (isDeep ? visitAll : visit)(role, seed, rounds(12_000), STATES);
  for (const states of visited.values()) {
    for (const [before, type, at] of states.flatMap((state) =>
      eventTypes.flatMap((type) => [0, 10 ** 9].map((at) => [state, type, at] as const)),
    )) {
      const event = makers[type](before, random, at);
      const [after, effects] = step(before, event);
      made.push({ before, event, after, effects });
    }
  }
  moves.set(role, made);
  return made;
};

const KINDS = [
  ...['write', 'carry', 'transmit', 'replay', 'stream.error', 'link.close', 'deliver', 'timer.set', 'timer.clear'],
  ...['store.save', 'store.claim', 'store.hibernate', 'store.expire', 'store.forget', 'report'],
];

const owners: Readonly<Record<TimerName, RegExp>> = {
  ackIdle: /acking\.unacked/,
  ackWait: /^enabling|^hibernating\.(verified\.)?resuming|acking\.awaitingAck/,
  overflowGrace: /capacity\.atLimit/,
  resumption: /^hibernating/,
  storeWait: /granting|claiming|cancelling|closing/,
};

for (const role of ['client', 'server'] as const satisfies Role[]) {
  describe(`any event in any state of a ${role}, SEED=${seed}`, () => {
    if (isDeep) {
      it('occurs in every configuration', { timeout: 60_000 }, () => {
        const met = new Set(movesOf(role).map(({ before }) => before.configuration));
        expect(configurations[role].filter((configuration) => !met.has(configuration))).toEqual(UNREACHABLE);
      });
    }

    it('gives effects of the known kinds only (X-2)', () => {
      const kinds = new Set(movesOf(role).flatMap(({ effects }) => effects.map(({ type }) => type)));
      expect([...kinds].filter((kind) => !KINDS.includes(kind))).toEqual([]);
    });

    it('leaves a state, and effects, that are plain JSON', () => {
      for (const { event, after, effects } of movesOf(role)) {
        expectPlain(after, event);
        expectPlain(effects, event);
      }
    });

    it('does not change the state that `step` gets', () => {
      for (const states of visit(role, seed, rounds(300), 2).values()) {
        for (const state of states) {
          const frozen = deepFreeze(state);
          for (const type of eventTypes) step(frozen, makers[type](frozen, createRandom(seed), 10 ** 9));
        }
      }
    });

    it('leaves no timer running in a state that does not use it (design law 7, server class 9)', () => {
      for (const { before, event, after } of movesOf(role)) {
        for (const timer of TIMER_NAMES) {
          if (after.session.timers[timer] === null || owners[timer].test(after.configuration)) continue;
          expect.fail(`${timer} runs in ${after.configuration}, after ${event.type} in ${before.configuration}`);
        }
      }
    });

    it('sets and clears exactly the timers that the session has', () => {
      for (const { before, event, after, effects } of movesOf(role)) {
        const running = { ...before.session.timers };
        for (const timer of TIMER_NAMES)
          if (event.type === `timer.${timer}` && (running[timer] ?? Infinity) <= event.at) running[timer] = null;
        for (const effect of effects) {
          if (effect.type === 'timer.set') running[effect.timer] = effect.deadline;
          if (effect.type === 'timer.clear') running[effect.timer] = null;
        }
        for (const timer of TIMER_NAMES) {
          const deadline = after.session.timers[timer];
          if (running[timer] === deadline) continue;
          expect.fail(`${timer}: ${running[timer]} is not ${deadline}, after ${event.type} in ${before.configuration}`);
        }
      }
    });

    it('brings every sent stanza to exactly one end: queued or returned (design law 8, server class 1)', () => {
      for (const { before, event, after, effects } of movesOf(role)) {
        if (event.type !== 'app.send') continue;
        const returned = effects.flatMap((effect) =>
          effect.type === 'report' && effect.report.type === 'returned' ? effect.report.stanzas : [],
        );
        const queued = after.session.unacked.length - before.session.unacked.length > 0;
        const handedBack = returned.length > 0;
        expect(queued !== handedBack, `${before.configuration}: queued ${queued}, returned ${handedBack}`).toBe(true);
      }
    });

    it('neither removes a stanza from the queue without a report, nor adds one that was not sent (design law 8)', () => {
      for (const { before, event, after, effects } of movesOf(role)) {
        // The link that took the session has its queue.
        if (hasTag(after, 'superseded') && event.type === 'store.taken') continue;
        const out = effects.flatMap((effect) => {
          if (effect.type !== 'report') return [];
          const { report } = effect;
          return report.type === 'acknowledged' || report.type === 'returned' ? report.stanzas : [];
        });
        // A claimed session is adopted, or its queue is returned at once.
        const adopted = role === 'server' && event.type === 'store.claimed' ? event.session.unacked.length : 0;
        const counted =
          event.type === 'app.send' && (out.length > 0 || after.session.unacked !== before.session.unacked);
        const had = before.session.unacked.length + (counted ? 1 : 0) + adopted;
        const has = after.session.unacked.length + out.length;
        if (had !== has) {
          expect.fail(`${had} stanzas became ${has}, after ${JSON.stringify(event)} in ${before.configuration}`);
        }
      }
    });

    it('holds back no stanza from an active peer, and covers no held stanza by an <r/> (P-3)', () => {
      for (const { before, event, after, effects } of movesOf(role)) {
        if (!after.configuration.startsWith('enabled')) continue;
        const { unacked, written, link, acked } = after.session;
        if (!link.inactive) expect(written, `${event.type} in ${before.configuration}`).toBe(unacked.length);
        expect(span(acked, link.requestedUpTo), event.type).toBeLessThanOrEqual(written);
        const isHeld = event.type === 'app.send' && written < unacked.length;
        if (isHeld) expect(effects.filter(({ type }) => type !== 'report' && type !== 'timer.set')).toEqual([]);
      }
    });

    it('leaves no stanza in a session that has ended', () => {
      const ended = movesOf(role).filter(({ after }) => hasTag(after, 'over'));
      expect(ended.length).toBeGreaterThan(0);
      expect(ended.filter(({ after }) => after.session.unacked.length > 0 || after.session.written > 0)).toEqual([]);
    });

    it('keeps the counters in order: written within the queue, handled not past received (A-14)', () => {
      for (const { after, event } of movesOf(role)) {
        const { unacked, written, received, handled } = after.session;
        expect(written, event.type).toBeGreaterThanOrEqual(0);
        expect(written, event.type).toBeLessThanOrEqual(unacked.length);
        expect((received - handled) >>> 0, event.type).toBeLessThan(1000);
      }
    });
  });
}

const expectPlain = (value: object, event: SmEvent): void => {
  const text = JSON.stringify(value);
  const back: unknown = JSON.parse(text);
  if (isPlain(value) && JSON.stringify(back) === text) return;
  expect(back, event.type).toStrictEqual(value);
  expect.fail(`not plain after ${event.type}`);
};

const isPlain = (value: unknown): boolean => {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== 'object') return typeof value === 'string' || typeof value === 'boolean';
  if (value === null) return true;
  if (Array.isArray(value)) return value.every(isPlain);
  return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlain);
};

const deepFreeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
};
