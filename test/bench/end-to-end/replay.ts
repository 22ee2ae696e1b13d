/** How long a client waits for what it missed: from the cut to the last stanza that is sent again. */
import type { Bench, Table } from '../bench.js';
import { percentile } from '../statistics.js';
import { startSender } from './sender.js';
import { type Server, withServers } from './servers.js';
import { begin, resume } from './session.js';

/** Messages that are on their way when the connection is cut. */
const QUEUED = [100, 1000] as const;
const CUTS = Number(process.env.BENCH_CUTS ?? 100);
/** Before them, for the compilers. */
const WARM_UPS = 20;
/** Rounds in which the servers take turns. */
const TURNS = 5;

/** A client that was here before has its keys at hand. */
const MECHANISM = 'SCRAM-SHA-1';

export const replay: Bench = {
  name: 'replay',
  description: 'the time from a cut to the last replayed stanza, against Prosody and ejabberd',
  run: (progress) =>
    withServers(2, progress, async (servers) => {
      const tables: Table[] = [];
      for (const queued of QUEUED) tables.push(tableOf(queued, await measure(servers, queued, progress)));
      return { tables, goals: [] };
    }),
};

/** @returns milliseconds by the name of the server */
const measure = async (
  servers: readonly Server[],
  queued: number,
  progress: (line: string) => void,
): Promise<ReadonlyMap<string, readonly number[]>> => {
  const times = new Map<string, number[]>(servers.map(({ name }) => [name, []]));
  for (const server of servers) await cutOften(server, queued, WARM_UPS);
  for (let turn = 1; turn <= TURNS; turn++) {
    for (const server of servers) {
      const cuts = await cutOften(server, queued, CUTS / TURNS);
      times.get(server.name)?.push(...cuts);
      progress(`${turn}/${TURNS}: ${server.name}, ${queued} queued: ${percentile(cuts, 50).toFixed(1)} ms`);
    }
  }
  return times;
};

const cutOften = async ({ hashed }: Server, queued: number, cuts: number): Promise<readonly number[]> => {
  const receiver = await begin(hashed, 'user1', { mechanism: MECHANISM });
  const sender = await startSender(hashed, 'user2');
  const times: number[] = [];
  while (times.length < cuts) {
    receiver.link.deaf();
    await sender.send([receiver.jid], queued);
    const wanted = (receiver.link.tally?.messages ?? 0) + queued;

    const begun = performance.now();
    receiver.link.cut();
    await resume(receiver, hashed, { mechanism: MECHANISM });
    await receiver.link.counted(({ messages }) => messages >= wanted);
    times.push(performance.now() - begun);
    receiver.link.acknowledge();
  }
  await Promise.all([receiver.link.close(), sender.close()]);
  return times;
};

const tableOf = (queued: number, times: ReadonlyMap<string, readonly number[]>): Table => ({
  title: `Milliseconds from a cut to the last of ${queued} replayed messages, ${MECHANISM} included: ${CUTS} cuts`,
  columns: ['server', 'p50', 'p99', 'longest'],
  rows: [...times].map(([name, all]) => [name, percentile(all, 50), percentile(all, 99), Math.max(...all)]),
});
