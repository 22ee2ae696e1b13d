/** What acknowledgements cost: many at once, one at a time, and how that grows with the queue. */
import type { Bench, Goal, Table } from './bench.js';
import { hold, type Standings } from './contest.js';
import type { Lap } from './laps.js';

const TURNS = [10, 1000, 10_000, 100_000];
const GROWTH = [100, 1000, 10_000, 100_000, 1_000_000];

interface Entrant {
  readonly name: string;
  /** The longest queue that it ends with in reasonable time. */
  readonly longest: number;
  readonly turnsOnly?: boolean;
}

/** By module. */
const CONTESTANTS: Readonly<Record<string, Entrant>> = {
  smacks: { name: 'smacks: step', longest: 1_000_000 },
  'smacks-session': { name: 'smacks: a running session', longest: 100_000, turnsOnly: true },
  xmppjs: { name: '@xmpp/stream-management 0.14', longest: 100_000 },
  stanza: { name: 'stanza 12', longest: 100_000 },
  strophe: { name: 'Strophe 5, nothing stored', longest: 1_000_000 },
  'strophe-shipped': { name: 'Strophe 5 as shipped', longest: 10_000, turnsOnly: true },
};

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
    const enters = (contestant: string, { name, queued }: Lap): boolean => {
      const { longest = 0, turnsOnly = false } = CONTESTANTS[contestant] ?? {};
      return queued <= longest && (name === 'turn' || !turnsOnly);
    };
    const standings = await hold({ contestants: Object.keys(CONTESTANTS), laps, enters }, progress);
    return {
      tables: [
        tableOf('a stanza sent and acknowledged by an <a/> of its own, with so many queued: ns', TURNS, (who, queued) =>
          standings(who, 'turn', queued),
        ),
        tableOf('one <a/> for so many: ms', GROWTH, (who, queued) => standings(who, 'ackAll', queued) / 1e6),
        tableOf(
          'the same, for each that it acknowledges: ns',
          GROWTH,
          (who, queued) => standings(who, 'ackAll', queued) / queued,
        ),
        tableOf('an <a/> for one, with so many queued: ns', GROWTH, (who, queued) => standings(who, 'ackOne', queued)),
      ],
      goals: goalsOf(standings),
    };
  },
};

const tableOf = (
  title: string,
  lengths: readonly number[],
  figure: (contestant: string, queued: number) => number,
): Table => ({
  title,
  columns: ['', ...lengths.map((queued) => queued.toLocaleString('en'))],
  rows: Object.entries(CONTESTANTS)
    .map(([contestant, { name }]) => [name, ...lengths.map((queued) => orDash(figure(contestant, queued)))])
    .filter((row) => row.some((cell) => typeof cell === 'number')),
});

const orDash = (figure: number): number | string => (Number.isNaN(figure) ? '-' : figure);

const goalsOf = (standings: Standings): readonly Goal[] => [
  {
    what: 'one <a/> for 100,000',
    unit: 'ms',
    measured: standings('smacks', 'ackAll', 100_000) / 1e6,
    limit: 5,
    wants: 'atMost',
  },
  {
    what: '10,000 <a/> for one each, 100,000 queued',
    unit: 'ms',
    measured: (standings('smacks', 'ackOne', 100_000) * 10_000) / 1e6,
    limit: 50,
    wants: 'atMost',
  },
  ...TURNS.map(
    (queued): Goal => ({
      what: `a stanza sent and acknowledged, ${queued.toLocaleString('en')} queued`,
      unit: 'ns',
      measured: standings('smacks', 'turn', queued),
      limit: 400,
      wants: 'atMost',
    }),
  ),
];
