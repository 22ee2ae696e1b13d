/**
 * The contract of every session store, as cases for any test runner: a case throws when the store breaks the contract.
 *
 * `for (const { name, run } of storeContract) test(name, () => run(makeStore));`
 */
import { type ClaimAnswer, open, policy, type Session, type Uint32, uint32 } from '../index.js';
import type { Holder, SessionStore } from '../ports/index.js';

/** The limits a case asks for. */
export interface StoreLimits {
  /** The most hibernating sessions of one owner (M-7). */
  readonly maxHibernatedSessions: number;
  /** The most final h values that the store remembers for one owner (M-8). */
  readonly maxOldSessions: number;
  /** How long the store remembers a final h, in seconds. */
  readonly oldSessionLifetime: number;
}

/** Makes a new, empty store with these limits. */
export type MakeStore = (limits: StoreLimits) => SessionStore | Promise<SessionStore>;

export interface StoreCase {
  readonly name: string;
  /** @returns rejects with an Error that describes the fault */
  run(makeStore: MakeStore): Promise<void>;
}

const LIMITS: StoreLimits = { maxHibernatedSessions: 3, maxOldSessions: 3, oldSessionLifetime: 100 };
const LIFETIME = LIMITS.oldSessionLifetime * 1000;
const JULIET = 'juliet@example.net';
const ROMEO = 'romeo@example.net';
const NOW = 1_000_000_000_000;
const H = uint32(7);

const storeCase = (name: string, check: (store: SessionStore) => Promise<void>): StoreCase => ({
  name,
  run: async (makeStore) => check(await makeStore(LIMITS)),
});

