import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Account } from '../../src/cli/demo/ledger.js';
import type { Report } from '../../src/index.js';
import { createRandom } from '../../src/testing/index.js';
import { createCutter } from './cutter.js';
import { type HostProcess, startHostProcess } from './host-process.js';
import { Member, type Transport } from './member.js';
import type { Reading } from './memory.js';
import { BATCH, LATE, LINE_EVERY, MESSAGES_PER_SECOND, SAMPLES, SETTLING, TICK } from './pace.js';
import type { Sample } from './sample.js';

export interface SoakOptions {
  readonly sessions: number;
  readonly seconds: number;
  readonly seed: number;
  readonly transport: Transport;
  onProgress(progress: Progress): void;
}

export interface Progress {
  /** Seconds since the run began. */
  readonly at: number;
  readonly sent: number;
  readonly received: number;
  readonly cuts: number;
  readonly resumed: number;
  /** The host's last word about itself. */
  readonly host: Sample;
}

export interface SoakResult {
  /** One for each way. */
  readonly accounts: readonly Account[];
  readonly cuts: Readonly<Record<string, number>>;
  readonly early: number;
  /** How often each session was resumed. */
  readonly resumed: readonly number[];
  /** Sessions begun: as many as there are clients, when none was lost. */
  readonly enabled: number;
  /** Reports of the clients that tell of a fault, by name. */
  readonly faults: Readonly<Record<string, number>>;
  readonly readings: readonly Reading[];
  /** Seconds from the first message to when cutting and sending ended. */
  readonly seconds: number;
  /** Of the time of the run that each process computed: 1 is one core. */
  readonly busy: { readonly host: number; readonly clients: number };
  /** The host when every client has closed its session. */
  readonly end: Sample;
}

/** A thousand talk in pairs, while bad times go round. @returns rejects when the host's process dies */
export const soak = async ({ sessions, seconds, seed, transport, onProgress }: SoakOptions): Promise<SoakResult> => {
  const users = Array.from({ length: sessions }, (_, index) => ({
    user: `user${index}`,
    password: randomBytes(12).toString('hex'),
  }));
  const host = await startHostProcess({ users, websocket: transport === 'websocket' });
  const cutter = createCutter(createRandom(seed));
  const faults: Record<string, number> = {};
  const members: Member[] = [];
  const readings: Reading[] = [];

  const onReport = ({ name }: Report): void => {
    if (FAULTS.has(name)) faults[name] = (faults[name] ?? 0) + 1;
  };
  const connect = (account: { user: string; password: string }): Promise<Member> =>
    Member.connect({ ...account, transport, port: host.port, onReport, onConnection: cutter.connected });
  for (let from = 0; from < sessions; from += BATCH) {
    members.push(...(await Promise.all(users.slice(from, from + BATCH).map(connect))));
  }

  const sum = (count: (member: Member) => number): number =>
    members.reduce((total, member) => total + count(member), 0);
  const began = await host.sample();
  const computed = process.cpuUsage();
  const started = performance.now();
  const elapsed = (): number => (performance.now() - started) / 1000;

  const measuring = new AbortController();
  const measured = measure(host, seconds, elapsed, measuring.signal, (sample, isLine) => {
    readings.push({ at: elapsed(), memory: sample.memory });
    if (!isLine) return;
    const cuts = Object.values(cutter.made).reduce((total, count) => total + count);
    const [sent, received] = [sum(({ incoming }) => incoming.count), sum(({ incoming }) => incoming.arrived)];
    onProgress({ at: elapsed(), sent, received, cuts, resumed: sum((member) => member.resumed), host: sample });
  });
  measured.catch(() => measuring.abort());

  let sent = 0;
  const sendNext = (): void => {
    const sender = sent % sessions;
    const [from, to] = [members[sender], members[sender ^ 1]];
    if (to !== undefined) from?.sendTo(to);
    sent += 1;
  };
  while (elapsed() < seconds && !measuring.signal.aborted) {
    for (const due = elapsed() * MESSAGES_PER_SECOND * sessions; sent < due; ) sendNext();
    cutter.tick(members, elapsed());
    await delay(TICK);
  }
  const took = elapsed();
  await cutter.stop();
  measuring.abort();
  await measured;
  const { user, system } = process.cpuUsage(computed);
  const { cpu } = await host.sample();

  // One more from each: a link that was cut in silence is noticed, and every session has to work to the end.
  for (let last = 0; last < sessions; last++) sendNext();
  for (const patient = performance.now() + SETTLING; performance.now() < patient; await delay(TICK)) {
    if (members.every(({ incoming, isLive }) => incoming.settled && isLive)) break;
  }
  await delay(LATE);
  const result = {
    accounts: members.map(({ incoming }) => incoming.account),
    cuts: cutter.made,
    early: cutter.early,
    resumed: members.map((member) => member.resumed),
    enabled: sum((member) => member.enabled),
    faults: { ...faults },
    readings,
    seconds: took,
    busy: { host: (cpu - began.cpu) / 1000 / took, clients: (user + system) / 1e6 / took },
  };
  await Promise.all(members.map((member) => member.close()));
  await delay(LATE);
  const end = await host.sample();
  await host.close();
  return { ...result, end };
};

/** Asks the host again and again, and says for which answers a line is due. @returns rejects when the host has died */
const measure = async (
  host: HostProcess,
  seconds: number,
  elapsed: () => number,
  signal: AbortSignal,
  take: (sample: Sample, isLine: boolean) => void,
): Promise<void> => {
  let line = LINE_EVERY;
  while (!signal.aborted) {
    await delay((seconds * 1000) / SAMPLES, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const isLine = elapsed() >= line;
    if (isLine) line += LINE_EVERY;
    take(await host.sample(), isLine);
  }
};

/** What no session may report, whatever is cut. */
const FAULTS: ReadonlySet<Report['name']> = new Set([
  'resumptionFailed',
  'refused',
  'expired',
  'returned',
  'violation',
  'misuse',
]);
