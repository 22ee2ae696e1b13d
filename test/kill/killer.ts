/** Decides when the server dies. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../src/testing.js';
import type { Supervisor } from './servers/supervisor.js';

/** How often the server is killed again during the start that follows. */
const AGAIN = 0.3;
/** A SIGTERM for so many SIGKILLs. */
const TERM_EVERY = 10;

export interface KillerOptions {
  readonly supervisor: Supervisor;
  readonly random: Random;
  readonly kills: number;
  /** Milliseconds for all of them. */
  readonly time: number;
  /** Milliseconds that a start takes. */
  readonly startTime: number;
}

/** Each death has a slot of the time, and comes at a random instant of it. Resolves when the server is up after the last one. */
export const killAll = async ({ supervisor, random, kills, time, startTime }: KillerOptions): Promise<void> => {
  const deaths = kills + Math.floor(kills / TERM_EVERY);
  const slot = time / Math.max(1, deaths);
  const begun = performance.now();
  for (let made = 0; made < deaths; made++) {
    const at = begun + (made + random.next()) * slot;
    await delay(Math.max(0, at - performance.now()));
    await supervisor.kill(made % (TERM_EVERY + 1) === TERM_EVERY ? 'SIGTERM' : 'SIGKILL');
    supervisor.spawn();
    if (random.chance(AGAIN)) {
      await delay(random.next() * startTime);
      await supervisor.kill('SIGKILL');
      supervisor.spawn();
    }
    await supervisor.untilUp();
  }
  await delay(Math.max(0, begun + time - performance.now()));
};
