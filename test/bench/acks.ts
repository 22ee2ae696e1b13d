/** What acknowledgements cost: many at once, one at a time, and how that grows with the queue. */
import type { Bench, Goal } from './bench.js';
import { hold } from './contest.js';
import type { Lap } from './laps.js';

const TURNS = [10, 1000, 10_000, 100_000];
const GROWTH = [100, 1000, 10_000, 100_000, 1_000_000];

const CONTESTANTS = { smacks: 'smacks, step' };

export const acks: Bench = {
  name: 'acks',
  description: 'one <a/> for many stanzas, an <a/> for each, and the growth with the queue',
  async run(progress) {
    const laps: Lap[] = [
      ...TURNS.map((queued): Lap => ({ name: 'turn', queued })),
      ...GROWTH.flatMap((queued): Lap[] => [
        { name: 'ackAll', queued },
        { name: 'ackOne', queued },
      ]),
    ];
    const standings = await hold({ contestants: Object.keys(CONTESTANTS), laps }, progress);
    const names = Object.entries(CONTESTANTS);
    const ours = (lap: Lap['name'], queued: number): number => standings('smacks', lap, queued) ?? Number.NaN;
    const tables = [
      {
        title: 'one stanza sent and acknowledged by one <a/>, with so many queued: ns',
        columns: ['', ...TURNS.map((queued) => queued.toLocaleString('en'))],
        rows: names.map(([contestant, name]) => [
          name,
          ...TURNS.map((queued) => standings(contestant, 'turn', queued) ?? '-'),
        ]),
      },
      {
        title: 'growth with the queue, ours',
        columns: ['queued', 'one <a/> for all: ms', 'ns per stanza', 'one <a/> for one: ns'],
        rows: GROWTH.map((queued) => [
          queued.toLocaleString('en'),
          ours('ackAll', queued) / 1e6,
          ours('ackAll', queued) / queued,
          ours('ackOne', queued),
        ]),
      },
    ];
    const goals: Goal[] = [
      { what: 'one <a/> for 100,000', unit: 'ms', measured: ours('ackAll', 100_000) / 1e6, limit: 5, wants: 'atMost' },
      {
        what: '10,000 <a/> of one each, 100,000 queued',
        unit: 'ms',
        measured: (ours('ackOne', 100_000) * 10_000) / 1e6,
        limit: 50,
        wants: 'atMost',
      },
      ...TURNS.map(
        (queued): Goal => ({
          what: `a stanza sent and acknowledged, ${queued.toLocaleString('en')} queued`,
          unit: 'ns',
          measured: ours('turn', queued),
          limit: 400,
          wants: 'atMost',
        }),
      ),
    ];
    return { tables, goals };
  },
};
