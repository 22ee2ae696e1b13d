import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../src/stores/memory.js';
import { createRandom } from '../../src/testing.js';
import { idleSession } from '../support/idle-session.js';
import { createLateStore, type Weather } from './late-store.js';

const running = idleSession('id');

const start = (weather: Partial<Weather>) => {
  const store = createMemoryStore();
  return { store, late: createLateStore(store, createRandom(1), { storeDelay: 0, failingStore: 0, ...weather }) };
};

describe('the store of a soak', () => {
  it('has done its work before its answer comes', async () => {
    const { store, late } = start({ storeDelay: 20 });
    const saved = late.save('romeo@localhost', 'id', running);
    let isAnswered = false;
    saved.then(() => {
      isAnswered = true;
    });
    await Promise.resolve();
    expect([store.size.live, isAnswered]).toEqual([1, false]);
    await saved;
  });

  it('changes nothing when a save or a claim fails', async () => {
    const { store, late } = start({ failingStore: 100 });
    await expect(late.save('romeo@localhost', 'id', running)).rejects.toThrow('the store fails');
    await store.save('romeo@localhost', 'id', running);
    await expect(late.claim('romeo@localhost', 'id', 0 as never, running, 0)).rejects.toThrow('the store fails');
    expect(store.size.live).toBe(1);
  });
});
