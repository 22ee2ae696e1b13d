/** Deltas as a store has them: JSON with the fields of a record, and the record of now from a record and the deltas since then. */
import { describe, expect, it } from 'vitest';
import * as client from '../../src/client.js';
import {
  isLeft,
  isRight,
  policy,
  type Role,
  readDelta,
  recordAfter,
  restore,
  type SessionDelta,
  type SessionRecord,
  type State,
  toDelta,
  toRecord,
  uint32,
} from '../../src/index.js';
import { createRandom, seedFrom } from '../../src/testing/random.js';
import { rounds } from '../support/effort.js';
import { type Endpoint, enabledEndpoint } from '../support/endpoint.js';
import { randomWalk } from '../support/random-walk.js';

const seed = seedFrom(process.env.SEED);
const roles = ['client', 'server'] as const satisfies Role[];

/** As a store has it. */
const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const folded = (record: unknown, deltas: readonly unknown[]): SessionRecord => {
  const found = recordAfter(record, deltas);
  return isRight(found) ? found.right : expect.fail(found.left.reason);
};

const expectSame = (found: SessionRecord, wanted: SessionRecord): void => {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) expect(found).toEqual(wanted);
};

for (const role of roles)
  describe(`the record and the deltas of a ${role}, SEED=${seed}`, () => {
    it('give the record of now, with deltas of one step and of many steps, from 2^32-3 on too', () => {
      const random = createRandom(seed);
      for (let round = 0; round < rounds(400); round++) {
        const states = randomWalk(role, random);
        let last = states[0] ?? expect.fail();
        let note: string | null = null;
        const record = stored(toRecord(last));
        const deltas: unknown[] = [];
        for (const state of states) {
          if (random.chance(0.6)) continue;
          const next = random.chance(0.9) ? undefined : random.chance(0.3) ? null : random.pick(['a@b/c', 'a@b/d']);
          const delta = toDelta(last, state, next);
          if (delta !== null) deltas.push(stored(delta));
          else expectSame(toRecord(state), toRecord(last));
          if (next !== undefined) note = next;
          last = state;
        }
        const now = folded(record, deltas);
        expectSame(now, toRecord(last, note));
        if (role === 'client') expect(client.recordAfter(record, deltas)).toEqual({ _tag: 'Right', right: now });
        expect(isRight(restore(now, last.policy, 0))).toBe(true);
      }
    }, 60_000);

    it('give the record of now when some deltas became part of the record', () => {
      const random = createRandom(seed);
      for (let round = 0; round < rounds(200); round++) {
        const states = randomWalk(role, random);
        const first = states[0] ?? expect.fail();
        const deltas = states.slice(1).map((state, n) => stored(toDelta(states[n] ?? first, state, 'a@b/c')));
        const share = random.integer(0, deltas.length);
        const half = stored(folded(toRecord(first), deltas.slice(0, share)));
        expectSame(folded(half, deltas.slice(share)), toRecord(states.at(-1) ?? first, 'a@b/c'));
      }
    }, 60_000);
  });

describe('a delta', () => {
  const endpoint = (): Endpoint => enabledEndpoint('server', policy({ initialCount: uint32(2 ** 32 - 1) }));

  it('is a version, the trims, the new stanzas, and the fields of the record that changed', () => {
    const one = endpoint();
    one.send('a');
    const before = one.state;
    one.send('b');
    one.peer({ type: 'peer.a', h: uint32(0) });
    expect(stored(toDelta(before, one.state))).toEqual({
      version: 4,
      trimmed: 1,
      appended: [{ xml: "<message id='b'/>", kind: 'message', type: '', key: 'b', at: 0 }],
      head: { acked: 0, totalAcked: 1 },
    });
  });

  it('has a configuration when the session is in another one, and a note when the embedder has another one', () => {
    const one = endpoint();
    const before = one.state;
    expect(toDelta(before, before)).toBeNull();
    expect(toDelta(before, before, 'a@b/c')?.head).toEqual({ note: 'a@b/c' });
    expect(toDelta(before, before, null)?.head).toEqual({ note: null });
    one.cut();
    expect(toDelta(before, one.state, 'a@b/c')?.head).toEqual({
      configuration: 'hibernating',
      epoch: 0,
      note: 'a@b/c',
      timers: one.session.timers,
    });
  });

  it('is refused by an argument that is no state, has another role, or is no note', () => {
    const { state } = endpoint();
    expect(() => toDelta(null as unknown as State, state)).toThrow('stored must be the state of a session, not null');
    expect(() => toDelta(state, enabledEndpoint('client', policy()).state)).toThrow('now must be a state of the same');
    expect(() => toDelta(state, state, 5 as unknown as string)).toThrow('note must be text or null, not 5');
    expect(() => toRecord(state, 5 as unknown as string)).toThrow('note must be text or null, not 5');
  });
});

describe('a record with a note', () => {
  it('is restored like a record without one, and the note is read back with the record', () => {
    const { state } = enabledEndpoint('server', policy());
    const record = stored(toRecord(state, 'a@b/c'));
    expect(restore(record, policy(), 0)).toEqual(restore(toRecord(state), policy(), 0));
    expect(folded(record, []).note).toBe('a@b/c');
  });

  it('has no note when it is of version 3', () => {
    const { note: _note, ...others } = toRecord(enabledEndpoint('server', policy()).state);
    expect(folded({ ...others, version: 3 }, []).note).toBeNull();
  });
});

