/**
 * Bursts: each sender writes all its messages at once, and each receiver answers each `<r/>` at once. Our host has its default limits of a
 * queue, and slows the senders down (M-10); the queues of the peers have no limit.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Goal } from '../bench.js';
import { rssOf } from './process-usage.js';
import { OURS, type Server, withServers } from './servers.js';
import { begin, type Session } from './session.js';

interface Burst {
  readonly what: string;
  readonly pairs: number;
  /** Messages of each sender. */
  readonly messages: number;
  /** The receivers send as many messages to the senders. */
  readonly isMutual: boolean;
}

const BURSTS: readonly Burst[] = [
  { what: 'one sender', pairs: 1, messages: 20_000, isMutual: false },
  { what: 'two clients flood each other', pairs: 1, messages: 20_000, isMutual: true },
  { what: '50 pairs flood each other', pairs: 50, messages: 5_000, isMutual: true },
];

/** For the compilers. */
const WARM_UP = BURSTS.slice(0, 2);

/** Milliseconds after which a burst is given up. */
const PATIENCE = 120_000;
/** Milliseconds between two looks at the counts. */
const LOOK = 10;

interface Run {
  readonly seconds: number;
  /** Messages that reached their receivers, and messages that came back as errors. */
  readonly arrived: number;
  readonly returned: number;
  /** Connections that the server closed. */
  readonly closed: number;
  /** The most resident memory of the server, in bytes. */
  readonly memory: number;
}

export const burst: Bench = {
  name: 'burst',
  description: 'bursts of messages to clients that read, against Prosody and ejabberd',
  run: (progress) =>
    withServers(
      2 * Math.max(...BURSTS.map(({ pairs }) => pairs)),
      progress,
      async (servers) => {
        const rows: (readonly (string | number)[])[] = [];
        const goals: Goal[] = [];
        progress('warming up');
        for (const server of servers) for (const kind of WARM_UP) await runOn(server, kind);
        for (const kind of BURSTS) {
          for (const server of servers) {
            const run = await runOn(server, kind);
            const sent = messagesIn(kind);
            progress(`${kind.what}: ${server.name} ${run.arrived} of ${sent} in ${run.seconds.toFixed(1)} s`);
            const { seconds, arrived, returned, closed, memory } = run;
            rows.push([
              kind.what,
              server.name,
              sent,
              arrived,
              returned,
              closed,
              seconds,
              arrived / seconds,
              memory / 1e6,
            ]);
            if (server.name === OURS)
              goals.push({
                what: `${kind.what}: messages that did not arrive`,
                unit: '',
                measured: sent - arrived,
                limit: 0,
                wants: 'atMost',
              });
          }
        }
        return { tables: [{ title: TITLE, columns: COLUMNS, rows }], goals };
      },
      'default',
    ),
};

const runOn = async (server: Server, { pairs, messages, isMutual }: Burst): Promise<Run> => {
  const members = await Promise.all(Array.from({ length: 2 * pairs }, (_, n) => begin(server.plain, `user${n + 1}`)));
  const senders = isMutual ? members : members.filter((_, n) => n % 2 === 0);
  const bursts = senders.map((sender) => textFor(partnerOf(members, sender).jid, messages));
  const wanted = senders.length * messages;
  const begun = performance.now();
  senders.forEach(({ link }, n) => {
    link.write(bursts[n] ?? '');
  });
  let memory = 0;
  let counts = countsOf(members);
  while (counts.arrived + counts.returned < wanted && performance.now() - begun < PATIENCE && counts.closed === 0) {
    await sleep(LOOK);
    memory = Math.max(memory, rssOf(server.pid));
    counts = countsOf(members);
  }
  const seconds = (performance.now() - begun) / 1000;
  for (const { link } of members) link.acknowledge();
  await Promise.all(members.map(({ link }) => link.close()));
  return { seconds, ...counts, memory };
};

const countsOf = (members: readonly Session[]) => {
  let [arrived, returned, closed] = [0, 0, 0];
  for (const { link } of members) {
    const { messages = 0, errors = 0 } = link.tally ?? {};
    arrived += messages - errors;
    returned += errors;
    closed += link.isOver ? 1 : 0;
  }
  return { arrived, returned, closed };
};

/** The members are pairs: 0 and 1, 2 and 3. */
const partnerOf = (members: readonly Session[], member: Session): Session =>
  members[members.indexOf(member) ^ 1] ?? member;

const textFor = (to: string, messages: number): Buffer =>
  Buffer.from(
    `<message to='${to}' type='chat'><body>a body of ordinary length for a chat message</body></message>`.repeat(
      messages,
    ),
  );

const messagesIn = ({ pairs, messages, isMutual }: Burst): number => pairs * messages * (isMutual ? 2 : 1);

const TITLE = 'Bursts: each sender writes all its messages at once';
const COLUMNS = [
  'burst',
  'server',
  'messages',
  'arrived',
  'came back',
  'connections closed',
  's',
  'messages/s',
  'memory of the server, MB',
];
