/** What is no record of a session, and what the fault says about it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restore as restoreClient } from '../../src/client.js';
import { isLeft, isRight, policy, type Role, restore, type SessionRecord, toRecord } from '../../src/index.js';
import { seedFrom } from '../../src/testing/random.js';
import { rounds } from '../support/effort.js';
import { enabledEndpoint } from '../support/endpoint.js';

const seed = seedFrom(process.env.SEED);

const STANZA = { xml: '<message/>', kind: 'message', type: 'chat', at: 0, key: null } as const;

const TIMERS = { ackIdle: null, ackWait: null, overflowGrace: null, resumption: null, storeWait: null };

const COUNT = 'a whole number from 0 to 9007199254740991';
const UINT32 = 'a whole number from 0 to 4294967295';
const TIME = 'a number, 0 or more';
const DEADLINE = 'a time in milliseconds or null';
const RUN = 'a count from 0 to 4294967295 and a length of 1 or more';
const TEXT_OR_NULL = 'text or null';
const TEXT_UNLESS_HIBERNATING = 'text, or null when the session does not hibernate';

/** What a field must be, and what it is instead. */
const wrong = (path: string, wanted: string, ...values: readonly unknown[]) =>
  values.map((value) => ({ path, value, fault: `record.${path} must be ${wanted}` }));

const WRONG = [
  ...wrong('role', "'client' or 'server'", 'peer', 7, null, 'toString'),
  ...wrong('configuration', 'a configuration of the chart of its role', 'asleep', 7, '', 'toString', ['disabled']),
  ...wrong('epoch', COUNT, -1, '1', 0.5, 2 ** 53),
  ...wrong('owner', TEXT_UNLESS_HIBERNATING, 7, undefined),
  ...wrong('smId', TEXT_UNLESS_HIBERNATING, {}, false),
  ...wrong('max', TIME, -1, '60', Number.NaN, Number.POSITIVE_INFINITY),
  ...wrong('location', TEXT_OR_NULL, 5222),
  ...wrong('handled', UINT32, 2 ** 32, 0.5, -1),
  ...wrong('acked', UINT32, '0'),
  ...wrong('totalAcked', UINT32, null),
  ...wrong('written', 'a whole number from 0 to the length of unacked', -1, '0', 0.5),
  ...wrong('handledOutOfOrder', 'a list', 'none', {}, null),
  ...wrong('handledOutOfOrder[0]', RUN, [[0]], [5], ['ab'], [[1, 2, 3]], [[1, 'two']], [[1, 2 ** 32]], [[1, 0]]),
  ...wrong(
    'handledOutOfOrder',
    'runs above handled, in order and apart',
    [
      [5, 2],
      [6, 1],
    ],
    [
      [9, 1],
      [5, 1],
    ],
    [[2 ** 31, 1]],
  ),
  ...wrong('handledOutOfOrder[1]', RUN, [[0, 1], null]),
  ...wrong('unacked', 'a list', 'none', { 0: STANZA, length: 1 }, null),
  ...wrong('unacked[0]', 'an object', [null], ['<message/>'], [[]]),
  ...wrong('unacked[0].xml', 'text', [{ ...STANZA, xml: 5 }]),
  ...wrong('unacked[0].kind', "'message' or 'presence' or 'iq'", [{ ...STANZA, kind: 'message2' }]),
  ...wrong('unacked[1].type', 'text', [STANZA, { ...STANZA, type: null }]),
  ...wrong('unacked[0].at', TIME, [{ ...STANZA, at: -1 }]),
  ...wrong('unacked[0].key', TEXT_OR_NULL, [{ ...STANZA, key: 5 }]),
  ...wrong('timers', 'an object', null, 5, []),
  ...wrong('timers.resumption', DEADLINE, { ...TIMERS, resumption: undefined }),
  ...wrong('timers.ackIdle', DEADLINE, { ...TIMERS, ackIdle: 'soon' }, { ...TIMERS, ackIdle: Number.NaN }),
];

type Wrong = (typeof WRONG)[number];

