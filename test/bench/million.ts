/** One million hibernating sessions in one process, and what is left of them when they have expired. */
import { setTimeout as wait } from 'node:timers/promises';
import type { ServerSession } from '../../src/session/server-session.js';
import { createSessions } from '../../src/session/server-sessions.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import type { Bench, Result } from './bench.js';
import { type Held, held, turn } from './heap.js';
import { type Connected, connect } from './hibernating.js';

const COUNT = 1_000_000;
/** These go the whole way first: everything is compiled then, and it is known how long a session takes. */
const TRIAL = 10_000;
/** Seconds in which they are weighed, beside the time that it takes to lose their links. */
const WEIGHING = 10;
const BATCH = 1000;
const MB = 1e6;

export const million: Bench = {
  name: 'million',
  description: 'a million hibernating sessions, with store and timers: heap, time, and the memory that is not freed',
  execArgv: ['--max-old-space-size=16384'],
  async run(progress) {
    progress(`${TRIAL.toLocaleString('en')} go ahead`);
    const trial = await live(TRIAL, WEIGHING, () => undefined);
    // All of them are to be there before the first one goes, and it took this long for few.
    const cut = (trial.cut * COUNT) / TRIAL;
    return resultOf(await live(COUNT, WEIGHING + Math.ceil(2 * cut), progress));
  },
};

interface Life {
  readonly before: Held;
  readonly connected: Held;
  readonly peak: Held;
  readonly after: Held;
  /** Seconds. */
  readonly made: number;
  readonly cut: number;
  /** From the first that expired to the last, and how late the latest was. */
  readonly expired: number;
  readonly latest: number;
  /** What the process computed from when all hibernated to when all had expired, in seconds. */
  readonly computed: number;
  /** Hibernating and remembered sessions that the store still knows. */
  readonly kept: number;
}

/** @param hibernationTime in seconds: more than it takes to lose all links and to weigh what is there */
const live = async (count: number, hibernationTime: number, progress: (line: string) => void): Promise<Life> => {
  // What is remembered of a session that is over is bounded for each owner and kept for two days; here everyone is an owner.
  const store = createMemoryStore({ maxOldSessions: 0 });
  const alive = new Array<ServerSession<number> | undefined>(count).fill(undefined);
  let left = 0;
  const deadlines = new Float64Array(count);
  let expired = 0;
  let latest = 0;
  let first = 0;
  let last = 0;
  const links: Connected[] = [];

  const sessions = createSessions<number>({
    policy: { hibernationTime },
    store,
    onStanza() {},
    onReport({ data: index }, report) {
      if (report.type === 'hibernationStart') deadlines[index] = report.until;
      if (report.type === 'expired') expired += 1;
      if (report.type !== 'ended') return;
      alive[index] = undefined;
      left -= 1;
      latest = Math.max(latest, Date.now() - (deadlines[index] ?? 0));
      last = performance.now();
      if (first === 0) first = last;
    },
  });

  const before = await held();
  const start = performance.now();
  for (let index = 0; index < count; index++) {
    const made = connect(index, sessions);
    alive[index] = made.session;
    left += 1;
    links.push(made);
    if (index % BATCH === 0) await turn();
    if (index % 250_000 === 0) progress(`${index.toLocaleString('en')} sessions`);
  }
  await turn();
  const made = performance.now() - start;

  const connected = await held();
  progress('their links are lost');
  const cutting = performance.now();
  for (let index = 0; index < count; index++) {
    links[index]?.cut(0);
    if (index % BATCH === 0) await turn();
  }
  links.length = 0;
  await turn();
  const cut = performance.now() - cutting;
  const peak = await held();
  if (first > 0 || store.size.hibernating !== count)
    throw new Error('the first were gone before the last hibernated: the machine is too busy');

  progress(`they have ${hibernationTime} s`);
  const computing = process.cpuUsage();
  for (let waited = 0; left > 0; waited++) {
    await wait(100);
    if (waited % 50 === 49) progress(`${left.toLocaleString('en')} are left`);
  }
  const { user, system } = process.cpuUsage(computing);
  if (expired !== count) throw new Error(`${expired} of ${count} sessions expired: the others ended otherwise`);
  const after = await held();
  const { hibernating, live: enabled, remembered } = store.size;
  return {
    before,
    connected,
    peak,
    after,
    made: made / 1000,
    cut: cut / 1000,
    expired: (last - first) / 1000,
    latest: latest / 1000,
    computed: (user + system) / 1e6,
    kept: hibernating + enabled + remembered,
  };
};

const resultOf = ({ before, connected, peak, after, made, cut, expired, latest, computed, kept }: Life): Result => {
  const left = (100 * (after.heap - before.heap)) / (peak.heap - before.heap);
  const each = (seconds: number): number => (seconds * 1e6) / COUNT;
  return {
    tables: [
      {
        title: 'memory, MB',
        columns: ['', 'heap', 'RSS', 'bytes of heap a session'],
        rows: [
          ['before', before.heap / MB, before.rss / MB, ''],
          ['all are connected', connected.heap / MB, connected.rss / MB, (connected.heap - before.heap) / COUNT],
          ['all hibernate', peak.heap / MB, peak.rss / MB, (peak.heap - before.heap) / COUNT],
          ['all have expired', after.heap / MB, after.rss / MB, (after.heap - before.heap) / COUNT],
        ],
      },
      {
        title: 'time, s',
        columns: ['', 's', 'µs a session'],
        rows: [
          ['connected and enabled', made, each(made)],
          ['link lost, hibernating', cut, each(cut)],
          ['from the first that expired to the last', expired, each(expired)],
          ['computed until then, from when all hibernated', computed, each(computed)],
          ['the longest delay after a deadline', latest, ''],
        ],
      },
    ],
    goals: [
      { what: 'heap that is left of them', unit: '%', measured: left, limit: 1, wants: 'atMost' },
      { what: 'what the store still knows', unit: 'sessions', measured: kept, limit: 0, wants: 'atMost' },
    ],
  };
};
