/** What a store is told: the time to find what one event changed in a session, with so many stanzas in the queue. */
import { difference } from '../../src/core/delta.js';
import { policy, type SmEvent, type State, step, toDelta, uint32 } from '../../src/index.js';
import type { Bench, Goal } from './bench.js';
import { connected, LENGTHS, medianOf, table } from './growth.js';

/** Nanoseconds at any length: the design's budget. */
const MOST = 100;

const POLICY = policy({ maxQueueStanzas: 1e6, maxQueueBytes: 1e9, maxUnackedStanzas: 1e6 });

/** As many steps as a block of the queue has stanzas: one of them begins a block. */
const STEPS = 32;

/** Each makes one event out of the number of the step. */
const EVENTS: Readonly<Record<string, (n: number) => SmEvent>> = {
  'one append': () => ({ type: 'app.send', at: 0, stanza: { xml: '<message/>', kind: 'message', type: 'chat' } }),
  'one trim': (n) => ({ type: 'peer.a', at: 0, epoch: 1, h: uint32(n + 1) }),
  'one counter': () => ({ type: 'peer.stanza', at: 0, epoch: 1 }),
  'nothing that is kept': () => ({ type: 'app.inactive', at: 0 }),
};

export const delta: Bench = {
  name: 'delta',
  description: 'the difference of two values of a session after one append, trim and count, with 10 to 100,000 queued',
  async run(progress) {
    const states = LENGTHS.map((queued) => {
      progress(`${queued.toLocaleString('en')} queued`);
      return withQueued(queued);
    });
    timesIn(states);
    // The compiler has seen every case now.
    const rows = timesIn(states);
    const result = table('nanoseconds with so many stanzas in the queue', Object.fromEntries(rows));
    const goals = rows.map(([name, times]): Goal => {
      const what = `${name}, the slowest length`;
      return { what, unit: 'ns', measured: Math.max(...times), limit: MOST, wants: 'atMost' };
    });
    return { ...result, goals: [...result.goals, ...goals] };
  },
};

const timesIn = (states: readonly State[]): readonly (readonly [name: string, times: readonly number[]])[] =>
  Object.entries(EVENTS).flatMap(([name, event]) => {
    const pairs = states.map((state) => pairsFrom(state, event));
    return [
      [name, pairs.map((some) => timeOf(some, ([{ session: stored }, { session: now }]) => difference(stored, now)))],
      [`${name}, toDelta`, pairs.map((some) => timeOf(some, ([stored, now]) => toDelta(stored, now)))],
    ] as const;
  });

type Pair = readonly [stored: State, now: State];

const withQueued = (queued: number): State => {
  let state = connected(POLICY);
  const send = EVENTS['one append'] as (n: number) => SmEvent;
  for (let n = 0; n < queued + STEPS; n++) state = step(state, send(n))[0];
  return state;
};

/** Each value of the session, and its next value. */
const pairsFrom = (start: State, event: (n: number) => SmEvent): readonly Pair[] => {
  const states = [start];
  for (let n = 0; n < STEPS; n++) states.push(step(states[n] ?? start, event(n))[0]);
  return states.slice(1).map((now, n) => [states[n] ?? start, now]);
};

/** The mean over the pairs. */
const timeOf = (pairs: readonly Pair[], call: (pair: Pair) => unknown): number => {
  let n = 0;
  return medianOf(() => call(pairs[n++ % STEPS] as Pair));
};
