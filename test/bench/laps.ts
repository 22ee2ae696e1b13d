/** What is timed: each lap drives one engine for a few hundredths of a second and gives nanoseconds. */
import type { Contestant, Session } from './contestants/contestant.js';

/** `queued`: how many stanzas are unacknowledged meanwhile. */
export interface Lap {
  readonly name: keyof typeof laps;
  readonly queued: number;
}

/** Enough to be read off the clock, and how long a lap may take with what it prepares. */
const TIMED_MS = 40;
const LAP_MS = 250;

export const createTrack = (contestant: Contestant) => {
  /** Sessions that have this many stanzas queued, kept from lap to lap: a long run is what is measured. */
  const crowds = new Map<number, readonly Session[]>();

  const crowdWith = async (queued: number): Promise<readonly Session[]> => {
    const known = crowds.get(queued);
    if (known !== undefined) return known;
    const size = Math.max(1, Math.ceil(BURST / queued));
    const crowd = await Promise.all(Array.from({ length: size }, () => contestant.open()));
    for (const session of crowd) session.send(queued);
    await settle(crowd);
    crowds.set(queued, crowd);
    return crowd;
  };

  /** @returns nanoseconds per unit of the lap @throws Error when the engine miscounts */
  return { drive: ({ name, queued }: Lap): Promise<number> => laps[name](queued, crowdWith, contestant) };
};

type CrowdWith = (queued: number) => Promise<readonly Session[]>;

/** Stanzas in one burst, over all sessions of a crowd: what one look at the clock is shared by. */
const BURST = 1000;

export const laps = {
  /** Per stanza received. */
  inbound: async (queued: number, crowdWith: CrowdWith): Promise<number> => {
    const crowd = await crowdWith(queued);
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
  outbound: async (queued: number, crowdWith: CrowdWith): Promise<number> => {
    const crowd = await crowdWith(queued);
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
  turn: async (queued: number, crowdWith: CrowdWith): Promise<number> => {
    const crowd = await crowdWith(queued);
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
      } while (units < BURST && ms < TIMED_MS);
      await settle(crowd);
      ms = performance.now() - start;
      check(crowd, queued);
      return { ms, units };
    });
  },

  /** Per `<a/>` that acknowledges the whole queue. */
  ackAll: async (queued: number, _crowdWith: CrowdWith, contestant: Contestant): Promise<number> => {
    const session = await contestant.open();
    return repeat(async () => {
      session.send(queued);
      await settle([session]);
      const start = performance.now();
      session.acknowledge(queued);
      await settle([session]);
      const ms = performance.now() - start;
      check([session], 0);
      return { ms, units: 1 };
    });
  },

  /** Per `<a/>` of one stanza each, up to 10,000 in a row. */
  ackOne: async (queued: number, crowdWith: CrowdWith): Promise<number> => {
    const crowd = await crowdWith(queued);
    const session = crowd[0];
    if (session === undefined) throw new Error('nobody to measure');
    return repeat(async () => {
      let units = 0;
      let ms = 0;
      const most = Math.min(10_000, queued);
      const start = performance.now();
      do {
        session.acknowledge(1);
        units += 1;
        if (units % 16 === 0) ms = performance.now() - start;
      } while (units < most && ms < 100 * TIMED_MS);
      await settle([session]);
      ms = performance.now() - start;
      session.send(units);
      await settle([session]);
      check([session], queued);
      return { ms, units };
    });
  },
};

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

const settle = async (crowd: readonly Session[]): Promise<void> => {
  for (const session of crowd) if (session.settled !== undefined) await session.settled();
};

const check = (crowd: readonly Session[], queued: number): void => {
  for (const { tally } of crowd) {
    if (tally.queued !== queued) throw new Error(`${tally.queued} stanzas are queued, not ${queued}`);
  }
};