/** Every case; run each with a store of its own. The clauses are those of the `SessionStore` port (M-7, M-8, R-4, R-7, R-8). */
export const storeContract: readonly StoreCase[] = [
  storeCase('an SM-ID that was never saved is unknown (R-7)', async (store) => {
    await expectClaim(store, JULIET, 'a', 'unknown');
  }),

  storeCase(
    'a saved session is claimed with the value that its holder gives up, and the h of the claim (R-4)',
    async (store) => {
      const holder = holding('a');
      await store.save(JULIET, 'a', holder);
      const claim = await store.claim(JULIET, 'a', H, holding('a'), NOW);
      if (claim.type !== 'claimed') throw wrong('the claim', claim.type, 'claimed');
      equal('the SM-ID of the session', claim.session.smId, 'a');
      equal('the h that the holder was asked with', holder.asked, [H]);
    },
  ),

  storeCase('a session can be claimed again, from whoever claimed it last (R-17)', async (store) => {
    const [first, second, third] = [holding('a'), holding('a'), holding('a')];
    await store.save(JULIET, 'a', first);
    await store.claim(JULIET, 'a', H, second, NOW);
    await store.claim(JULIET, 'a', H, third, NOW);
    equal(
      'how often each holder was asked',
      [first, second, third].map(({ asked }) => asked.length),
      [1, 1, 0],
    );
  }),

  storeCase("another owner's SM-ID is as unknown as one that never was (R-7, R-12)", async (store) => {
    const holder = holding('a');
    await store.save(JULIET, 'a', holder);
    await expectClaim(store, ROMEO, 'a', 'unknown');
    equal('how often the holder was asked', holder.asked.length, 0);
    await store.expire(JULIET, 'a', H, NOW);
    await expectClaim(store, ROMEO, 'a', 'unknown');
  }),

  storeCase('the same SM-ID under two owners names two sessions', async (store) => {
    const [hers, his] = [holding('a'), holding('a')];
    await store.save(JULIET, 'a', hers);
    await store.save(ROMEO, 'a', his);
    await store.forget(JULIET, 'a');
    await expectClaim(store, JULIET, 'a', 'unknown');
    await expectClaim(store, ROMEO, 'a', 'claimed');
  }),

  storeCase('of two claims at once exactly one wins and the other meets a conflict (R-11)', async (store) => {
    const holder = holding('a');
    await store.save(JULIET, 'a', holder);
    const claims = await Promise.all([1, 2].map(() => store.claim(JULIET, 'a', H, holding('a'), NOW)));
    equal('the claims', claims.map(({ type }) => type).sort(), ['claimed', 'conflict']);
    equal('how often the holder was asked', holder.asked.length, 1);
  }),

  storeCase('of ten claims at once exactly one wins (R-11)', async (store) => {
    await store.save(JULIET, 'a', holding('a'));
    const claims = await Promise.all(Array.from({ length: 10 }, () => store.claim(JULIET, 'a', H, busy(), NOW)));
    equal('how many were claimed', claims.filter(({ type }) => type === 'claimed').length, 1);
    equal('what the others met', new Set(claims.map(({ type }) => type)).size, 2);
  }),

  storeCase('a claim that its holder calls stale, or too high, leaves the session with it (R-5)', async (store) => {
    const answers: ClaimAnswer[] = [
      { type: 'stale', h: H },
      { type: 'tooHigh', sendCount: H },
    ];
    const holder = holding('a', answers);
    await store.save(JULIET, 'a', holder);
    equal('the first claim', await store.claim(JULIET, 'a', H, holding('a'), NOW), { type: 'stale', h: H });
    equal('the second claim', await store.claim(JULIET, 'a', H, holding('a'), NOW), { type: 'tooHigh', sendCount: H });
    await expectClaim(store, JULIET, 'a', 'claimed');
    equal('how often the holder was asked', holder.asked.length, 3);
  }),

  storeCase('a refused claim leaves a hibernating session counted against its owner (M-7)', async (store) => {
    const holders = await hibernate(store, ['a', 'b', 'c'], { a: [{ type: 'stale', h: H }] });
    await expectClaim(store, JULIET, 'a', 'stale');
    await saveAndHibernate(store, 'd', holding('d'));
    equal(
      'who was evicted',
      holders.map(({ evicted }) => evicted),
      [1, 0, 0],
    );
  }),

  storeCase('one hibernating session too many evicts the oldest, and names it (M-7, S-2)', async (store) => {
    const holders = await hibernate(store, ['a', 'b', 'c']);
    equal('who is named', await saveAndHibernate(store, 'd', holding('d')), ['a']);
    equal(
      'who was evicted',
      holders.map(({ evicted }) => evicted),
      [1, 0, 0],
    );
    equal('who is named next', await saveAndHibernate(store, 'e', holding('e')), ['b']);
  }),

  storeCase('the limit is each owner’s own (M-7)', async (store) => {
    const holders = await hibernate(store, ['a', 'b', 'c']);
    await store.save(ROMEO, 'd', holding('d'));
    equal('who is named', await store.hibernate(ROMEO, 'd'), []);
    equal(
      'who was evicted',
      holders.map(({ evicted }) => evicted),
      [0, 0, 0],
    );
  }),

  storeCase(
    'a session that is resumed no longer counts as hibernating, and is the newest when it hibernates again',
    async (store) => {
      const holders = await hibernate(store, ['a', 'b', 'c']);
      await store.claim(JULIET, 'a', H, holding('a'), NOW);
      equal('who is named', await saveAndHibernate(store, 'd', holding('d')), []);
      equal('who is named then', await store.hibernate(JULIET, 'a'), ['b']);
      equal(
        'who was evicted',
        holders.map(({ evicted }) => evicted),
        [0, 1, 0],
      );
    },
  ),

  storeCase('a session that is over makes room for another (M-7)', async (store) => {
    const holders = await hibernate(store, ['a', 'b', 'c']);
    await store.expire(JULIET, 'a', H, NOW);
    equal('who is named', await saveAndHibernate(store, 'd', holding('d')), []);
    await store.forget(JULIET, 'b');
    equal('who is named then', await saveAndHibernate(store, 'e', holding('e')), []);
    equal(
      'who was evicted',
      holders.map(({ evicted }) => evicted),
      [0, 0, 0],
    );
  }),

  storeCase('a session that is not kept cannot hibernate', async (store) => {
    equal('who is named', await store.hibernate(JULIET, 'a'), []);
    await expectClaim(store, JULIET, 'a', 'unknown');
  }),

  storeCase('the h of a session that is over can be read, again and again (R-8, M-8)', async (store) => {
    await store.save(JULIET, 'a', holding('a'));
    await store.expire(JULIET, 'a', H, NOW);
    for (let asked = 0; asked < 3; asked++) {
      equal('the claim', await store.claim(JULIET, 'a', uint32(0), holding('a'), NOW + 1), { type: 'expired', h: H });
    }
  }),

  storeCase('a remembered h is forgotten when it is old enough (M-8)', async (store) => {
    await store.save(JULIET, 'a', holding('a'));
    await store.expire(JULIET, 'a', H, NOW);
    await expectClaim(store, JULIET, 'a', 'expired', NOW + LIFETIME - 1);
    await expectClaim(store, JULIET, 'a', 'unknown', NOW + LIFETIME);
  }),

  storeCase('of too many remembered h values the oldest is forgotten (M-8, S-2)', async (store) => {
    for (const smId of ['a', 'b', 'c', 'd']) {
      await store.save(JULIET, smId, holding(smId));
      await store.expire(JULIET, smId, H, NOW);
    }
    await expectClaim(store, JULIET, 'a', 'unknown');
    for (const smId of ['b', 'c', 'd']) await expectClaim(store, JULIET, smId, 'expired');
  }),

  storeCase('a session that is forgotten is unknown, and forgetting it again does nothing', async (store) => {
    await store.save(JULIET, 'a', holding('a'));
    await store.forget(JULIET, 'a');
    await store.forget(JULIET, 'a');
    await expectClaim(store, JULIET, 'a', 'unknown');
  }),

  storeCase('a claim that comes upon a session that ends in that moment is told its last h (R-8)', async (store) => {
    const ending: Holder = {
      async surrender() {
        await store.expire(JULIET, 'a', H, NOW);
        return undefined;
      },
      evict() {},
    };
    await store.save(JULIET, 'a', ending);
    equal('the claim', await store.claim(JULIET, 'a', uint32(0), holding('a'), NOW), { type: 'expired', h: H });
    await expectClaim(store, JULIET, 'a', 'expired');
  }),

  storeCase('a claim whose session is gone without a trace is told that it is unknown', async (store) => {
    await store.save(JULIET, 'a', { surrender: async () => undefined, evict() {} });
    await expectClaim(store, JULIET, 'a', 'unknown');
  }),

  storeCase('a holder that fails fails the claim, and the session can be claimed again', async (store) => {
    let broken = true;
    const holder = holding('a');
    await store.save(JULIET, 'a', {
      surrender: (h) => (broken ? Promise.reject(new Error('broken')) : holder.surrender(h)),
      evict() {},
    });
    const failed = await store.claim(JULIET, 'a', H, holding('a'), NOW).then(
      ({ type }) => type,
      () => 'rejected',
    );
    equal('the first claim', failed, 'rejected');
    broken = false;
    await expectClaim(store, JULIET, 'a', 'claimed');
  }),
];

