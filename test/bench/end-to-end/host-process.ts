/** The parent's hand on the process that our host runs in. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Answer, Request } from './host.js';

export interface HostProcess {
  readonly pid: number;
  readonly port: number;
  /** Bytes in use behind a full garbage collection. */
  heap(): Promise<number>;
  /** Ends the host, then its process. */
  stop(): Promise<void>;
}

/**
 * The variable HOST_NODE_OPTIONS has options of Node for this process alone, such as `--cpu-prof`.
 * @returns rejects, as every call, when the process has died
 */
export const startHostProcess = async (users: number, limits?: 'default'): Promise<HostProcess> => {
  const given = process.env.HOST_NODE_OPTIONS?.split(' ').filter((option) => option !== '') ?? [];
  const child = fork(fileURLToPath(new URL('host.js', import.meta.url)), { execArgv: ['--expose-gc', ...given] });
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`the host's process has ended with ${code}`);
  });
  gone.catch(() => {});

  const ask = async (request: Request): Promise<Answer> => {
    const answer = once(child, 'message');
    child.send(request);
    const [message] = await Promise.race([answer, gone]);
    return message as Answer;
  };

  const port = await ask({ users, ...(limits && { limits }) });
  return {
    pid: child.pid ?? 0,
    port,
    heap: () => ask('heap'),
    async stop() {
      await ask('close');
      child.disconnect();
      await gone.catch(() => {});
    },
  };
};
