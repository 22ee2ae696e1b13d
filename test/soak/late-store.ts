/** A store far away: it works at once, but its answer comes late; and some claims and saves fail. */
import { setTimeout as delay } from 'node:timers/promises';
import type { SessionStore } from '../../src/ports/index.js';
import type { Random } from '../../src/testing.js';

export interface Weather {
  /** The most milliseconds that an answer takes. */
  readonly storeDelay: number;
  /** Claims and saves of a hundred that fail. */
  readonly failingStore: number;
}

export const createLateStore = (
  store: SessionStore,
  random: Random,
  { storeDelay, failingStore }: Weather,
): SessionStore => {
  const late = async <T>(answer: Promise<T>): Promise<T> => {
    const settled = answer.catch(() => {}); // a rejection waits for its reader
    if (storeDelay > 0) await delay(random.integer(0, storeDelay));
    await settled;
    return answer;
  };
  const risky = <T>(call: () => Promise<T>): Promise<T> =>
    late(random.chance(failingStore / 100) ? Promise.reject(new Error('the store fails')) : call());

  return {
    save: (...call) => risky(() => store.save(...call)),
    claim: (...call) => risky(() => store.claim(...call)),
    hibernate: (...call) => late(store.hibernate(...call)),
    expire: (...call) => late(store.expire(...call)),
    forget: (...call) => late(store.forget(...call)),
  };
};
