/** A record that is older than what went over the wire, and records that cannot be continued (design laws 8 and 10). */
import { describe, expect, it } from 'vitest';
import {
  hasTag,
  isLeft,
  isRight,
  judgeClaim,
  policy,
  type Role,
  restore,
  type SessionRecord,
  type State,
  toArray,
  toRecord,
  uint32,
} from '../../src/index.js';
import { createRandom, seedFrom } from '../../src/testing/random.js';
import { rounds } from '../support/effort.js';
import { acknowledgedIn, type Endpoint, enabledEndpoint, endpointOf, reportsIn } from '../support/endpoint.js';
import { makers, randomEvent } from '../support/random-events.js';

const seed = seedFrom(process.env.SEED);
const OWNER = 'user@example.net';

const recordOf = (endpoint: Endpoint): SessionRecord => JSON.parse(JSON.stringify(toRecord(endpoint.state)));

const restored = (record: unknown, chosen = policy(), at = 0): Endpoint => {
  const found = restore(record, chosen, at);
  return endpointOf(isRight(found) ? found.right[0] : expect.fail(found.left.reason));
};

/** The record has a, and b went over the wire later. */
const behind = (role: Role, start = 2 ** 32 - 1): Endpoint => {
  const endpoint = enabledEndpoint(role, policy({ initialCount: uint32(start) }));
  endpoint.send('a');
  const record = recordOf(endpoint);
  endpoint.send('b');
  return restored(record);
};

describe('a client whose record is older than the wire', () => {
  it('learns from <resumed/> that the server has more: the resumption has failed with that h, and the stream is closed, because it is resumed at the server', () => {
    const endpoint = behind('client');
    endpoint.send('c');
    const effects = endpoint.resume(uint32(1));
    expect(acknowledgedIn(effects)).toEqual(['a']);
    expect(reportsIn(effects, 'resumptionFailed')).toMatchObject([{ h: 1 }]);
    expect(reportsIn(effects, 'returned')).toMatchObject([
      { reason: 'resumptionFailed', stanzas: [{ key: 'c', written: false }] },
    ]);
    expect(reportsIn(effects, 'violation')).toEqual([]);
    expect(effects.filter(({ type }) => type === 'stream.error')).toEqual([]);
    expect(effects).toContainEqual(expect.objectContaining({ type: 'link.close', graceful: true }));
    endpoint.tell({ type: 'link.opened', epoch: 99 });
    endpoint.tell({ type: 'app.authenticated', owner: OWNER });
    endpoint.tell({ type: 'app.bound' });
    expect(hasTag(endpoint.state, 'canEnable')).toBe(true);
  });

  it('learns the same from <failed/>', () => {
    const endpoint = behind('client');
    endpoint.tell({ type: 'link.opened', epoch: 9 });
    endpoint.tell({ type: 'app.authenticated', owner: OWNER });
    endpoint.tell({ type: 'app.resume' });
    const effects = endpoint.peer({ type: 'peer.failed', condition: 'item-not-found', h: uint32(1) });
    expect(acknowledgedIn(effects)).toEqual(['a']);
    expect(reportsIn(effects, 'resumptionFailed')).toMatchObject([{ h: 1 }]);
    expect(reportsIn(effects, 'toleratedViolation')).toEqual([]);
  });

  it('goes on when the server has no more than the record, and from then on an h that is too high is a violation', () => {
    const endpoint = behind('client');
    expect(acknowledgedIn(endpoint.resume(uint32(0)))).toEqual(['a']);
    expect(reportsIn(endpoint.peer({ type: 'peer.a', h: uint32(7) }), 'violation')).toHaveLength(1);
  });
});

describe('a server whose record is older than the wire', () => {
  it('cannot go on when a client has more than the record: what it had written has arrived, and the store keeps its h', () => {
    const endpoint = behind('server');
    expect(judgeClaim(endpoint.session, uint32(1))).toEqual({ type: 'outdated' });
    const effects = endpoint.tell({ type: 'store.outdated' });
    expect(effects).toContainEqual(expect.objectContaining({ type: 'store.expire', h: 4294967295 }));
    expect(acknowledgedIn(effects)).toEqual(['a']);
    expect(hasTag(endpoint.state, 'over')).toBe(true);
  });

  it('is not meant when a session that was not restored is claimed with an h that is too high (A-8)', () => {
    const endpoint = enabledEndpoint('server', policy());
    endpoint.cut();
    expect(judgeClaim(endpoint.session, uint32(1))).toEqual({ type: 'tooHigh', sendCount: 0 });
  });
});

