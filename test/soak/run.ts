import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Account } from '../../src/cli/demo/ledger.js';
import { createRandom } from '../../src/testing.js';
import { type Crowd, gather } from './crowd.js';
import { type Cutter, createCutter } from './cutter.js';
import { createFloods, type Floods } from './floods.js';
import { type HostProcess, startHostProcess } from './host-process.js';
import type { Checking } from './late-accounts.js';
import type { Weather } from './late-store.js';
import type { Member, Transport } from './member.js';
import type { Reading } from './memory.js';
import { LATE, LINE_EVERY, MESSAGES_PER_SECOND, SAMPLES, SETTLING, TICK } from './pace.js';
import type { Sample } from './sample.js';

export interface SoakOptions extends Weather, Checking {
  /** An even number. */
  readonly sessions: number;
  readonly seconds: number;
  readonly seed: number;
  readonly transport: Transport;
  /** Whether there are bursts. */
  readonly floods: boolean;
  /** Whether some members handle later. */
  readonly deferred: boolean;
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
  /** Of the cuts: while a connection was only being opened again. */
  readonly early: number;
  /** Bursts that were sent. */
  readonly bursts: number;
  /** Whether the store was to fail now and then: sessions may be lost then. */
  readonly isStoreFailing: boolean;
  /** How often each session was resumed. */
  readonly resumed: readonly number[];
  /** Sessions begun: as many as there are clients, when none was lost. */
  readonly enabled: number;
  /** Reports of the clients that tell of a fault, by name. */
  readonly faults: Readonly<Record<string, number>>;
  readonly readings: readonly Reading[];
  /** From the first message to when cutting and sending ended. */
  readonly seconds: number;
  /** Of that time, what each process computed: 1 is one core. */
  readonly busy: { readonly host: number; readonly clients: number };
  /** The host when every client has closed its session. */
  readonly end: Sample;
}

/** Sessions talk in pairs, while bad times go round. @returns rejects when the host's process dies */
export const soak = async (options: SoakOptions): Promise<SoakResult> => {
  const { sessions, seed, transport, storeDelay, failingStore, checkDelay, failingCheck } = options;
  const users = Array.from({ length: sessions }, (_, index) => ({
    user: `user${index}`,
    password: randomBytes(12).toString('hex'),
  }));
  const websocket = transport === 'websocket';
  const host = await startHostProcess({ users, websocket, seed, storeDelay, failingStore, checkDelay, failingCheck });
  const random = createRandom(seed);
  const floods = createFloods(random, options.floods);
  const cutter = createCutter(random, floods.reach);
  // A client comes back while the store is still asked for its session on the connection before: the last claim has the session.
  const reconnectDelay = 10;
  const shared = { transport, port: host.port, reconnectDelay, onConnection: cutter.connected };
  const crowd = await gather(users, shared, options.deferred ? random : undefined);
  const talked = await talk(host, crowd, cutter, floods, options);
  const isStoreFailing = failingStore > 0;
  await settle(crowd, () => crowd.isSettled && (isStoreFailing || crowd.isDelivered));
  const { members } = crowd;
  const result = {
    ...talked,
    accounts: members.map(({ incoming }) => incoming.account),
    cuts: cutter.made,
    early: cutter.early,
    bursts: floods.bursts,
    isStoreFailing,
    resumed: members.map(({ resumed }) => resumed),
    enabled: sumOf(members, ({ enabled }) => enabled),
    faults: { ...crowd.faults },
  };
  await crowd.close();
  await delay(LATE);
  const end = await host.sample();
  await host.close();
  return { ...result, end };
};

/** Messages, cuts and measurements, for as long as the run is to take. */
const talk = async (
  host: HostProcess,
  crowd: Crowd,
  cutter: Cutter,
  floods: Floods,
  { seconds, onProgress }: SoakOptions,
): Promise<Pick<SoakResult, 'readings' | 'seconds' | 'busy'>> => {
  const { members } = crowd;
  const readings: Reading[] = [];
  const [began, computed, started] = [await host.sample(), process.cpuUsage(), performance.now()];
  const elapsed = (): number => (performance.now() - started) / 1000;

  const measure = async (): Promise<void> => {
    for (let line = LINE_EVERY; ; ) {
      await delay((seconds * 1000) / SAMPLES);
      if (elapsed() >= seconds) return;
      const sample = await host.sample();
      readings.push({ at: elapsed(), memory: sample.memory });
      if (elapsed() < line) continue;
      line += LINE_EVERY;
      onProgress({
        at: elapsed(),
        sent: sumOf(members, ({ incoming }) => incoming.count),
        received: sumOf(members, ({ incoming }) => incoming.arrived),
        cuts: Object.values(cutter.made).reduce((total, count) => total + count),
        resumed: sumOf(members, ({ resumed }) => resumed),
        host: sample,
      });
    }
  };

  const sendAndCut = async (): Promise<void> => {
    for (; elapsed() < seconds; await delay(TICK)) {
      const due = elapsed() * MESSAGES_PER_SECOND * members.length;
      while (crowd.turns < due) crowd.sendNext();
      floods.tick(members, elapsed());
      cutter.tick(members, elapsed());
    }
  };

  await Promise.all([measure(), sendAndCut()]);
  await cutter.stop();
  const took = elapsed();
  const { user, system } = process.cpuUsage(computed);
  const { cpu } = await host.sample();
  return {
    readings,
    seconds: took,
    busy: { host: (cpu - began.cpu) / 1000 / took, clients: (user + system) / 1e6 / took },
  };
};

/** Waits for what is on its way, and for doubles. */
const settle = async (crowd: Crowd, isDone: () => boolean): Promise<void> => {
  // One more from each: a link that was cut in silence is noticed, and every session has to work to the end.
  for (let last = 0; last < crowd.members.length; last++) crowd.sendNext();
  for (const deadline = performance.now() + SETTLING; !isDone() && performance.now() < deadline; ) {
    await delay(TICK);
  }
  await delay(LATE);
};

const sumOf = (members: readonly Member[], count: (member: Member) => number): number =>
  members.reduce((total, member) => total + count(member), 0);
