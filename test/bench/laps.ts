/** What is timed: each lap drives one engine for a few hundredths of a second and gives nanoseconds. */
import type { Contestant, Session } from './contestants/contestant.js';

/** `queued`: how many stanzas are unacknowledged meanwhile. */
export interface Lap {
  readonly name: keyof typeof laps;
  readonly queued: number;
}

/** Enough to be read off the clock, and how long a lap may take with what it prepares. */
const TIMED_MS = 30;
const LAP_MS = 150;
/** For one run that cannot be interrupted. */
const LONGEST_MS = 1000;

/** Stanzas in one burst, over all sessions of a crowd: what one look at the clock is shared by. */
const BURST = 1000;

/** Enough sessions for a burst that does not double their queues, each with so many stanzas queued. They are kept from lap to lap: a long run is what is measured. */
export const gather = async (contestant: Contestant, queued: number): Promise<Crowd> => {
  const size = Math.max(1, Math.ceil(BURST / queued));
  const crowd = await Promise.all(Array.from({ length: size }, () => contestant.open()));
  for (const session of crowd) session.send(queued);
  await settle(crowd);
  return crowd;
};

/** Each gives nanoseconds per unit, and throws when the engine miscounts. */
export const laps = {
  /** Per stanza received. */
  inbound: async (crowd: Crowd): Promise<number> => {
    const each = BURST / crowd.length;
    return repeat(async () => {
      const start = performance.now();
      for (const session of crowd) session.receive(each);
      await settle(crowd);
      return { ms: performance.now() - start, units: BURST };
    });
  },

  /**
   * Per stanza sent. The queue grows by a burst, from `queued` to at most twice that, and the peer acknowledges the burst
   * before the next one: that is not timed here, but leaves every engine as a real one is between two bursts. Short queues
   * belong to as many sessions as make a burst worth timing.
   */
  outbound: async (crowd: Crowd, queued: number): Promise<number> => {
    const each = BURST / crowd.length;
    return repeat(async () => {
      const start = performance.now();
      for (const session of crowd) session.send(each);
      await settle(crowd);
      const ms = performance.now() - start;
      for (const session of crowd) session.acknowledge(each);
      await settle(crowd);
      check(crowd, queued);
      return { ms, units: BURST };
    });
  },

  /** Per stanza sent and acknowledged by an `<a/>` of its own. */
  turn: async (crowd: Crowd, queued: number): Promise<number> => {
    return repeat(async () => {
      let units = 0;
      const start = performance.now();
      let ms = 0;
      do {
        for (const session of crowd) {
          session.send(1);
          session.acknowledge(1);
        }
        units += crowd.length;
        ms = performance.now() - start;
      } while (units < BURST && ms < LONGEST_MS);
      await settle(crowd);
      ms = performance.now() - start;
      check(crowd, queued);
      return { ms, units };
    });
  },

  /** Per `<a/>` that acknowledges the whole queue. */
  ackAll: async ([session]: Crowd, queued: number): Promise<number> => {
    if (session === undefined) throw new Error('nobody to measure');
    return repeat(async () => {
      const start = performance.now();
      session.acknowledge(queued);
      await settle([session]);
      const ms = performance.now() - start;
      check([session], 0);
      session.send(queued);
      await settle([session]);
      return { ms, units: 1 };
    });
  },

  /** Per `<a/>` of one stanza each, up to 10,000 in a row. */
  ackOne: async ([session]: Crowd, queued: number): Promise<number> => {
    if (session === undefined) throw new Error('nobody to measure');
    const most = Math.min(10_000, queued);
    return repeat(async () => {
      let units = 0;
      let ms = 0;
      const start = performance.now();
      do {
        session.acknowledge(1);
        units += 1;
        if (units % 16 === 0) ms = performance.now() - start;
      } while (units < most && ms < LONGEST_MS);
      await settle([session]);
      ms = performance.now() - start;
      session.send(units);
      await settle([session]);
      check([session], queued);
      return { ms, units };
    });
  },
};

type Crowd = readonly Session[];

interface Timed {
  readonly ms: number;
  readonly units: number;
}

const repeat = async (once: () => Promise<Timed>): Promise<number> => {
  const until = performance.now() + LAP_MS;
  let ms = 0;
  let units = 0;
  do {
    const timed = await once();
    ms += timed.ms;
    units += timed.units;
  } while (ms < TIMED_MS && performance.now() < until);
  return (ms / units) * 1e6;
};

const settle = async (crowd: Crowd): Promise<void> => {
  for (const session of crowd) if (session.settled !== undefined) await session.settled();
};

const check = (crowd: Crowd, queued: number): void => {
  for (const { tally } of crowd) {
    if (tally.queued !== queued) throw new Error(`${tally.queued} stanzas are queued, not ${queued}`);
  }
};
