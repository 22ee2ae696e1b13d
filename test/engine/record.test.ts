import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hasEnded,
  isLeft,
  isRight,
  open,
  policy,
  type Role,
  restore,
  type SessionRecord,
  type State,
  TIMER_NAMES,
  toArray,
  toRecord,
  uint32,
} from '../../src/index.js';
import { seedFrom } from '../../src/testing/random.js';
import { rounds } from '../support/effort.js';
import {
  acknowledgedIn,
  countsWritten,
  enabledEndpoint,
  endpointOf,
  replayedIn,
  reportsIn,
} from '../support/endpoint.js';
import { visit } from '../support/visited.js';

const seed = seedFrom(process.env.SEED);
const roles = ['client', 'server'] as const satisfies Role[];
const LATER = 10 ** 6;

const STANZA = { xml: '<message/>', kind: 'message', type: 'chat', at: 0, key: null } as const;

const WRONG_IN_STANZA = { xml: 5, kind: 'message2', type: null, at: -1, key: 5 } as const;

const restored = (state: State, at = LATER) => {
  const record: unknown = JSON.parse(JSON.stringify(toRecord(state)));
  const found = restore(record, state.policy, at);
  return isRight(found) ? found.right : expect.fail(`${JSON.stringify(found)} of ${JSON.stringify(record)}`);
};

for (const role of roles) {
  describe(`the record of a ${role}, SEED=${seed}`, () => {
    let visited: readonly State[] | undefined;
    const states = (): readonly State[] => {
      visited ??= [...visit(role, seed, rounds(6_000), 6).values()].flat();
      return visited;
    };

    it('is read back from JSON in every state, with its queue and its counters', () => {
      for (const state of states()) {
        const [again, effects] = restored(state);
        const returned = reportsIn(effects, 'returned').flatMap(({ stanzas }) => stanzas);
        expect(toArray(again.session.unacked).length + returned.length).toBe(state.session.unacked.length);
        const { handled, acked, totalAcked, handledOutOfOrder } = state.session;
        if (!hasEnded(again)) expect(again.session).toMatchObject({ handled, acked, totalAcked, handledOutOfOrder });
      }
    });

    it('comes back without a link, as itself, or at its end', () => {
      for (const state of states()) {
        const [{ configuration, session }] = restored(state);
        expect(configuration).toMatch(/^(disabled|hibernating)\.unlinked$|^hibernating$|^ended/);
        if (!configuration.startsWith('ended')) expect(session.link.epoch).toBe(0);
      }
    });

    it('sets every timer that is still due, and no other', () => {
      for (const state of states()) {
        const [again, effects] = restored(state);
        const set = effects.flatMap((effect) => (effect.type === 'timer.set' ? [[effect.timer, effect.deadline]] : []));
        const due = TIMER_NAMES.flatMap((timer) => {
          const deadline = again.session.timers[timer];
          return deadline === null ? [] : [[timer, deadline]];
        });
        expect(set.sort()).toEqual(due.sort());
      }
    });

    it('is the same when it is made again', () => {
      for (const state of states()) {
        const [again] = restored(state);
        expect(toRecord(restored(again)[0])).toEqual(toRecord(again));
      }
    });

    it('goes on where it was: acknowledged by the first h, the rest replayed, h as it was (R-5, R-6, client class C)', () => {
      const endpoint = enabledEndpoint(role, policy({ initialCount: uint32(2 ** 32 - 2) }));
      for (const key of ['a', 'b', 'c', 'd']) endpoint.send(key);
      endpoint.peer({ type: 'peer.a', h: uint32(2 ** 32 - 1) });
      for (let n = 0; n < 3; n++) endpoint.peer({ type: 'peer.stanza' });
      const again = endpointOf(restored(endpoint.state, 1_000)[0]);
      const effects = again.resume(uint32(0));
      expect(acknowledgedIn(effects)).toEqual(['b']);
      expect(replayedIn(effects)).toEqual(['c', 'd']);
      expect(countsWritten(effects)).toEqual([1]);
    });

    it('has a stanza delivered again that was received and not handled, and no other (A-14)', () => {
      const endpoint = enabledEndpoint(role, policy({ deferHandling: true }));
      for (let n = 0; n < 3; n++) endpoint.peer({ type: 'peer.stanza' });
      endpoint.tell({ type: 'app.handled', position: uint32(1) });
      endpoint.tell({ type: 'app.handled', position: uint32(3) });
      const again = endpointOf(restored(endpoint.state, 1_000)[0]);
      again.resume(uint32(0));
      const repeated = [2, 3, 4].flatMap(() => again.peer({ type: 'peer.stanza' }));
      expect(repeated).toEqual([
        { type: 'deliver', position: 1 },
        { type: 'deliver', position: 3 },
      ]);
    });

    it('is refused when it is anything else, without an exception', () => {
      const anything = fc.anything({ withNullPrototype: true, withMap: true, withBigInt: true });
      fc.assert(
        fc.property(anything, (garbage) => isLeft(restore(garbage, policy(), 0))),
        { seed: seed & 0x7fffffff, numRuns: rounds(2_000) },
      );
    });

    it('is refused, or restored whole, when one field is garbage', () => {
      const { record } = damaged(role);
      fc.assert(
        fc.property(fc.constantFrom(...Object.keys(record)), fc.anything(), (field, garbage) => {
          const found = restore({ ...record, [field]: garbage }, policy(), 0);
          if (isRight(found)) JSON.stringify(found.right);
        }),
        { seed: seed & 0x7fffffff, numRuns: rounds(3_000) },
      );
    });

    const wrong: readonly (readonly [string, unknown])[] = [
      ['version', 1],
      ['role', 'peer'],
      ['configuration', 'asleep'],
      ['epoch', -1],
      ['owner', 7],
      ['smId', {}],
      ['max', -1],
      ['max', Number.NaN],
      ['max', Number.POSITIVE_INFINITY],
      ['handled', 2 ** 32],
      ['handled', 0.5],
      ['acked', '0'],
      ['totalAcked', null],
      ['written', 5],
      ['handledOutOfOrder', [[0]]],
      ['unacked', [{ stanza: '<message/>' }]],
      ['configuration', 7],
      ['epoch', '1'],
      ['epoch', 0.5],
      ['location', 5222],
      ['max', '60'],
      ['handled', -1],
      ['written', -1],
      ['written', '0'],
      ['handledOutOfOrder', 'none'],
      ['handledOutOfOrder', [5]],
      ['handledOutOfOrder', ['ab']],
      ['handledOutOfOrder', [[1, 2, 3]]],
      ['handledOutOfOrder', [[1, 'two']]],
      ['unacked', 'none'],
      ['unacked', { 0: STANZA, length: 1 }],
      ['unacked', [null]],
      ['unacked', ['<message/>']],
      ...Object.entries(WRONG_IN_STANZA).map(([name, value]) => ['unacked', [{ ...STANZA, [name]: value }]] as const),
      ['timers', null],
      ['timers', 5],
      ['timers', { ackIdle: null }],
      ['timers', { ackIdle: 'soon', ackWait: null, overflowGrace: null, resumption: null }],
      ['timers', { ackIdle: Number.NaN, ackWait: null, overflowGrace: null, resumption: null }],
    ];
    for (const [field, value] of wrong) {
      it(`is refused when ${field} is ${String(JSON.stringify(value) ?? value)}`, () => {
        const { record } = damaged(role);
        expect(isRight(restore(record, policy(), 0))).toBe(true);
        expect(isLeft(restore({ ...record, [field]: value }, policy(), 0))).toBe(true);
      });
    }
  });
}

