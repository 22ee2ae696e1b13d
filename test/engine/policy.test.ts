import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, type PolicyChanges, policy } from '../../src/index.js';
import { seedFrom } from '../../src/testing/random.js';
import { rounds } from '../support/effort.js';

const seed = seedFrom(process.env.SEED);
const SECONDS = 'a number of seconds from 0 to 4294967295';

describe('policy()', () => {
  it('returns the defaults with some fields replaced', () => {
    expect(policy()).toEqual(DEFAULT_POLICY);
    expect(policy({ ackIdle: 0.5, location: '[::1]:5222' })).toEqual({
      ...DEFAULT_POLICY,
      ackIdle: 0.5,
      location: '[::1]:5222',
    });
  });

  it('has the defaults that docs/3-policy.md names', () => {
    const rows = readFileSync('docs/3-policy.md', 'utf8').matchAll(/^\| `(\w+)` \| (\w+) \|/gm);
    const named = Object.fromEntries([...rows].map(([, name, value]) => [name, value]));
    const defaults = Object.entries(DEFAULT_POLICY).map(([name, value]) => [name, String(value)]);
    expect(named).toMatchObject(Object.fromEntries(defaults));
  });

  it('keeps the default of a field that is undefined', () => {
    expect(policy({ hibernationTime: undefined, resume: undefined })).toEqual(DEFAULT_POLICY);
  });

  it('accepts the lowest and the highest value of every range', () => {
    const ends: PolicyChanges = {
      ackIdle: 0,
      maxUnackedStanzas: 0,
      maxQueueStanzas: 1,
      maxAckDelay: 60,
      deadAfter: 60,
    };
    expect(policy(ends)).toEqual({ ...DEFAULT_POLICY, ...ends });
  });

  it('accepts a field that has its default value', () => {
    expect(policy({ secondEnable: 'refuse', location: null })).toEqual(policy());
  });

  /** As a program without types would call it. */
  const wrong: readonly (readonly [changes: object, message: string])[] = [
    [{ hibernationtime: 5 }, 'policy.hibernationtime is no field of a policy'],
    [{ toString: 5 }, 'policy.toString is no field of a policy'],
    [JSON.parse('{ "__proto__": {} }'), 'policy.__proto__ is no field of a policy'],
    [{ resume: 1 }, 'policy.resume must be true or false, not 1'],
    [{ hibernationTime: '300' }, `policy.hibernationTime must be ${SECONDS}, not "300"`],
    [{ hibernationTime: Number.MAX_VALUE }, `policy.hibernationTime must be ${SECONDS}, not 1.7976931348623157e+308`],
    [{ hibernationTime: 2 ** 32 }, `policy.hibernationTime must be ${SECONDS}, not 4294967296`],
    [{ ackIdle: -1 }, `policy.ackIdle must be ${SECONDS}, not -1`],
    [{ maxAckDelay: {} }, `policy.maxAckDelay must be ${SECONDS}, not an object`],
    [{ overflowGrace: Number.POSITIVE_INFINITY }, `policy.overflowGrace must be ${SECONDS}, not Infinity`],
    [{ maxUnackedStanzas: 1.5 }, 'policy.maxUnackedStanzas must be a whole number from 0 to 9007199254740991, not 1.5'],
    [{ maxQueueStanzas: 0 }, 'policy.maxQueueStanzas must be a whole number from 1 to 9007199254740991, not 0'],
    [{ maxQueueBytes: null }, 'policy.maxQueueBytes must be a whole number from 1 to 9007199254740991, not null'],
    [{ secondEnable: 'ignore' }, `policy.secondEnable must be 'refuse' or 'close', not "ignore"`],
    [{ secondEnable: ['refuse'] }, "policy.secondEnable must be 'refuse' or 'close', not a list"],
    [{ deferHandling: () => true }, 'policy.deferHandling must be true or false, not a function'],
    [{ location: 5222 }, 'policy.location must be a host, host:port or null, not 5222'],
    [{ location: '' }, 'policy.location must be a host, host:port or null, not ""'],
    [{ initialCount: 2 ** 32 }, 'policy.initialCount must be a whole number from 0 to 4294967295, not 4294967296'],
    [{ deadAfter: Number.NaN }, 'policy.deadAfter must be a number of seconds from maxAckDelay to 4294967295, not NaN'],
    [{ deadAfter: 20 }, 'policy.deadAfter must be a number of seconds from maxAckDelay to 4294967295, not 20'],
    [{ maxAckDelay: 90 }, 'policy.deadAfter must be a number of seconds from maxAckDelay to 4294967295, not 60'],
    [[], 'policy must be an object'],
  ];
  for (const [changes, message] of wrong) {
    it(`refuses a wrong value: ${message}`, () => {
      expect(() => policy(changes)).toThrow(new TypeError(message));
    });
  }

  it('refuses a value that is not an object', () => {
    for (const changes of [null, 5, 'resume', true] as never[])
      expect(() => policy(changes)).toThrow(new TypeError('policy must be an object'));
  });

  it('names every wrong field in one error', () => {
    const changes: object = { resume: 1, speed: 2, ackIdle: -1, deadAfter: 5, maxAckDelay: 'soon', location: '' };
    expect(() => policy(changes)).toThrow(
      new TypeError(
        [
          'policy.speed is no field of a policy',
          'policy.resume must be true or false, not 1',
          `policy.ackIdle must be ${SECONDS}, not -1`,
          `policy.maxAckDelay must be ${SECONDS}, not "soon"`,
          'policy.location must be a host, host:port or null, not ""',
        ].join('; '),
      ),
    );
  });

  it(`names exactly the wrong fields, whatever their values, SEED=${seed}`, () => {
    const changes = fc.record(Object.fromEntries(names.map((name) => [name, NEVER_RIGHT])), { requiredKeys: [] });
    fc.assert(
      fc.property(changes, (wrong) => {
        const named = namedIn(() => policy(wrong));
        expect(named).toEqual(names.filter((name) => Object.hasOwn(wrong, name)));
      }),
      { seed: seed & 0x7fffffff, numRuns: rounds(500) },
    );
  });

  it(`throws only TypeErrors, and gives deadlines that JSON can hold, SEED=${seed}`, () => {
    const anything = fc.record(Object.fromEntries(names.map((name) => [name, fc.anything()])), { requiredKeys: [] });
    fc.assert(
      fc.property(anything, (changes) => {
        const outcome = outcomeOf(() => policy(changes));
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(TypeError);
        else expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome);
      }),
      { seed: seed & 0x7fffffff, numRuns: rounds(2_000) },
    );
  });

  it('limits every duration, so that a deadline is a finite time (law 4)', () => {
    const most = 2 ** 32 - 1;
    const long = policy({
      hibernationTime: most,
      ackIdle: most,
      maxAckDelay: most,
      deadAfter: most,
      overflowGrace: most,
    });
    for (const seconds of [long.hibernationTime, long.ackIdle, long.maxAckDelay, long.deadAfter, long.overflowGrace])
      expect(Number.isSafeInteger(8.64e15 / 1000 + seconds * 1000)).toBe(true);
  });
});

const names = Object.keys(DEFAULT_POLICY);

/** No field of a policy may have it. */
const NEVER_RIGHT = fc.oneof(
  fc.constantFrom<unknown>(Number.NaN, Number.POSITIVE_INFINITY, -1, -0.5, Number.MAX_VALUE, '', [], {}, 5n),
  fc.constant(Symbol('x')),
  fc.object(),
);

const outcomeOf = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};

/** The fields that the error names, in its order. */
const namedIn = (act: () => unknown): readonly string[] => {
  const outcome = outcomeOf(act);
  return outcome instanceof TypeError
    ? [...outcome.message.matchAll(/policy\.(\w+)/g)].map(([, name = '']) => name)
    : [];
};
