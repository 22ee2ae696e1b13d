/** The host, alone in its process, so that its memory is its own. Run with --expose-gc, and with a channel to its parent. */

import { createAccounts } from '../../src/host/accounts.js';
import { createHost, type Host } from '../../src/host/host.js';
import type { Report } from '../../src/index.js';
import type { Running, SessionStore } from '../../src/ports/index.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { createRandom } from '../../src/testing.js';
import { createLateAccounts } from './late-accounts.js';
import { createLateStore } from './late-store.js';
import { HOST_POLICY } from './pace.js';
import type { Answer, Request, Sample, Start } from './sample.js';

const store = createMemoryStore();
const reports: Record<string, number> = {};
let full = 0;
let running: WeakRef<Running>[] = [];
let host: Host | undefined;

const watched: SessionStore = {
  ...store,
  save(owner, smId, session) {
    running.push(new WeakRef(session));
    return store.save(owner, smId, session);
  },
  claim(owner, smId, h, session, at) {
    running.push(new WeakRef(session));
    return store.claim(owner, smId, h, session, at);
  },
};

const start = async ({ users, websocket, seed, ...weather }: Start): Promise<Answer> => {
  host = await createHost({
    accounts: createLateAccounts(await createAccounts(users), createRandom(seed), weather),
    policy: HOST_POLICY,
    store: createLateStore(watched, createRandom(seed), weather),
    maxUnauthenticated: 2 * users.length,
    onEvent({ report }) {
      const name = nameOf(report);
      reports[name] = (reports[name] ?? 0) + 1;
      if (report.type === 'queuePressure' && report.full) full += 1;
    },
  });
  const { port } = await host.listen({ host: '127.0.0.1', port: 0, websocket });
  return { port };
};

/** A stanza that is sent to a session while it moves, and its new connection is lost, comes back; the host sends it once more. */
const nameOf = (report: Report): string =>
  report.type === 'returned' && report.reason === 'closed' && report.stanzas.every(({ written }) => !written)
    ? 'returnedWhileMoving'
    : report.type;

const sample = (): Sample => {
  globalThis.gc?.();
  running = running.filter((session) => session.deref() !== undefined);
  const { heapUsed, external, rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    memory: heapUsed + external,
    rss,
    cpu: (user + system) / 1000,
    store: store.size,
    running: running.length,
    sockets: process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length,
    full,
    reports,
  };
};

const answer = async (request: Request): Promise<Answer> => {
  if (request === 'sample') return sample();
  if (request !== 'close') return start(request.start);
  await host?.close();
  return 'closed';
};

process.on('message', async (request: Request) => process.send?.(await answer(request)));
process.on('disconnect', () => process.exit());
