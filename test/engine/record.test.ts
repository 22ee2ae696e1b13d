import { describe, expect, it } from 'vitest';
import {
  hasTag,
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
        if (!hasTag(again, 'over'))
          expect(again.session).toMatchObject({ handled, acked, totalAcked, handledOutOfOrder });
      }
    });

    it('restores a session without a link, in the same state or in its end state', () => {
      for (const state of states()) {
        const [{ configuration, session }] = restored(state);
        expect(configuration).toMatch(/^(disabled|hibernating)\.unlinked$|^hibernating$|^ended/);
        if (!configuration.startsWith('ended')) expect(session.link.epoch).toBe(0);
      }
    });

    it('sets exactly the timers that are still due', () => {
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

    it('is the same record when the restored session is recorded again', () => {
      for (const state of states()) {
        const [again] = restored(state);
        expect(toRecord(restored(again)[0])).toEqual(toRecord(again));
      }
    });

    it('continues the session: the first h acknowledges, the rest is replayed, and our h is unchanged (R-5, R-6, client class C)', () => {
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

    it('lets the session deliver again exactly the stanzas that were received and not handled (A-14)', () => {
      const endpoint = enabledEndpoint(role, policy({ deferHandling: true }));
      for (let n = 0; n < 3; n++) endpoint.peer({ type: 'peer.stanza' });
      endpoint.tell({ type: 'app.handled', position: uint32(1) });
      endpoint.tell({ type: 'app.handled', position: uint32(3) });
      const again = endpointOf(restored(endpoint.state, 1_000)[0]);
      again.resume(uint32(0));
      const repeated = [2, 3, 4].flatMap(() => again.peer({ type: 'peer.stanza' }));
      expect(repeated).toEqual([
        { type: 'deliver', position: 4 },
        { type: 'deliver', position: 6 },
      ]);
    });
  });
}

describe('the record of any session', () => {
  it('accepts stanzas of every kind, with a key and without', () => {
    for (const kind of ['message', 'presence', 'iq'] as const) {
      for (const key of [null, 'a']) {
        const unacked = [{ ...STANZA, kind, key }];
        const found = restore({ ...recordOf('server'), unacked, written: 1 }, policy(), 0);
        expect(isRight(found) ? toArray(found.right[0].session.unacked) : found).toEqual(unacked);
      }
    }
  });

  it('accepts the lowest and the highest value of every range', () => {
    const record = recordOf('server');
    for (const ends of [
      { handled: 2 ** 32 - 1, acked: 2 ** 32 - 1, totalAcked: 2 ** 32 - 1, handledOutOfOrder: [[0, 1]] },
      { epoch: 0, max: 0, handled: 0, acked: 0, totalAcked: 0, written: 0 },
    ]) {
      expect(isRight(restore({ ...record, ...ends }, policy(), 0))).toBe(true);
    }
  });
});

describe('the record of a session that waits for its store', () => {
  for (const configuration of ['granting', 'claiming', 'cancelling']) {
    it(`ends, because no answer of the store will come: ${configuration}`, () => {
      const state: State = { ...open('server', policy()), configuration };
      expect(restored(state)[0].configuration).toBe('ended.closed');
    });
  }
});

const recordOf = (role: Role): SessionRecord => {
  const endpoint = enabledEndpoint(role, policy());
  endpoint.send('a');
  return toRecord(endpoint.state);
};
