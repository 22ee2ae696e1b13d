/** What does not grow: the time of one event, in states of very different size. */
import { open, type Policy, SM_3, type SmEvent, type State, step } from '../../src/index.js';
import type { Result } from './bench.js';
import { median } from './statistics.js';

export const LENGTHS = [10, 1_000, 10_000, 100_000];

/** How much longer the event may take in the largest state than in the smallest. */
const MOST_TIMES = 4;

const ROUNDS = 40;
const CALLS = 2_000;

/** An enabled session of a server. */
export const connected = (chosen: Policy): State => {
  const events: readonly SmEvent[] = [
    { type: 'app.authenticated', at: 0, owner: 'romeo@example.net' },
    { type: 'app.bound', at: 0 },
    { type: 'peer.enable', at: 0, epoch: 1, xmlns: SM_3, resume: false },
  ];
  return events.reduce((state, event) => step(state, event)[0], open('server', chosen));
};

/** Nanoseconds of one call. */
export const medianOf = (call: () => unknown): number => {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = process.hrtime.bigint();
    for (let n = 0; n < CALLS; n++) call();
    return Number(process.hrtime.bigint() - start) / CALLS;
  });
  return median(times);
};

export const table = (title: string, rows: Readonly<Record<string, readonly number[]>>): Result => ({
  tables: [
    {
      title,
      columns: ['', ...LENGTHS.map((length) => length.toLocaleString('en'))],
      rows: Object.entries(rows).map(([name, times]) => [name, ...times]),
    },
  ],
  goals: Object.entries(rows).map(([name, times]) => ({
    what: `${name}: the largest state against the smallest`,
    unit: 'times',
    measured: (times.at(-1) ?? 0) / (times[0] ?? 1),
    limit: MOST_TIMES,
    wants: 'atMost',
  })),
});
