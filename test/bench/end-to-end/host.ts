/** Our host, alone in its process. Run with --expose-gc, and with a channel to its parent. */
import { createHost, type Host } from '../../../src/host/host.js';
import { PASSWORD, userNames } from '../../interop/peers/peer.js';

/** One request, one answer: how many users to begin with, or a wish. */
export type Request = { readonly users: number; readonly limits?: 'default' } | 'heap' | 'close';
/** The port, the bytes of heap in use behind a full garbage collection, or 0 when all is closed. */
export type Answer = number;

let host: Host | undefined;

const start = async ({ users, limits }: Exclude<Request, string>): Promise<Answer> => {
  host = await createHost({
    accounts: userNames(users).map((user) => ({ user, password: PASSWORD })),
    // The peers have no limits of a queue either, where their limits are not measured.
    policy: limits === 'default' ? {} : { maxQueueStanzas: 1_000_000, maxQueueBytes: 1024 ** 3 },
  });
  const { port } = await host.listen({ host: '127.0.0.1', port: 0 });
  return port;
};

const answer = async (request: Request): Promise<Answer> => {
  if (request === 'heap') {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  }
  if (request !== 'close') return start(request);
  await host?.close();
  return 0;
};

process.on('message', async (request: Request) => process.send?.(await answer(request)));
process.on('disconnect', () => process.exit());
