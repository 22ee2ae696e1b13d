/** A server as a child process in a directory of its own: up when it says so, gone when the tests are. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable } from 'node:stream';

export interface DaemonOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What its output has to show, each at least once, before it is up. */
  readonly ready: readonly RegExp[];
  /** What its output shows when it will not come up. */
  readonly hopeless: RegExp;
}

export interface Daemon {
  readonly pid: number;
  /** Ends it, by its process id, and removes its directory; resolves when both is done. */
  stop(): Promise<void>;
}

/** Milliseconds. */
const START_WITHIN = 120_000;
const STOP_WITHIN = 5_000;

/** Rejects with the end of its output when it does not come up in time. */
export const startDaemon = async (options: DaemonOptions): Promise<Daemon> => {
  const { command, args, directory, env = {} } = options;
  const child = spawn(command, args, {
    cwd: directory,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    const late = setTimeout(kill, STOP_WITHIN);
    child.kill('SIGTERM');
    await gone;
    clearTimeout(late);
    process.off('exit', kill);
    rmSync(directory, { recursive: true, force: true });
  };

  try {
    await untilUp(child, gone, options);
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: child.pid ?? 0, stop };
};

const untilUp = (child: Child, gone: Promise<void>, { command, ready, hopeless }: DaemonOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    let output = '';
    const settle = (fault?: string): void => {
      clearTimeout(timer);
      if (fault === undefined) resolve();
      else reject(new Error(`${command} ${fault}: ${output.slice(-2000)}`));
    };
    const timer = setTimeout(() => settle('did not come up in time'), START_WITHIN);
    const read = (text: string): void => {
      output += text;
      if (hopeless.test(output)) settle('cannot come up');
      else if (ready.every((pattern) => pattern.test(output))) settle();
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', read);
    child.once('error', (error) => settle(error.message));
    void gone.then(() => settle('ended'));
  });

/** A fresh directory for everything the server keeps. */
export const newDirectory = (name: string): string => mkdtempSync(join(tmpdir(), `smacks-${name}-`));

/** Whether a program is on the PATH. */
export const isInstalled = (program: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((directory) => isExecutable(join(directory, program)));

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

type Child = ChildProcessByStdio<null, Readable, Readable>;