describe('what a store may have in place of a delta', () => {
  const one = enabledEndpoint('server', policy({ deferHandling: true }));
  for (const key of ['a', 'b']) one.send(key);
  for (let n = 0; n < 4; n++) one.peer({ type: 'peer.stanza' });
  for (const position of [2, 4]) one.tell({ type: 'app.handled', position });
  const record = toRecord(one.state);
  const right: SessionDelta = { version: 4, trimmed: 0, appended: [], head: null };
  const entry = { xml: '<iq/>', kind: 'iq', type: 'get', key: 'c', at: 0 };

  it.each<[unknown, string]>([
    [null, 'delta must be an object'],
    [{ ...right, version: 3, trimmed: 'all' }, 'delta.version must be 4'],
    [{ ...right, trimmed: -1 }, 'delta.trimmed must be a whole number from 0 to 9007199254740991'],
    [{ ...right, appended: null }, 'delta.appended must be a list'],
    [{ ...right, appended: [entry, { ...entry, xml: 7 }] }, 'delta.appended[1].xml must be text'],
    [{ ...right, head: undefined }, 'delta.head must be an object'],
    [{ ...right, head: { acked: 2 ** 32 } }, 'delta.head.acked must be a whole number from 0 to 4294967295'],
    [
      { ...right, head: { timers: { ...record.timers, ackIdle: 'soon' }, note: 7 } },
      'delta.head.note must be text or null; delta.head.timers.ackIdle must be a time in milliseconds or null',
    ],
    [
      { ...right, head: { handledOutOfOrder: { added: [[5, 0]] } } },
      'delta.head.handledOutOfOrder.added[0] must be a count from 0 to 4294967295 and a length of 1 or more; delta.head.handledOutOfOrder.removed must be a list',
    ],
    [
      {
        ...right,
        head: {
          handledOutOfOrder: {
            added: [],
            removed: [
              [5, 3],
              [6, 1],
            ],
          },
        },
      },
      'delta.head.handledOutOfOrder.removed must be runs in order and apart',
    ],
  ])('is refused with what is wrong, and without a secret: %j', (value, reason) => {
    const found = readDelta(value);
    expect(isLeft(found) && found.left).toEqual({ kind: 'storeFault', reason });
    const behind = recordAfter(record, [right, value]);
    expect(isLeft(behind) && behind.left.reason).toBe(reason.replaceAll('delta', 'deltas[1]'));
  });

  it.each<[string, unknown, string]>([
    ['more trims than stanzas', { trimmed: 3 }, 'deltas[0].trimmed must be 2, the length of the queue, or less'],
    [
      'counts that the record has already',
      { head: { handledOutOfOrder: { added: [[2, 1]], removed: [] } } },
      'deltas[0].head.handledOutOfOrder.added must be counts above handled that the record does not have',
    ],
    [
      'counts far away',
      { head: { handledOutOfOrder: { added: [[2 ** 31, 1]], removed: [] } } },
      'deltas[0].head.handledOutOfOrder.added must be counts above handled that the record does not have',
    ],
    [
      'counts that the record never had',
      { head: { handledOutOfOrder: { added: [], removed: [[3, 1]] } } },
      'deltas[0].head.handledOutOfOrder.removed must be counts that the record has',
    ],
    [
      'fewer stanzas than were written',
      { trimmed: 1 },
      'after the deltas, record.written must be a whole number from 0 to the length of unacked',
    ],
    [
      'an h over stanzas handled out of order',
      { head: { handled: 2 } },
      'after the deltas, record.handledOutOfOrder must be runs above handled, in order and apart',
    ],
    [
      'a configuration of the other role',
      { head: { configuration: 'hibernating.unlinked' } },
      'after the deltas, record.configuration must be a configuration of the chart of its role',
    ],
  ])('does not belong to this record: %s', (_, changes, reason) => {
    const found = recordAfter(record, [{ ...right, ...(changes as object) }]);
    expect(isLeft(found) && found.left.reason).toBe(reason);
  });

  it('gives back the stanzas that are left, with what was written', () => {
    const deltas = [
      { ...right, trimmed: 1, appended: [entry], head: { written: 1 } },
      { ...right, version: 9, appended: [{ ...entry, key: 'd' }, null] },
      null,
    ];
    for (const [start, keys] of [
      [record, ['b', 'c', 'd']],
      [null, ['d']],
    ] as const) {
      const found = recordAfter(start, deltas.slice(start === null ? 1 : 0));
      expect(isLeft(found) && found.left.stanzas.map(({ key }) => key)).toEqual(keys);
    }
    const found = recordAfter(record, deltas);
    expect(isLeft(found) && found.left.stanzas.map(({ written }) => written)).toEqual([true, false, false]);
  });

  it('has only the fields of a delta when it is read', () => {
    const found = readDelta({ ...right, surprise: 1, appended: [entry], head: { acked: 1, surprise: 1 } });
    expect(found).toEqual({ _tag: 'Right', right: { ...right, appended: [entry], head: { acked: 1 } } });
  });

  it('is refused by smacks/client when the record is of a server', () => {
    const found = client.recordAfter(record, []);
    expect(isLeft(found) && found.left.reason).toBe("record.role must be 'client'");
  });
});
