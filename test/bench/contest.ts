/**
 * Engines against each other. Each has a process of its own, for JIT compilers learn from whatever ran before; they run one at
 * a time, and round by round, so that what disturbs the machine for a while disturbs all of them. The median of the rounds counts.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Lap } from './laps.js';

export interface Contest {
  /** Modules of `contestants/`, by name. */
  readonly contestants: readonly string[];
  readonly laps: readonly Lap[];
  /** Whether this engine can run this lap in reasonable time. Default: all can. */
  readonly enters?: (contestant: string, lap: Lap) => boolean;
}

/** Nanoseconds per unit of the lap, or undefined where the engine did not enter. */
export type Standings = (contestant: string, name: Lap['name'], queued: number) => number | undefined;

const ROUNDS = 7;
/** What one engine may use for one lap over all rounds, in milliseconds: the slowest ones run fewer. */
const PATIENCE = 6000;
/** A lap this long tells nothing else the second time: it needs no warm-up. */
const LONG = 1000;

export const hold = async (
  { contestants, laps, enters = () => true }: Contest,
  progress: (line: string) => void,
): Promise<Standings> => {
  const racers = new Map(contestants.map((contestant) => [contestant, startRacer(contestant)]));
  const entries = laps.flatMap((lap) =>
    contestants
      .filter((contestant) => enters(contestant, lap))
      .map((contestant) => ({ contestant, lap, used: 0, figures: [] as number[] })),
  );
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      progress(round === 0 ? 'warming up' : `round ${round} of ${ROUNDS}`);
      for (const entry of entries) {
        if (entry.used > PATIENCE) continue;
        const start = performance.now();
        const figure = await racers.get(entry.contestant)?.drive(entry.lap);
        const took = performance.now() - start;
        entry.used += took;
        if (figure !== undefined && (round > 0 || took > LONG)) entry.figures.push(figure);
      }
    }
  } finally {
    for (const racer of racers.values()) racer.stop();
  }
  return (contestant, name, queued) => {
    const found = entries.find(
      (entry) => entry.contestant === contestant && entry.lap.name === name && entry.lap.queued === queued,
    );
    return found === undefined ? undefined : median(found.figures);
  };
};

interface Racer {
  drive(lap: Lap): Promise<number>;
  stop(): void;
}

/** A process that runs laps for one engine. */
const startRacer = (contestant: string): Racer => {
  const child = fork(fileURLToPath(new URL('racer.js', import.meta.url)), [contestant], {
    execArgv: ['--expose-gc', '--max-old-space-size=4096'],
  });
  let answer: (figure: number) => void = () => undefined;
  let fail: (reason: Error) => void = () => undefined;
  child.on('message', (figure: number) => answer(figure));
  child.on('exit', () => fail(new Error(`${contestant} gave up`)));
  return {
    drive: (lap) =>
      new Promise((resolve, reject) => {
        answer = resolve;
        fail = reject;
        child.send(lap);
      }),
    stop: () => child.kill(),
  };
};

const median = (figures: readonly number[]): number => {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
};
