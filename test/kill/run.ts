/** One run: the crowd comes together, talks and breaks while the server is killed, and settles. */
import { setTimeout as delay } from 'node:timers/promises';
import { createRandom } from '../../src/testing.js';
import { contactsOf, gather, seatsFor, usersOf } from './crowd.js';
import { killAll } from './killer.js';
import { createLog, type Fact, type Log } from './log.js';
import type { Member } from './member.js';
import type { Prepare } from './servers/server.js';
import { createSupervisor } from './servers/supervisor.js';

export interface RunOptions {
  readonly prepare: Prepare;
  readonly directory: string;
  readonly ports: { readonly tcp: number; readonly webSocket: number };
  readonly clients: number;
  readonly rates: readonly number[];
  readonly kills: number;
  readonly minutes: number;
  readonly hibernationTime: number;
  readonly seed: number;
  onProgress(line: string): void;
}

export interface Run {
  readonly facts: readonly Fact[];
  readonly server: string;
  /** False when the clients did not all come to rest at the end. */
  readonly isSettled: boolean;
}

/** Milliseconds. */
const LOGIN_WITHIN = 30_000;
const IDLE_WITHIN = 5_000;
const SETTLE_WITHIN = 30_000;
/** For so long no message may come before the run counts as settled. */
const QUIET = 2_500;
const LOOK_EVERY = 100;
const LINE_EVERY = 1_000;

/** Rejects, with one line for people, when the server does not come up or the clients cannot log in. */
export const run = async (options: RunOptions): Promise<Run> => {
  const { prepare, directory, ports, clients, rates, hibernationTime, seed } = options;
  const log = createLog();
  const seats = seatsFor(clients, rates);
  const users = usersOf(seats);
  const setting = { directory, ports, users, hibernationTime };
  const server = prepare(setting);
  const supervisor = createSupervisor(server, setting, log);
  const begun = performance.now();
  await supervisor.start();
  const startTime = performance.now() - begun;
  const members = await gather({ seats, server, setting, seed, log });
  const stop = new AbortController();
  const progress = setInterval(
    () => options.onProgress(lineOf(begun, supervisor.deaths, members, options)),
    LINE_EVERY,
  );
  try {
    await assemble(members, users, server.domain, log);
    const lives = members.flatMap((member) => [member.talk(stop.signal), member.live(stop.signal)]);
    const { kills, minutes } = options;
    await killAll({ supervisor, random: createRandom(seed), kills, time: minutes * 60_000, startTime });
    stop.abort();
    await Promise.all(lives);
    const isSettled = await settle(members, log);
    return { facts: log.facts, server: server.name, isSettled };
  } finally {
    log.close();
    clearInterval(progress);
    stop.abort();
    for (const member of members) member.stop();
    await supervisor.kill('SIGTERM');
  }
};

/** Everybody logs in, and subscribes to the presence of their contacts. */
const assemble = async (members: readonly Member[], users: readonly string[], domain: string, log: Log) => {
  for (const { client } of members) client.start();
  if (!(await until(() => members.every(({ client }) => client.isLive), LOGIN_WITHIN)))
    throw new Error('not every client could log in');
  for (const [user, contacts] of contactsOf(users)) {
    const subscriber = members.find(({ client }) => client.name.startsWith(`${user}@`));
    for (const contact of contacts) {
      subscriber?.subscribe(`${contact}@${domain}`);
      log.add({ is: 'watches', user: `${user}@${domain}`, contact: `${contact}@${domain}` });
    }
  }
  // A server that does not acknowledge is found out later.
  await until(() => members.every(({ client }) => client.isIdle), IDLE_WITHIN);
  await delay(500);
};

/** Nothing breaks any more. @returns whether everybody is back, has nothing left to say, and hears nothing new */
const settle = (members: readonly Member[], log: Log): Promise<boolean> => {
  let seen = 0;
  let quietSince = performance.now();
  return until(() => {
    for (; seen < log.facts.length; seen++) {
      const fact = log.facts[seen];
      if (fact?.is === 'got' && fact.stanza.kind === 'message') quietSince = fact.at;
    }
    const isAtRest = members.every(({ client }) => client.isLive && client.isIdle);
    return isAtRest && performance.now() - quietSince > QUIET;
  }, SETTLE_WITHIN);
};

const until = async (holds: () => boolean, time: number): Promise<boolean> => {
  for (const deadline = performance.now() + time; performance.now() < deadline; await delay(LOOK_EVERY))
    if (holds()) return true;
  return holds();
};

const lineOf = (begun: number, deaths: number, members: readonly Member[], { minutes }: RunOptions): string => {
  const seconds = (performance.now() - begun) / 1000;
  const live = members.filter(({ client }) => client.isLive).length;
  const sent = members.reduce((sum, member) => sum + member.sent, 0);
  return [
    `${seconds.toFixed(0)} of ${(minutes * 60).toFixed(0)} s`,
    `${deaths} deaths`,
    `${live} of ${members.length} live`,
    `${sent} sent`,
  ].join(' · ');
};
