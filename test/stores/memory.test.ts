import { describe, expect, it } from 'vitest';
import { policy, uint32 } from '../../src/index.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { createPair, storeContract } from '../../src/testing.js';
import { idleSession } from '../support/idle-session.js';

describe('the memory store', () => {
  for (const { name, run } of storeContract) {
    it(name, () => run(createMemoryStore));
  }

  it('keeps no memory when every session is over and every h is too old (S-2)', async () => {
    const store = createMemoryStore({ maxOldSessions: 2, oldSessionLifetime: 100 });
    for (const owner of ['juliet', 'romeo']) {
      for (const smId of ['a', 'b', 'c']) {
        await store.save(owner, smId, idleSession(smId));
        await store.hibernate(owner, smId);
        await store.expire(owner, smId, uint32(1), 0);
      }
    }
    expect(store.size).toEqual({ live: 0, hibernating: 0, remembered: 4 });
    for (const owner of ['juliet', 'romeo']) {
      for (const smId of ['a', 'b', 'c']) await store.claim(owner, smId, uint32(0), idleSession(''), 100_000);
    }
    expect(store.size).toEqual({ live: 0, hibernating: 0, remembered: 0 });
  });

  it('keeps no memory after clean closes (C-1)', async () => {
    const store = createMemoryStore();
    const pair = createPair({ policies: { client: policy(), server: policy() }, store });
    pair.connect();
    await pair.advance(0);
    expect(store.size.live).toBe(1);
    pair.client.close();
    await pair.advance(5_000);
    expect(store.size).toEqual({ live: 0, hibernating: 0, remembered: 0 });
  });
});
