/** What a hibernating session holds: bytes of heap, over very many of them. */

import { policy } from '../../src/index.js';
import { createSessions } from '../../src/session/server-sessions.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import type { Bench, Goal } from './bench.js';
import { held, turn } from './heap.js';
import { connect, hibernatingState } from './hibernating.js';

const COUNT = 30_000;
/** Made and let go before: what is compiled for the first of them weighs nothing then. */
const WARMING_UP = 1000;
const QUEUED = [0, 10];
const LIMITS = [600, 4096];
const KINDS = {
  'the state alone, as step returns it': (queued: number) =>
    weigh((index) => hibernatingState(index, queued, DEFAULTS)),
  'a running session, with timers and store': async (queued: number) => {
    const store = createMemoryStore();
    const sessions = createSessions<number>({ policy: DEFAULTS, store, onStanza: nothing, onReport: nothing });
    const weight = await weigh(async (index) => {
      const { session, cut } = connect(index, sessions);
      // The store answers within these turns of the microtask queue.
      for (let i = 0; i < 8; i++) await undefined;
      cut(queued);
      return session;
    });
    if (store.size.hibernating !== WARMING_UP + COUNT) throw new Error('some of the sessions do not hibernate');
    return weight;
  },
};

const DEFAULTS = policy();

export const memory: Bench = {
  name: 'memory',
  description: 'bytes of heap for a hibernating session, empty and with ten stanzas',
  async run(progress) {
    const rows: [string, ...number[]][] = [];
    for (const [kind, weighed] of Object.entries(KINDS)) {
      progress(kind);
      rows.push([kind, await weighed(QUEUED[0] ?? 0), await weighed(QUEUED[1] ?? 0)]);
    }
    return {
      tables: [
        {
          title: `bytes of heap for a hibernating session, over ${COUNT.toLocaleString('en')} of them`,
          columns: ['', 'empty', 'ten stanzas of 200 bytes'],
          rows,
        },
      ],
      goals: rows.flatMap(([kind, ...figures]) =>
        figures.map(
          (measured, index): Goal => ({
            what: `${kind}, ${index === 0 ? 'empty' : 'ten stanzas'}`,
            unit: 'bytes',
            measured,
            limit: LIMITS[index] ?? Number.NaN,
            wants: 'atMost',
          }),
        ),
      ),
    };
  },
};

/** Bytes for one of many. */
const weigh = async (make: (index: number) => unknown): Promise<number> => {
  for (let index = 0; index < WARMING_UP; index++) await make(index);
  const kept: unknown[] = new Array(COUNT).fill(null);
  const before = await held();
  for (let index = 0; index < COUNT; index++) kept[index] = await make(WARMING_UP + index);
  await turn();
  const after = await held();
  if (kept.length !== COUNT) throw new Error('some are gone');
  return (after.heap - before.heap) / COUNT;
};

const nothing = (): void => undefined;