for (const role of ['client', 'server'] as const) {
  describe(`the record of a ${role}, SEED=${seed}`, () => {
    const record = recordOf(role);

    it('is refused, without an exception, when the value is not a record', () => {
      const anything = fc.oneof(
        fc.anything({ withNullPrototype: true, withMap: true, withBigInt: true }),
        fc.jsonValue(),
      );
      fc.assert(
        fc.property(anything, (garbage) => {
          expect(reasonOf(garbage)).toMatch(/^record( must be an object|\.version must be 4)$/);
        }),
        { seed: seed & 0x7fffffff, numRuns: rounds(2_000) },
      );
    });

    it('is refused, or restored completely, when one field has a random value', () => {
      fc.assert(
        fc.property(fc.constantFrom(...Object.keys(record)), fc.anything(), (field, garbage) => {
          const found = restore({ ...record, [field]: garbage }, policy(), 0);
          if (isRight(found)) JSON.stringify(found.right);
          else expect(found.left.reason).toMatch(new RegExp(`^record\\.(${field}|${JUDGED_BY[field] ?? field})\\b`));
        }),
        { seed: seed & 0x7fffffff, numRuns: rounds(3_000) },
      );
    });

    for (const { path, value, fault } of WRONG) {
      it(`is refused with the reason when ${path} is ${String(JSON.stringify(value) ?? value)}`, () => {
        expect(isRight(restore(record, policy(), 0))).toBe(true);
        expect(reasonOf({ ...record, [fieldOf(path)]: value })).toBe(fault);
      });
    }

    it('is refused with a reason for each field that is wrong', () => {
      const kinds = fc.uniqueArray(fc.constantFrom(...WRONG), { selector: ({ path }) => fieldOf(path), minLength: 2 });
      fc.assert(
        fc.property(kinds, (wrong) => {
          const changes = Object.fromEntries(wrong.map(({ path, value }) => [fieldOf(path), value]));
          // Without a chart, any text may be a configuration.
          const isKnown = ({ path, value }: Wrong) =>
            (path !== 'configuration' || typeof value !== 'string' || !('role' in changes)) &&
            // Without the count, any runs may be above it.
            !('handled' in changes && path === 'handledOutOfOrder' && Array.isArray(value));
          const expected = wrong.filter(isKnown).map(({ fault }) => fault);
          const found = reasonOf({ ...record, ...changes }).split('; ');
          const judged = 'handled' in changes ? found.filter((fault) => !fault.includes('runs above handled')) : found;
          expect(judged.sort()).toEqual(expected.sort());
        }),
        { seed: seed & 0x7fffffff, numRuns: rounds(1_000) },
      );
    });
  });
}

describe('the record of any session', () => {
  it('is refused for its version alone when the version is another, because its fields may have another meaning', () => {
    for (const version of [0, 1, 5, '3', null, undefined])
      expect(reasonOf({ ...recordOf('client'), smId: 5, version })).toBe('record.version must be 4');
  });

  it('is refused by smacks/client when its role is server, with the role that is required', () => {
    const found = restoreClient(recordOf('server'), policy(), 0);
    expect(isLeft(found) && found.left).toMatchObject({ kind: 'storeFault', reason: "record.role must be 'client'" });
  });

  it('shows neither a stanza nor the SM-ID in the reason', () => {
    const secret = 'kaleidoscope';
    const secrets = fc.constantFrom<unknown>(
      secret,
      [secret],
      { [secret]: secret },
      [[secret]],
      [{ ...STANZA, at: secret }],
    );
    const fields = Object.keys(recordOf('server'));
    const changes = fc.dictionary(fc.constantFrom(...fields), secrets);
    fc.assert(
      fc.property(changes, (wrong) => {
        const whole = { ...recordOf('server'), unacked: [{ ...STANZA, xml: secret, key: 5 }], smId: secret, ...wrong };
        expect(reasonOf(whole)).not.toContain(secret);
      }),
      { seed: seed & 0x7fffffff, numRuns: rounds(1_000) },
    );
  });

  it('is refused with a short reason when every stanza of a long queue is wrong', () => {
    const unacked = Array.from({ length: 10_000 }, () => ({ ...STANZA, xml: null }));
    const reason = reasonOf({ ...recordOf('server'), smId: 5, unacked });
    expect(reason).toMatch(
      /^record\.smId must be text, or null when the session does not hibernate; record\.unacked\[0\]\.xml must be text; /,
    );
    expect(reason).toMatch(/; 9951 more faults$/);
    expect(reason.length).toBeLessThan(2_500);
  });

  it('is refused when more stanzas were written than there are', () => {
    const reason = 'record.written must be a whole number from 0 to the length of unacked';
    expect(reasonOf({ ...recordOf('server'), written: 2 })).toBe(reason);
    expect(reasonOf({ ...recordOf('server'), unacked: [] })).toBe(reason);
  });

  it('gives a session only the fields of a session', () => {
    const extra = { ...recordOf('server'), surprise: 1, unacked: [{ ...STANZA, surprise: 1 }] };
    const found = restore(extra, policy(), 0);
    expect(JSON.stringify(found)).not.toContain('surprise');
    expect(isRight(found)).toBe(true);
  });
});

const recordOf = (role: Role): SessionRecord => {
  const endpoint = enabledEndpoint(role, policy());
  endpoint.send('a');
  return toRecord(endpoint.state);
};

/** Why it is no record. */
const reasonOf = (record: unknown): string => {
  const found = restore(record, policy(), 0);
  if (isRight(found)) return expect.fail(`accepted: ${JSON.stringify(record)}`);
  expect(found.left.kind).toBe('storeFault');
  return found.left.reason;
};

/** The field of a record that holds what the path names. */
const fieldOf = (path: string): string => /^\w+/.exec(path)?.[0] ?? '';

/** The field that may look wrong beside a field with another value. */
const JUDGED_BY: Readonly<Record<string, string>> = { role: 'configuration', unacked: 'written' };
