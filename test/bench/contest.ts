/**
 * Engines against each other. They run one at a time and round by round, so that what disturbs the machine for a while disturbs
 * all of them, and the median of the rounds counts. Each engine and length of queue has a process of its own: JIT compilers
 * learn from whatever ran before, and a large heap is a burden to whoever shares it.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Lap } from './laps.js';
import { median } from './statistics.js';

export interface Contest {
  /** Modules of `contestants/`, by name. */
  readonly contestants: readonly string[];
  readonly laps: readonly Lap[];
  /** Whether this engine can run this lap in reasonable time. Default: all can. */
  readonly enters?: (contestant: string, lap: Lap) => boolean;
}

/** Nanoseconds per unit of the lap, or NaN where the engine did not enter. */
export type Standings = (contestant: string, name: Lap['name'], queued: number) => number;

/** In milliseconds; the slower an engine, the more it takes until its code is compiled. */
const WARM_UP = 1000;
const ROUNDS = 7;
/** What one engine may use for one lap over all rounds, in milliseconds: the slowest ones run fewer. */
const PATIENCE = 6000;
/** Nothing is learned in a lap this long that it would not have been worth to start with: it needs no warm-up. */
const LONG = 1000;

interface Entry {
  readonly contestant: string;
  readonly lap: Lap;
  readonly figures: number[];
  used: number;
}

export const hold = async (
  { contestants, laps, enters = () => true }: Contest,
  progress: (line: string) => void,
): Promise<Standings> => {
  const entries = laps.flatMap((lap) =>
    contestants
      .filter((contestant) => enters(contestant, lap))
      .map((contestant): Entry => ({ contestant, lap, figures: [], used: 0 })),
  );
  const racers = new Map<string, Racer>();
  const racerFor = async ({ contestant, lap: { queued } }: Entry): Promise<Racer> => {
    const key = `${contestant} ${queued}`;
    const racer = racers.get(key) ?? (await startRacer(contestant, queued));
    racers.set(key, racer);
    return racer;
  };
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      progress(round === 0 ? 'warming up' : `round ${round} of ${ROUNDS}`);
      for (const entry of entries.filter(({ used }) => used < PATIENCE)) {
        const racer = await racerFor(entry);
        do {
          const start = performance.now();
          const figure = await racer.drive(entry.lap.name);
          const took = performance.now() - start;
          entry.used += took;
          if (round > 0 || took > LONG) entry.figures.push(figure);
        } while (entry.used < WARM_UP);
      }
    }
  } finally {
    for (const racer of racers.values()) racer.stop();
  }
  return (contestant, name, queued) =>
    median(
      entries.find(({ contestant: who, lap }) => who === contestant && lap.name === name && lap.queued === queued)
        ?.figures ?? [],
    );
};

interface Racer {
  drive(lap: Lap['name']): Promise<number>;
  stop(): void;
}

/** A process that runs laps for one engine, once it has so many stanzas queued. */
const startRacer = async (contestant: string, queued: number): Promise<Racer> => {
  const child = fork(fileURLToPath(new URL('racer.js', import.meta.url)), [contestant, String(queued)], {
    execArgv: ['--max-old-space-size=4096'],
  });
  let answer: (figure: number) => void = () => undefined;
  let fail: (reason: Error) => void = () => undefined;
  child.on('message', (figure: number) => answer(figure));
  child.on('exit', () => fail(new Error(`${contestant} gave up with ${queued} stanzas queued`)));
  const next = (): Promise<number> =>
    new Promise((resolve, reject) => {
      answer = resolve;
      fail = reject;
    });
  await next();
  return {
    drive(lap) {
      child.send(lap);
      return next();
    },
    stop: () => child.kill(),
  };
};
