/** What a connected session costs in memory. */
import { setTimeout as sleep } from 'node:timers/promises';
import { userNames } from '../../interop/peers/peer.js';
import type { Bench } from '../bench.js';
import { beginAll, closeAll } from './crowd.js';
import { rssOf } from './process-usage.js';
import { type Server, withServers } from './servers.js';

const SESSIONS = Number(process.env.BENCH_SESSIONS ?? 1000);
/** Come and go before anything is measured, so that what every server needs once is there. */
const WARM_UPS = 50;
/** Milliseconds. */
const SETTLING = 1000;

export const liveMemory: Bench = {
  name: 'live-memory',
  description: 'memory of a connected session with stream management, against Prosody and ejabberd',
  run: (progress) =>
    withServers(SESSIONS, progress, async (servers) => {
      const rows: (readonly (string | number)[])[] = [];
      for (const server of servers) {
        progress(`${server.name}: ${SESSIONS} sessions begin`);
        rows.push([server.name, ...(await measure(server))]);
      }
      const title = `Memory of ${SESSIONS} connected sessions, stream management on, available: KiB a session`;
      return {
        tables: [{ title, columns: ['server', 'RSS', 'heap after a garbage collection', 'RSS before, MiB'], rows }],
        goals: [],
      };
    }),
};

const measure = async (server: Server): Promise<readonly (string | number)[]> => {
  const users = userNames(SESSIONS);
  await closeAll(await beginAll(server.plain, users.slice(0, WARM_UPS), 'PLAIN'));
  await sleep(SETTLING);
  const heapBefore = await server.heap?.();
  const rssBefore = rssOf(server.pid);
  const sessions = await beginAll(server.plain, users, 'PLAIN');
  await sleep(SETTLING);
  const rss = rssOf(server.pid);
  const heap = await server.heap?.();
  await closeAll(sessions);
  return [
    (rss - rssBefore) / 1024 / SESSIONS,
    heap === undefined || heapBefore === undefined ? '-' : (heap - heapBefore) / 1024 / SESSIONS,
    rssBefore / 1024 ** 2,
  ];
};