interface TestHolder extends Holder {
  /** The h of every claim, in order. */
  readonly asked: Uint32[];
  evicted: number;
}

/** A holder that gives these answers one after the other, each after a short time, and then has given up its session. */
const holding = (smId: string, answers: readonly ClaimAnswer[] = []): TestHolder => {
  const session: Session = { ...open('server', policy()).session, smId };
  const left = [...answers];
  const holder: TestHolder = {
    asked: [],
    evicted: 0,
    async surrender(h) {
      holder.asked.push(h);
      for (let turn = 0; turn < 5; turn++) await undefined;
      return left.shift() ?? { type: 'claimed', session };
    },
    evict() {
      holder.evicted += 1;
    },
  };
  return holder;
};

/** A holder whose own claim is still under way. */
const busy = (): TestHolder => holding('a', [{ type: 'conflict' }, { type: 'conflict' }]);

const saveAndHibernate = async (store: SessionStore, smId: string, holder: Holder): Promise<readonly string[]> => {
  await store.save(JULIET, smId, holder);
  return store.hibernate(JULIET, smId);
};

const hibernate = async (
  store: SessionStore,
  smIds: readonly string[],
  answers: Readonly<Record<string, readonly ClaimAnswer[]>> = {},
): Promise<readonly TestHolder[]> => {
  const holders = smIds.map((smId) => ({ smId, holder: holding(smId, answers[smId]) }));
  for (const { smId, holder } of holders) await saveAndHibernate(store, smId, holder);
  return holders.map(({ holder }) => holder);
};

const expectClaim = async (
  store: SessionStore,
  owner: string,
  smId: string,
  expected: string,
  at = NOW,
): Promise<void> => {
  const { type } = await store.claim(owner, smId, H, holding(smId), at);
  equal(`the claim of ${smId}`, type, expected);
};

const equal = (what: string, found: unknown, expected: unknown): void => {
  const [is, ought] = [JSON.stringify(found), JSON.stringify(expected)];
  if (is !== ought) throw wrong(what, is, ought);
};

const wrong = (what: string, is: string, ought: string): Error => new Error(`${what}: ${is}, where ${ought} is due`);
