/**
 * The contract of every session store, as cases for any test runner: a case throws when the store breaks the contract.
 *
 * `for (const { name, run } of storeContract) test(name, () => run(makeStore));`
 */
import { open, policy, type Session, SM_3, step, uint32 } from '../index.js';
import type { Running, SessionStore } from '../ports/index.js';

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

  storeCase('a claim gives the value that the session has at that moment (R-4)', async (store) => {
    const running = sessionOf('a');
    await store.save(JULIET, 'a', running);
    running.state = { session: { ...running.state.session, delivered: 41 } };
    const claim = await store.claim(JULIET, 'a', H, claimer(), NOW);
    if (claim.type !== 'claimed') throw wrong('the claim', claim.type, 'claimed');
    equal('the SM-ID of the session', claim.session.smId, 'a');
    equal('what it had delivered', claim.session.delivered, 41);
    equal('what the former object heard', running.heard, ['a is taken']);
  }),

  storeCase('a session can be claimed again, from the link that claimed it last (R-17)', async (store) => {
    const [first, second, third] = [sessionOf('a'), claimer(), claimer()];
    await store.save(JULIET, 'a', first);
    const claim = await store.claim(JULIET, 'a', H, second, NOW);
    if (claim.type !== 'claimed') throw wrong('the claim', claim.type, 'claimed');
    second.state = { session: { ...claim.session, delivered: 5 } };
    const again = await store.claim(JULIET, 'a', H, third, NOW);
    if (again.type !== 'claimed') throw wrong('the claim', again.type, 'claimed');
    equal('what the session had delivered', again.session.delivered, 5);
    equal(
      'what each object heard',
      [first, second, third].map(({ heard }) => heard),
      [['a is taken'], ['a is taken'], []],
    );
  }),

  storeCase("another owner's SM-ID is as unknown as one that never was (R-7, R-12)", async (store) => {
    const running = sessionOf('a');
    await store.save(JULIET, 'a', running);
    await expectClaim(store, ROMEO, 'a', 'unknown');
    equal('what the session heard', running.heard, []);
    await store.expire(JULIET, 'a', H, NOW);
    await expectClaim(store, ROMEO, 'a', 'unknown');
  }),

  storeCase('the same SM-ID under two owners names two sessions', async (store) => {
    const [hers, his] = [sessionOf('a'), sessionOf('a')];
    await store.save(JULIET, 'a', hers);
    await store.save(ROMEO, 'a', his);
    await store.forget(JULIET, 'a');
    await expectClaim(store, JULIET, 'a', 'unknown');
    await expectClaim(store, ROMEO, 'a', 'claimed');
  }),

  storeCase(
    'of ten claims at once the last one has the session, and the others hear that it is taken (R-11)',
    async (store) => {
      const running = sessionOf('a');
      await store.save(JULIET, 'a', running);
      const claimers = Array.from({ length: 10 }, claimer);
      const claims = await Promise.all(claimers.map((each) => store.claim(JULIET, 'a', H, each, NOW)));
      equal('the answers', new Set(claims.map(({ type }) => type)), new Set(['claimed']));
      const heard = [running, ...claimers].map((each) => each.heard.length);
      equal('how often each heard that the session is taken', heard, [...Array(10).fill(1), 0]);
    },
  ),

  storeCase(
    'a claim that the link repeats before it has the session is no claim of another link (R-11)',
    async (store) => {
      const [running, link] = [sessionOf('a'), claimer()];
      await store.save(JULIET, 'a', running);
      await Promise.all([1, 2].map(() => store.claim(JULIET, 'a', H, link, NOW)));
      equal('what the link heard', link.heard, []);
    },
  ),

  storeCase(
    'an h that is stale or too high leaves the session where it is, also round 2^32 (R-5, A-4)',
    async (store) => {
      for (const acked of [5, 2 ** 32 - 3]) {
        const smId = `a${acked}`;
        const running = sessionOf(smId, { acked: uint32(acked), written: 5, totalAcked: 4, handled: uint32(9) });
        await store.save(JULIET, smId, running);
        const ask = (by: number) => store.claim(JULIET, smId, uint32((acked + by) % 2 ** 32), claimer(), NOW);
        equal('a claim below', await ask(-1), { type: 'stale', h: uint32(9) });
        equal('a claim above', await ask(6), { type: 'tooHigh', sendCount: uint32((acked + 5) % 2 ** 32) });
        equal('what the session heard', running.heard, []);
        equal('a claim at the limit', (await ask(5)).type, 'claimed');
      }
    },
  ),

  storeCase(
    'a client that has more than the record of a session is told its last h, and the session ends (R-8)',
    async (store) => {
      const running = sessionOf('a', { isRestored: true });
      running.outdated = () => {
        running.heard.push('outdated');
        void store.expire(JULIET, 'a', H, NOW);
      };
      await store.save(JULIET, 'a', running);
      equal('the claim', await store.claim(JULIET, 'a', uint32(4_000_000), claimer(), NOW), { type: 'expired', h: H });
      equal('what the session heard', running.heard, ['outdated']);
    },
  ),

  storeCase('a refused claim leaves a hibernating session counted against its owner (M-7)', async (store) => {
    const sessions = await hibernate(store, ['a', 'b', 'c']);
    equal('the claim', (await store.claim(JULIET, 'a', uint32(0), claimer(), NOW)).type, 'stale');
    await saveAndHibernate(store, 'd', sessionOf('d'));
    equal(
      'who was evicted',
      sessions.map(({ evicted }) => evicted),
      [1, 0, 0],
    );
  }),

  storeCase('one hibernating session too many evicts the oldest, and names it (M-7, S-2)', async (store) => {
    const sessions = await hibernate(store, ['a', 'b', 'c']);
    equal('who is named', await saveAndHibernate(store, 'd', sessionOf('d')), ['a']);
    equal(
      'who was evicted',
      sessions.map(({ evicted }) => evicted),
      [1, 0, 0],
    );
    equal('who is named next', await saveAndHibernate(store, 'e', sessionOf('e')), ['b']);
  }),

  storeCase('the limit is each owner’s own (M-7)', async (store) => {
    const sessions = await hibernate(store, ['a', 'b', 'c']);
    await store.save(ROMEO, 'd', sessionOf('d'));
    equal('who is named', await store.hibernate(ROMEO, 'd'), []);
    equal(
      'who was evicted',
      sessions.map(({ evicted }) => evicted),
      [0, 0, 0],
    );
  }),

  storeCase(
    'a session that is resumed no longer counts as hibernating, and is the newest when it hibernates again',
    async (store) => {
      const sessions = await hibernate(store, ['a', 'b', 'c']);
      await store.claim(JULIET, 'a', H, claimer(), NOW);
      equal('who is named', await saveAndHibernate(store, 'd', sessionOf('d')), []);
      equal('who is named then', await store.hibernate(JULIET, 'a'), ['b']);
      equal(
        'who was evicted',
        sessions.map(({ evicted }) => evicted),
        [0, 1, 0],
      );
    },
  ),

  storeCase('a session that is over makes room for another (M-7)', async (store) => {
    const sessions = await hibernate(store, ['a', 'b', 'c']);
    await store.expire(JULIET, 'a', H, NOW);
    equal('who is named', await saveAndHibernate(store, 'd', sessionOf('d')), []);
    await store.forget(JULIET, 'b');
    equal('who is named then', await saveAndHibernate(store, 'e', sessionOf('e')), []);
    equal(
      'who was evicted',
      sessions.map(({ evicted }) => evicted),
      [0, 0, 0],
    );
  }),

  storeCase('a session that is not kept cannot hibernate', async (store) => {
    equal('who is named', await store.hibernate(JULIET, 'a'), []);
    await expectClaim(store, JULIET, 'a', 'unknown');
  }),

  storeCase('the h of a session that is over can be read, again and again (R-8, M-8)', async (store) => {
    await store.save(JULIET, 'a', sessionOf('a'));
    await store.expire(JULIET, 'a', H, NOW);
    for (let asked = 0; asked < 3; asked++) {
      equal('the claim', await store.claim(JULIET, 'a', uint32(0), claimer(), NOW + 1), { type: 'expired', h: H });
    }
  }),

  storeCase('a remembered h is forgotten when it is old enough (M-8)', async (store) => {
    await store.save(JULIET, 'a', sessionOf('a'));
    await store.expire(JULIET, 'a', H, NOW);
    await expectClaim(store, JULIET, 'a', 'expired', NOW + LIFETIME - 1);
    await expectClaim(store, JULIET, 'a', 'unknown', NOW + LIFETIME);
  }),

  storeCase('of too many remembered h values the oldest is forgotten (M-8, S-2)', async (store) => {
    for (const smId of ['a', 'b', 'c', 'd']) {
      await store.save(JULIET, smId, sessionOf(smId));
      await store.expire(JULIET, smId, H, NOW);
    }
    await expectClaim(store, JULIET, 'a', 'unknown');
    for (const smId of ['b', 'c', 'd']) await expectClaim(store, JULIET, smId, 'expired');
  }),

  storeCase('a session that is forgotten is unknown, and forgetting it again does nothing', async (store) => {
    await store.save(JULIET, 'a', sessionOf('a'));
    await store.forget(JULIET, 'a');
    await store.forget(JULIET, 'a');
    await expectClaim(store, JULIET, 'a', 'unknown');
  }),
];