describe('a record that cannot be continued', () => {
  const record = (): SessionRecord => {
    const endpoint = enabledEndpoint('server', policy());
    for (const key of ['a', 'b']) endpoint.send(key);
    endpoint.cut();
    endpoint.send('c');
    return recordOf(endpoint);
  };

  it.each([
    ['another version', { version: 1 }],
    ['a state that the chart no longer has', { configuration: 'enabled.sleeping' }],
    [
      'a hibernation without a deadline',
      { timers: { ackIdle: null, ackWait: null, overflowGrace: null, resumption: null, storeWait: null } },
    ],
    ['a hibernation without an SM-ID', { smId: null }],
    ['a hibernation without an owner', { owner: null }],
    [
      'runs that overlap',
      {
        handledOutOfOrder: [
          [5, 3],
          [6, 1],
        ],
      },
    ],
    ['a run that h covers', { handled: 9, handledOutOfOrder: [[9, 1]] }],
    ['more written than queued', { written: 4 }],
  ])('gives its stanzas back, with what was written: %s', (_, changes) => {
    const found = restore({ ...record(), ...changes }, policy(), 0);
    if (!isLeft(found)) return expect.fail('it is restored');
    expect(found.left.stanzas.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
    if (!('written' in changes)) expect(found.left.stanzas.map(({ written }) => written)).toEqual([true, true, false]);
  });

  it('gives back the stanzas that can be read, and nothing of a value that is no record', () => {
    const { unacked } = record();
    const wrong = { version: 9, unacked: [null, { xml: 7, kind: 'iq' }, ...unacked, { xml: '<a/>', kind: 'nonza' }] };
    const found = restore(wrong, policy(), 0);
    expect(isLeft(found) && found.left.stanzas.map(({ key, written }) => [key, written])).toEqual(
      ['a', 'b', 'c'].map((key) => [key, true]),
    );
    for (const value of [null, 7, 'text', [], {}, { unacked: 'none' }]) {
      const none = restore(value, policy(), 0);
      expect(isLeft(none) && none.left.stanzas).toEqual([]);
    }
  });

  it('is read when it is of version 2, and gives no position again that an earlier process gave', () => {
    const { delivered: _delivered, timers, ...others } = record();
    const { storeWait: _storeWait, ...old } = timers;
    const endpoint = restored({ ...others, version: 2, timers: old });
    expect(endpoint.session.unacked.length).toBe(3);
    expect(endpoint.session.delivered).toBeGreaterThan(2 ** 32);
  });
});

for (const role of ['client', 'server'] as const satisfies Role[])
  describe(`a ${role} that comes back from its record, SEED=${seed}`, () => {
    /** A restored session forgets no more than stanzas that were received and not handled, and that its peer may have more. */
    const told = ({ session, configuration }: State) => {
      const { handled, handledOutOfOrder, acked, totalAcked, unacked, written, smId, owner, max, timers } = session;
      return {
        configuration,
        handled,
        handledOutOfOrder,
        acked,
        totalAcked,
        unacked: toArray(unacked),
        written,
        smId,
        owner,
        max,
        timers,
      };
    };

    it('answers every further sequence as the session that was never stored', () => {
      const random = createRandom(seed);
      let compared = 0;
      for (let round = 0; round < rounds(2_000); round++) {
        let at = 0;
        const one = enabledEndpoint(
          role,
          policy({ initialCount: uint32(random.pick([0, 2 ** 32 - 3])), maxQueueStanzas: 5 }),
        );
        for (let i = 0; i < 10; i++) {
          const ms = random.pick([0, 10]);
          at += ms;
          one.wait(ms);
          one.tell(randomEvent(one.state, random, at));
        }
        if (!hasTag(one.state, 'enabled') && !hasTag(one.state, 'hibernating')) continue;
        one.cut();
        if (!hasTag(one.state, 'hibernating') || one.state.session.link.epoch !== 0) continue;
        const again = restored(recordOf(one), one.state.policy, at);
        again.wait(at);
        expect(told(again.state)).toEqual(told(one.state));
        for (let i = 0; i < 10; i++) {
          const ms = random.pick([0, 10, 1000]);
          at += ms;
          one.wait(ms);
          again.wait(ms);
          const type = random.pick([
            'app.send',
            'app.handled',
            'app.close',
            'store.taken',
            'timer.resumption',
            'link.opened',
          ] as const);
          const event = makers[type](one.state, random, at);
          const { at: _at, ...timeless } = event;
          expect(again.tell(timeless)).toEqual(one.tell(timeless));
          expect(told(again.state)).toEqual(told(one.state));
          compared += 1;
        }
      }
      expect(compared).toBeGreaterThan(100);
    });
  });
