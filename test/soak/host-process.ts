/** The parent's hand on the process that the host runs in. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Answer, Request, Sample, Start } from './sample.js';

export interface HostProcess {
  readonly port: number;
  /** @returns rejects, as every call, when the process has died */
  sample(): Promise<Sample>;
  /** Ends the host, then its process. */
  close(): Promise<void>;
}

export const startHostProcess = async (start: Start): Promise<HostProcess> => {
  const child = fork(fileURLToPath(new URL('host.js', import.meta.url)), { execArgv: ['--expose-gc'] });
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`the host's process has ended with ${code}`);
  });
  gone.catch(() => {});
  let turn: Promise<unknown> = Promise.resolve();

  /** One after the other: an answer does not say what it answers. */
  const ask = <A extends Answer>(request: Request): Promise<A> => {
    const answered = turn.then(async () => {
      const answer = once(child, 'message');
      child.send(request);
      const [message] = await Promise.race([answer, gone]);
      return message as A;
    });
    turn = answered.catch(() => {});
    return answered;
  };

  const { port } = await ask<{ readonly port: number }>({ start });
  return {
    port,
    sample: () => ask<Sample>('sample'),
    async close() {
      await ask('close');
      child.disconnect();
      await gone.catch(() => {});
    },
  };
};
