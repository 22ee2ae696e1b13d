import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, type PolicyChanges, policy } from '../../src/index.js';

describe('policy()', () => {
  it('is the defaults with some fields replaced', () => {
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

  it('takes the ends of every range', () => {
    const ends: PolicyChanges = {
      ackIdle: 0,
      maxUnackedStanzas: 0,
      maxQueueStanzas: 1,
      maxAckDelay: 60,
      deadAfter: 60,
    };
    expect(policy(ends)).toEqual({ ...DEFAULT_POLICY, ...ends });
  });

  it('takes what is the default, said in so many words', () => {
    expect(policy({ secondEnable: 'refuse', location: null })).toEqual(policy());
  });

  /** As a program without types would call it. */
  const wrong: readonly (readonly [changes: object, message: string])[] = [
    [{ hibernationtime: 5 }, 'policy has no field hibernationtime'],
    [{ toString: 5 }, 'policy has no field toString'],
    [{ resume: 1 }, 'policy.resume is true or false, not 1'],
    [{ hibernationTime: '300' }, 'policy.hibernationTime is a number of seconds, 0 or more, not "300"'],
    [{ ackIdle: -1 }, 'policy.ackIdle is a number of seconds, 0 or more, not -1'],
    [{ deadAfter: Number.NaN }, 'policy.deadAfter is a number of seconds, 0 or more, not NaN'],
    [
      { overflowGrace: Number.POSITIVE_INFINITY },
      'policy.overflowGrace is a number of seconds, 0 or more, not Infinity',
    ],
    [{ maxUnackedStanzas: 1.5 }, 'policy.maxUnackedStanzas is a whole number, 0 or more, not 1.5'],
    [{ maxQueueStanzas: 0 }, 'policy.maxQueueStanzas is a whole number, 1 or more, not 0'],
    [{ maxQueueBytes: null }, 'policy.maxQueueBytes is a whole number, 1 or more, not null'],
    [{ secondEnable: 'ignore' }, `policy.secondEnable is 'refuse' or 'close', not "ignore"`],
    [{ deferHandling: 'yes' }, 'policy.deferHandling is true or false, not "yes"'],
    [{ location: 5222 }, 'policy.location is a host, host:port or null, not 5222'],
    [{ location: '' }, 'policy.location is a host, host:port or null, not ""'],
    [{ initialCount: 2 ** 32 }, 'policy.initialCount is a whole number from 0 to 4294967295, not 4294967296'],
    [{ deadAfter: 20 }, 'policy.deadAfter (20 s) is less than policy.maxAckDelay (30 s)'],
    [{ maxAckDelay: 90 }, 'policy.deadAfter (60 s) is less than policy.maxAckDelay (90 s)'],
  ];
  for (const [changes, message] of wrong) {
    it(`does not take what is wrong: ${message}`, () => {
      expect(() => policy(changes)).toThrow(new RangeError(message));
    });
  }
});
