/** Messages a second from one sender to one receiver, with stream management and without, in turn. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Goal, Result, Table } from '../bench.js';
import { median, spread } from '../statistics.js';
import { cpuOf } from './process-usage.js';
import { EJABBERD, OURS, type Server, withServers } from './servers.js';
import { begin } from './session.js';

/** All of them are sent at once. */
export const MESSAGES = Number(process.env.BENCH_MESSAGES ?? 20_000);
/** The sender asks what has arrived behind so many. */
const MESSAGES_PER_REQUEST = 100;
/** Of a whole message; longer where the address is. */
const MESSAGE_BYTES = 90;
/** Runs with and without, of which the median is taken, behind some that nobody looks at. */
const PAIRS = Number(process.env.BENCH_PAIRS ?? 7);
/** What it costs here is a small part of what a run varies by, so ours runs so many pairs in each turn. */
const OUR_PAIRS = 6;
const WARM_UPS = 2;
/** Milliseconds for what the server still does behind the last message. */
const SETTLING = 50;

interface Run {
  /** Messages a second. */
  readonly rate: number;
  /** Microseconds of processor time of the server, for a message. */
  readonly cpu: number;
  /** Shares of one core while messages flow. */
  readonly clientShare: number;
  readonly serverShare: number;
  /** How often the receiver was asked. */
  readonly requests: number;
}

interface Pair {
  readonly on: Run;
  readonly off: Run;
}

export const throughput: Bench = {
  name: 'throughput',
  description: 'messages a second from one sender to one receiver, against Prosody and ejabberd',
  run: (progress) =>
    withServers(2, progress, async (servers) => {
      const pairs = new Map<string, Pair[]>(servers.map(({ name }) => [name, []]));
      for (let round = 1 - WARM_UPS; round <= PAIRS; round++) {
        for (const server of servers) {
          for (let turn = 0; turn < (server.name === OURS ? OUR_PAIRS : 1); turn++) {
            const pair = await pairOf(server, (round + turn) % 2 === 0);
            progress(`${round > 0 ? `${round}/${PAIRS}` : 'warming up'}: ${server.name} ${lineOf(pair)}`);
            if (round > 0) pairs.get(server.name)?.push(pair);
          }
        }
      }
      return resultOf(pairs);
    }),
};

/** What drifts on the machine meets both alike. */
const pairOf = async (server: Server, offFirst: boolean): Promise<Pair> => {
  if (!offFirst) return { on: await runOn(server, true), off: await runOn(server, false) };
  const off = await runOn(server, false);
  return { on: await runOn(server, true), off };
};

export const runOn = async (server: Server, managed: boolean): Promise<Run> => {
  const [sender, receiver] = await Promise.all([
    begin(server.plain, 'user1', { managed }),
    begin(server.plain, 'user2', { managed }),
  ]);
  const bytes = burst(receiver.jid, managed);
  await sleep(SETTLING);

  const cpuBefore = cpuOf(server.pid);
  const ownBefore = process.cpuUsage();
  const begun = performance.now();
  sender.link.write(bytes);
  await receiver.link.counted(({ messages }) => messages === MESSAGES);
  const microseconds = (performance.now() - begun) * 1000;
  const own = process.cpuUsage(ownBefore);
  if (managed) await sender.link.counted(({ acked }) => acked > MESSAGES);
  await sleep(SETTLING);
  const cpu = cpuOf(server.pid) - cpuBefore;

  const requests = receiver.link.tally?.requests ?? 0;
  if (managed) receiver.link.acknowledge();
  await Promise.all([sender.link.close(), receiver.link.close()]);
  return {
    rate: (MESSAGES / microseconds) * 1_000_000,
    cpu: cpu / MESSAGES,
    clientShare: (own.user + own.system) / microseconds,
    serverShare: cpu / microseconds,
    requests,
  };
};

const burst = (to: string, managed: boolean): Buffer => {
  const [head, tail] = [`<message to='${to}' type='chat'><body>`, '</body></message>'];
  const message = head + 'x'.repeat(Math.max(1, MESSAGE_BYTES - head.length - tail.length)) + tail;
  const batch = message.repeat(MESSAGES_PER_REQUEST) + (managed ? "<r xmlns='urn:xmpp:sm:3'/>" : '');
  return Buffer.from(batch.repeat(MESSAGES / MESSAGES_PER_REQUEST));
};

const lineOf = ({ on, off }: Pair): string =>
  [on, off].map(({ rate, cpu }) => `${Math.round(rate)}/s (${cpu.toFixed(1)} us)`).join(' with, without ');

const resultOf = (pairs: ReadonlyMap<string, readonly Pair[]>): Result => ({
  tables: [ratesOf(pairs), costsOf(pairs)],
  goals: goalsOf(pairs),
});

const ratesOf = (pairs: ReadonlyMap<string, readonly Pair[]>): Table => ({
  title: `Messages a second, one sender to one receiver: medians of ${PAIRS} runs (ours ${PAIRS * OUR_PAIRS}) of ${MESSAGES} messages of ${MESSAGE_BYTES} bytes`,
  columns: [
    'server',
    'SM',
    'messages/s',
    'lowest - highest',
    'server CPU us/message',
    'server cores',
    'client cores',
    '<r/> sent',
  ],
  rows: [...pairs].flatMap(([name, runs]) =>
    (['on', 'off'] as const).map((sm) => {
      const all = (figure: keyof Run): readonly number[] => runs.map((pair) => pair[sm][figure]);
      const figures = (['cpu', 'serverShare', 'clientShare', 'requests'] as const).map((figure) => median(all(figure)));
      return [name, sm, median(all('rate')), spread(all('rate')), ...figures];
    }),
  ),
});

const costsOf = (pairs: ReadonlyMap<string, readonly Pair[]>): Table => ({
  title: 'What stream management costs: on against off, median of the pairs',
  columns: ['server', 'rate %', 'lowest - highest', 'CPU %', 'lowest - highest'],
  rows: [...pairs].map(([name, runs]) => {
    const [rates, cpus] = [runs.map(rateCost), runs.map(({ on, off }) => 100 * (on.cpu / off.cpu - 1))];
    return [name, median(rates), spread(rates), median(cpus), spread(cpus)];
  }),
});

const goalsOf = (pairs: ReadonlyMap<string, readonly Pair[]>): readonly Goal[] => {
  const ours = pairs.get(OURS) ?? [];
  const theirs = pairs.get(EJABBERD) ?? [];
  const rate = (runs: readonly Pair[]): number => median(runs.map(({ on }) => on.rate));
  const against: Goal = {
    what: 'messages a second with stream management, against ejabberd',
    unit: 'times',
    measured: rate(ours) / rate(theirs),
    limit: 2,
    wants: 'atLeast',
  };
  const cost: Goal = {
    what: 'what stream management takes of the messages a second',
    unit: '%',
    measured: median(ours.map(rateCost)),
    limit: 5,
    wants: 'atMost',
  };
  return theirs.length > 0 ? [against, cost] : [cost];
};

/** Per cent. */
const rateCost = ({ on, off }: Pair): number => 100 * (1 - on.rate / off.rate);
