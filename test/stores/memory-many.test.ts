import { describe, expect, it } from 'vitest';
import { uint32 } from '../../src/index.js';
import { createMemoryStore, type MemoryStore } from '../../src/stores/memory.js';
import { createRandom, seedFrom } from '../../src/testing/random.js';
import { rounds } from '../support/effort.js';
import { idleSession } from '../support/idle-session.js';

const SEED = seedFrom(process.env.SEED);
const ROMEO = 'romeo@example.net';

/** One that ends its session when it is evicted, within that call, as a running session does. */
const sessionOf = (store: MemoryStore, smId: string, evicted: string[]) =>
  idleSession(smId, {
    evict() {
      evicted.push(smId);
      void store.expire(ROMEO, smId, uint32(1), 0);
    },
  });

describe('an owner with many sessions', () => {
  it(`has the same number of sessions in the memory store as in a model of plain lists (M-7, M-8; SEED=${SEED})`, async () => {
    const random = createRandom(SEED);
    for (let round = 0; round < rounds(100); round++) {
      const store = createMemoryStore({ maxHibernatedSessions: 3, maxOldSessions: 2 });
      const evicted: string[] = [];
      let live: string[] = [];
      let hibernating: string[] = [];
      let remembered: string[] = [];
      const over = (smId: string): void => {
        live = live.filter((other) => other !== smId);
        hibernating = hibernating.filter((other) => other !== smId);
      };
      for (let turn = 0; turn < 60; turn++) {
        const smId = random.pick([...live, ...hibernating, `new-${turn}`]);
        if (smId === `new-${turn}`) {
          await store.save(ROMEO, smId, sessionOf(store, smId, evicted));
          live.push(smId);
        } else if (random.chance(0.2)) {
          await store.forget(ROMEO, smId);
          over(smId);
        } else if (random.chance(0.25)) {
          await store.expire(ROMEO, smId, uint32(1), 0);
          over(smId);
          remembered = [...remembered, smId].slice(-2);
        } else {
          const named = await store.hibernate(ROMEO, smId);
          over(smId);
          hibernating.push(smId);
          const oldest = hibernating.slice(0, Math.max(0, hibernating.length - 3));
          expect(named).toEqual(oldest);
          oldest.forEach(over);
          remembered = [...remembered, ...oldest].slice(-2);
          expect(evicted.splice(0)).toEqual(oldest);
        }
        expect(store.size).toEqual({
          live: live.length,
          hibernating: hibernating.length,
          remembered: remembered.length,
        });
      }
    }
  });
});
