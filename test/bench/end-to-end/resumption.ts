/** How many sessions a second come back, each over a new connection on which it authenticates. */
import { setTimeout as sleep } from 'node:timers/promises';
import { userNames } from '../../interop/peers/peer.js';
import type { Bench, Goal, Table } from '../bench.js';
import { median, spread } from '../statistics.js';
import { beginAll, CONCURRENCY, closeAll, forAll } from './crowd.js';
import { measureFloor } from './floor.js';
import type { Mechanism } from './login.js';
import { cpuOf } from './process-usage.js';
import { startSender } from './sender.js';
import { EJABBERD, type Entrance, OURS, type Server, withServers } from './servers.js';
import { resume, type Session } from './session.js';

const SESSIONS = Number(process.env.BENCH_SESSIONS ?? 500);
/** Where ejabberd, too, has to derive keys from each password: that takes it long. */
const FEW_SESSIONS = SESSIONS / 5;
/** Each is one run with empty queues and one with QUEUED messages in each. */
const ROUNDS = 3;
const WARM_UPS = 1;
const QUEUED = 10;
/** Milliseconds in which a server surely notices that connections are gone. */
const NOTICING = 300;

/** How clients authenticate, and how the peers keep what they need to know for that; ours keeps keys, whichever it is. */
interface Way {
  readonly mechanism: Mechanism;
  /** How often the client has to wait for the server, the stream headers and the answer to `<resume/>` included. */
  readonly roundTrips: number;
  readonly kept: 'plain' | 'hashed';
  readonly sessions: number;
}

const WAYS: readonly Way[] = [
  { mechanism: 'SCRAM-SHA-1', roundTrips: 5, kept: 'hashed', sessions: SESSIONS },
  { mechanism: 'PLAIN', roundTrips: 4, kept: 'plain', sessions: SESSIONS },
  { mechanism: 'PLAIN', roundTrips: 4, kept: 'hashed', sessions: FEW_SESSIONS },
];

interface Run {
  /** Resumptions a second. */
  readonly rate: number;
  /** Milliseconds of processor time of the server for each. */
  readonly cpu: number;
  /** Share of one core. */
  readonly clientShare: number;
}

/** Of one server and one way: by the length of the queues. */
interface Runs {
  readonly way: Way;
  readonly server: string;
  readonly queued: number;
  readonly runs: Run[];
}

export const resumption: Bench = {
  name: 'resumption',
  description: 'resumptions a second with authentication, against Prosody and ejabberd',
  run: (progress) =>
    withServers(SESSIONS + 1, progress, async (servers) => {
      const all: Runs[] = [];
      for (const way of WAYS) all.push(...(await runsOf(way, servers, progress)));
      progress('a bare TCP server');
      const floors = [await floorOf(4), await floorOf(5)];
      return {
        tables: [...WAYS.map((way) => tableOf(way, all)), { ...FLOOR, rows: floors }],
        goals: WAYS.flatMap((way) => goalsOf(way, all)),
      };
    }),
};

const runsOf = async (
  way: Way,
  servers: readonly Server[],
  progress: (line: string) => void,
): Promise<readonly Runs[]> => {
  const crowds: Crowd[] = [];
  for (const server of servers) {
    progress(`${nameOf(way)}: ${way.sessions} sessions begin on ${server.name}`);
    crowds.push(await gather(server, way));
  }
  const all = crowds.flatMap(({ server: { name } }) =>
    [0, QUEUED].map((queued): Runs => ({ way, server: name, queued, runs: [] })),
  );
  for (let round = 1 - WARM_UPS; round <= ROUNDS; round++) {
    for (const crowd of crowds) {
      for (const { queued, runs } of all.filter(({ server }) => server === crowd.server.name)) {
        const run = await comeBack(crowd, queued);
        if (round > 0) runs.push(run);
        progress(
          `${round > 0 ? `${round}/${ROUNDS}` : 'warming up'}: ${crowd.server.name}, ${queued} queued: ${Math.round(run.rate)}/s`,
        );
      }
    }
  }
  for (const { sessions, sender } of crowds) await Promise.all([closeAll(sessions), sender.close()]);
  return all;
};

