/** What the process holds, when everything that nobody holds is gone. */
import { promisify } from 'node:util';

export interface Held {
  /** Bytes. */
  readonly heap: number;
  readonly rss: number;
}

export const held = async (): Promise<Held> => {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('run with --expose-gc');
  for (let i = 0; i < 3; i++) {
    gc();
    await turn();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, rss };
};

/** What waited for a promise has gone on by then, and what was due has been called. */
export const turn = promisify(setImmediate);
