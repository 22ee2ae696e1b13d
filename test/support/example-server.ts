/** `docs/examples/server.ts` in a process of its own, as a user runs it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

export interface ExampleServer {
  readonly port: number;
  /** Shuts down in order. @returns the exit code, and what the server complained of */
  stop(): Promise<{ readonly code: number | null; readonly stderr: string }>;
}

/**
 * @param file the compiled program
 * @param announced what the server prints when it listens: it says the port
 */
export const startServer = async (
  file: string,
  users: readonly string[],
  env: NodeJS.ProcessEnv = {},
  announced = /listening on [\d.]+:(\d+)\n/,
): Promise<ExampleServer> => {
  const accounts = users.map((user) => `${user}:secret`);
  const child = spawn(process.execPath, [file, ...accounts], { env: { ...process.env, PORT: '0', ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return {
    port: await portOf(child, announced, () => stderr),
    async stop() {
      const closed = once(child, 'close');
      child.kill('SIGTERM');
      const [code] = await closed;
      return { code, stderr };
    },
  };
};

const portOf = (child: ChildProcess, announced: RegExp, complaint: () => string): Promise<number> =>
  new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const [, port] = announced.exec(text) ?? [];
      if (port !== undefined) resolve(Number(port));
    });
    child.once('close', () => reject(new Error(`the server did not start: ${complaint()}`)));
  });