/** An object that runs a session, or claims one, and writes down what it hears. */
interface TestSession extends Running {
  state: { readonly session: Session };
  outdated(): void;
  readonly heard: string[];
  evicted: number;
}

/** A session that has written five stanzas after its first five were acknowledged: an h from 5 to 10 is legal. */
const sessionOf = (smId: string | null, changes: Partial<Session> = {}): TestSession => {
  const running: TestSession = {
    state: { session: { ...written(5), smId, acked: uint32(5), totalAcked: 5, ...changes } },
    heard: [],
    evicted: 0,
    taken: (taken) => running.heard.push(`${taken} is taken`),
    outdated: () => running.heard.push('outdated'),
    evict() {
      running.evicted += 1;
    },
  };
  return running;
};

/** It has no session yet. */
const claimer = (): TestSession => sessionOf(null);

const written = (count: number): Session => {
  let state = open('server', policy({ maxUnackedStanzas: 100 }));
  const stanza = { xml: '<message/>', kind: 'message', type: '' } as const;
  const events = [
    { type: 'app.authenticated', at: 0, owner: JULIET },
    { type: 'app.bound', at: 0 },
    { type: 'peer.enable', at: 0, epoch: 1, xmlns: SM_3, resume: false },
    ...Array.from({ length: count }, () => ({ type: 'app.send', at: 0, stanza }) as const),
  ] as const;
  for (const event of events) [state] = step(state, event);
  return state.session;
};

const saveAndHibernate = async (store: SessionStore, smId: string, running: Running): Promise<readonly string[]> => {
  await store.save(JULIET, smId, running);
  return store.hibernate(JULIET, smId);
};

const hibernate = async (store: SessionStore, smIds: readonly string[]): Promise<readonly TestSession[]> => {
  const sessions = smIds.map((smId) => sessionOf(smId));
  for (const [n, smId] of smIds.entries()) await saveAndHibernate(store, smId, sessions[n] ?? claimer());
  return sessions;
};

const expectClaim = async (
  store: SessionStore,
  owner: string,
  smId: string,
  expected: string,
  at = NOW,
): Promise<void> => {
  const { type } = await store.claim(owner, smId, H, claimer(), at);
  equal(`the claim of ${smId}`, type, expected);
};

const equal = (what: string, found: unknown, expected: unknown): void => {
  const [is, ought] = [shown(found), shown(expected)];
  if (is !== ought) throw wrong(what, is, ought);
};

const shown = (value: unknown): string => JSON.stringify(value instanceof Set ? [...value].sort() : value);

const wrong = (what: string, is: string, ought: string): Error => new Error(`${what}: ${is}, where ${ought} is due`);