describe('the record of any session', () => {
  it('takes stanzas of every kind, with a key and without', () => {
    for (const kind of ['message', 'presence', 'iq'] as const) {
      for (const key of [null, 'a']) {
        const unacked = [{ ...STANZA, kind, key }];
        const found = restore({ ...damaged('server').record, unacked, written: 1 }, policy(), 0);
        expect(isRight(found) ? toArray(found.right[0].session.unacked) : found).toEqual(unacked);
      }
    }
  });

  it('is refused with the reason', () => {
    const fault = { kind: 'storeFault', reason: expect.stringMatching(/record/) };
    expect(restore('garbage', policy(), 0)).toEqual({ _tag: 'Left', left: fault });
    expect(restore(null, policy(), 0)).toEqual({ _tag: 'Left', left: fault });
  });

  it('takes the ends of every range', () => {
    const { record } = damaged('server');
    for (const ends of [
      { handled: 2 ** 32 - 1, acked: 2 ** 32 - 1, totalAcked: 2 ** 32 - 1, handledOutOfOrder: [[2 ** 32 - 1, 1]] },
      { epoch: 0, max: 0, handled: 0, acked: 0, totalAcked: 0, written: 0 },
    ]) {
      expect(isRight(restore({ ...record, ...ends }, policy(), 0))).toBe(true);
    }
  });
});

describe('the record of a session that waits for its store', () => {
  for (const configuration of ['granting', 'claiming', 'cancelling']) {
    it(`ends, for nobody will answer: ${configuration}`, () => {
      const state: State = { ...open('server', policy()), configuration };
      expect(restored(state)[0].configuration).toBe('ended.closed');
    });
  }
});

const damaged = (role: Role): { readonly record: SessionRecord } => {
  const endpoint = enabledEndpoint(role, policy());
  endpoint.send('a');
  return { record: toRecord(endpoint.state) };
};
