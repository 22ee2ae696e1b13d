import { expect, it, onTestFinished } from 'vitest';
import { type Check, check, checks } from '../../src/check.js';
import { createHost } from '../../src/host/host.js';
import type { SessionStore } from '../../src/ports/index.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { run } from './verdicts.js';

const USERS = ['romeo', 'juliet', 'mercutio', 'tybalt'];

/** Remembers which sessions there are. */
const watched = (store: SessionStore, living: Set<string>): SessionStore => ({
  ...store,
  async save(owner, smId, holder) {
    living.add(smId);
    await store.save(owner, smId, holder);
  },
  async expire(owner, smId, h, at) {
    living.delete(smId);
    await store.expire(owner, smId, h, at);
  },
  async forget(owner, smId) {
    living.delete(smId);
    await store.forget(owner, smId);
  },
});

/** What is stored for a user; also for that of the check beside it. */
const leftOver = (stored: string[]): Check =>
  check('left-over', 'Nothing is stored', { clauses: ['A-12'] }, async (server) => {
    for (const who of ['romeo', 'juliet'] as const)
      stored.push(...(await server.offline(who)).map(({ attrs }) => attrs.id ?? ''));
  });

it('leaves no session and no stored message behind', { timeout: 120_000 }, async () => {
  const living = new Set<string>();
  const accounts = USERS.map((user) => ({ user, password: 'secret' }));
  const host = await createHost({ accounts, store: watched(createMemoryStore({}), living) });
  onTestFinished(() => host.close());
  const { port } = await host.listen({ host: '127.0.0.1', port: 0 });
  const target = { port, transport: 'tcp', domain: 'localhost' } as const;
  const wild = checks.filter(({ id }) => /^(resume|replay|presence|rebind|remains|expiry-iq|a-h)/.test(id));
  const results = await run({ target, users: USERS, password: 'secret', options: { checks: wild } });
  expect(results.length).toBeGreaterThan(80);
  const stored: string[] = [];
  for (const users of [USERS.slice(0, 2), USERS.slice(2)])
    await run({ target, users, password: 'secret', options: { checks: [leftOver(stored)] } });
  expect(stored).toEqual([]);
  expect([...living].length).toBe(0);
});
