/** What acknowledgements cost: many at once, one at a time, and how that grows with the queue. */
import { against, type Bench, type Goal, type Table } from './bench.js';
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

/** Nanoseconds that were wanted, and that peers took where they were: an `<a/>` for 100,000, and a stanza with its `<a/>`. */
const ALL = { limit: 5e6, xmppjs: 3.9e9, stanza: 3.8e9 };
const TURN = { limit: 400, xmppjs: [2600, 2600, 2700, 72_000], stanza: [570, 860, 880, 68_000] };
const PEERS = ['xmppjs', 'stanza'] as const;

const goalsOf = (standings: Standings): readonly Goal[] => {
  const timesOf = (peer: string, lap: Lap['name'], queued: number): number =>
    standings(peer, lap, queued) / standings('smacks', lap, queued);
  const all = 'one <a/> for 100,000';
  const turn = (queued: number): string => `a stanza sent and acknowledged, ${queued.toLocaleString('en')} queued`;
  return [
    {
      what: all,
      unit: 'ms',
      measured: standings('smacks', 'ackAll', 100_000) / 1e6,
      limit: ALL.limit / 1e6,
      wants: 'atMost',
    },
    ...PEERS.map((peer) => against(all, nameOf(peer), timesOf(peer, 'ackAll', 100_000), ALL[peer] / ALL.limit)),
    {
      what: '10,000 <a/> for one each, 100,000 queued',
      unit: 'ms',
      measured: (standings('smacks', 'ackOne', 100_000) * 10_000) / 1e6,
      limit: 50,
      wants: 'atMost',
    },
    ...TURNS.flatMap((queued, at): readonly Goal[] => [
      {
        what: turn(queued),
        unit: 'ns',
        measured: standings('smacks', 'turn', queued),
        limit: TURN.limit,
        wants: 'atMost',
      },
      ...PEERS.map((peer) =>
        against(turn(queued), nameOf(peer), timesOf(peer, 'turn', queued), (TURN[peer][at] ?? Number.NaN) / TURN.limit),
      ),
    ]),
  ];
};

const nameOf = (contestant: string): string => CONTESTANTS[contestant]?.name ?? contestant;