interface Crowd {
  readonly server: Server;
  readonly entrance: Entrance;
  readonly mechanism: Mechanism;
  readonly sessions: readonly Session[];
  readonly sender: Awaited<ReturnType<typeof startSender>>;
}

const gather = async (server: Server, { mechanism, kept, sessions: count }: Way): Promise<Crowd> => {
  const [last = '', ...users] = userNames(count + 1).toReversed();
  const entrance = server[kept];
  const sessions = await beginAll(entrance, users, mechanism);
  return { server, entrance, mechanism, sessions, sender: await startSender(entrance, last) };
};

/** All are cut, and all come back. */
const comeBack = async ({ server, entrance, mechanism, sessions, sender }: Crowd, queued: number): Promise<Run> => {
  for (const { link } of sessions) link.cut();
  await sleep(NOTICING);
  if (queued > 0)
    await sender.send(
      sessions.map(({ jid }) => jid),
      queued,
    );

  const cpuBefore = cpuOf(server.pid);
  const ownBefore = process.cpuUsage();
  const begun = performance.now();
  await forAll(sessions, async (session) => {
    const wanted = (session.link.tally?.messages ?? 0) + queued;
    await resume(session, entrance, { mechanism });
    await session.link.counted(({ messages }) => messages >= wanted);
    session.link.acknowledge();
  });
  const milliseconds = performance.now() - begun;
  const own = process.cpuUsage(ownBefore);
  return {
    rate: (sessions.length / milliseconds) * 1000,
    cpu: (cpuOf(server.pid) - cpuBefore) / 1000 / sessions.length,
    clientShare: (own.user + own.system) / 1000 / milliseconds,
  };
};

const nameOf = ({ mechanism, kept }: Way): string =>
  `${mechanism}, passwords kept ${kept === 'plain' ? 'in plain' : 'as keys'}`;

const tableOf = (way: Way, all: readonly Runs[]): Table => ({
  title: `Resumptions a second, ${nameOf(way)}: medians of ${ROUNDS} runs of ${way.sessions}, ${CONCURRENCY} at a time`,
  columns: ['server', 'queued', 'resumptions/s', 'lowest - highest', 'server CPU ms each', 'client cores'],
  rows: all
    .filter((each) => each.way === way)
    .map(({ server, queued, runs }) => {
      const rates = runs.map(({ rate }) => rate);
      return [
        server,
        queued,
        median(rates),
        spread(rates),
        median(runs.map(({ cpu }) => cpu)),
        median(runs.map(({ clientShare }) => clientShare)),
      ];
    }),
});

const FLOOR = {
  title: 'The floor: a TCP server of Node that does nothing but answer, over as many round trips',
  columns: ['round trips', 'connections/s', 'lowest - highest', 'server CPU ms each'],
};

const floorOf = async (roundTrips: number): Promise<Table['rows'][number]> => {
  const floors = await measureFloor(SESSIONS, roundTrips, ROUNDS);
  const rates = floors.map(({ rate }) => rate);
  return [`${roundTrips}`, median(rates), spread(rates), median(floors.map(({ cpu }) => cpu))];
};

const goalsOf = (way: Way, all: readonly Runs[]): readonly Goal[] => {
  const runsOn = (name: string): readonly Run[] =>
    all.find(({ way: each, server, queued }) => each === way && server === name && queued === 0)?.runs ?? [];
  const theirs = runsOn(EJABBERD);
  if (theirs.length === 0) return [];
  const times = runsOn(OURS).map(({ rate }, round) => rate / (theirs[round]?.rate ?? Number.NaN));
  return [
    {
      what: `resumptions a second, ${nameOf(way)}, against ejabberd`,
      unit: 'times',
      measured: median(times),
      limit: 3,
      wants: 'atLeast',
    },
  ];
};
