import { describe, expect, it } from 'vitest';
import { policy, uint32 } from '../../src/index.js';
import { type ExploreOptions, explore } from '../../src/testing.js';
import { mutants } from './explore-mutants.js';

const near = policy({ initialCount: uint32(2 ** 32 - 1), maxUnackedStanzas: 100 });
const policies = { client: near, server: near };

describe('an exploration', () => {
  it('finds nothing wrong with a stanza each way and a cut, across the wrap of the counters (A-4, R-6)', () => {
    const found = explore({ policies, bounds: { clientSends: 1, serverSends: 1, cuts: 1 } });
    expect(found).toMatchObject({ fault: null, isWhole: true });
    expect(found.states).toBeGreaterThan(500);
    expect(found.rests).toBeGreaterThan(10);
  });

  it.each<[string, ExploreOptions]>([
    ['a slow store and takeovers (R-11)', { bounds: { serverSends: 1, cuts: 1 }, lateCuts: true, slowStore: true }],
    [
      'logins with SASL2 (I-5)',
      { bounds: { clientSends: 1, serverSends: 1, cuts: 1 }, logins: ['inline'], slowStore: true },
    ],
    ['refusals (R-10)', { bounds: { clientSends: 1, cuts: 1, refusals: 1 }, slowStore: true }],
    ['answers that never come (P-2)', { bounds: { clientSends: 1 }, timers: ['ackIdle', 'ackWait'] }],
    [
      'handling in any order (A-14)',
      { bounds: { clientSends: 2, cuts: 1 }, policies: { server: policy({ deferHandling: true }) } },
    ],
  ])('finds nothing wrong with %s', (_name, options) => {
    expect(explore({ policies, ...options })).toMatchObject({ fault: null, isWhole: true });
  });

  it('is a pure function: the same options give the same result', () => {
    const options = { policies, bounds: { clientSends: 1, cuts: 1 } };
    expect(explore(options)).toEqual(explore(options));
  });

  it('stops at the most states, and says that it is not whole', () => {
    const found = explore({ policies, bounds: { clientSends: 2, cuts: 2 }, mostStates: 100 });
    expect(found).toMatchObject({ isWhole: false, fault: null });
    expect(found.states).toBeLessThan(200);
  });

  it('names a bound that is wrong', () => {
    const wrong: object = { clientSend: 1 };
    expect(() => explore({ bounds: wrong })).toThrow(new TypeError('bounds.clientSend is no bound'));
    expect(() => explore({ bounds: { cuts: -1 } })).toThrow('bounds.cuts must be a whole number, 0 or more, not -1');
  });

  it('checks a rule of the embedder, and prints a shortest history as wire lines', () => {
    const found = explore({
      bounds: { clientSends: 1 },
      rule: ({ servers }) => (servers.some(({ taken }) => taken.length > 0) ? 'a stanza arrived' : undefined),
    });
    expect(found.fault).toEqual({
      rule: 'own',
      says: 'a stanza arrived',
      history: [
        '  1  the client connects',
        '       C: <bind/>',
        "       C: <enable resume='true' max='300'/>",
        '  2  the server gets <bind/>',
        "     the server gets <enable resume='true' max='300'/>",
        '  3  the store keeps server session 1 as sm1',
        "       S: <enabled id='sm1' resume='true' max='300'/>",
        '  4  the application of the client sends c0',
        "       C: <message id='c0'/>",
        "  5  the server gets <message id='c0'/>",
      ],
    });
  });
});

describe('an exploration of a core with a fault finds it, in few moves:', () => {
  it.each(mutants)('$name', ({ core, options, rule }) => {
    const { fault } = explore({ ...options, core });
    expect(fault).toMatchObject({ rule });
    expect(fault?.history.filter((line) => /^ *\d/.test(line)).length).toBeLessThan(20);
  });
});
