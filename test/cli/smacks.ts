import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** What a run of the built command line left behind. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

export interface Running {
  readonly process: ChildProcess;
  /** The first line on stdout; rejects when there is none. */
  readonly line: Promise<string>;
  readonly ended: Promise<Outcome>;
}

/** Starts the built command line; it is killed when it takes longer than two minutes. */
export const start = (...args: readonly string[]): Running => startIn(ROOT, ...args);

/** The same for another copy of the package. */
export const startIn = (folder: string, ...args: readonly string[]): Running => {
  const main = join(folder, 'dist', 'cli', 'main.js');
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 });
  let stdout = '';
  let stderr = '';
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ stdout, stderr, code }));
  });
  const line = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (stdout.includes('\n')) resolve(stdout.slice(0, stdout.indexOf('\n')));
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('close', () => reject(new Error(`no line on stdout; on stderr: ${stderr}`)));
  });
  line.catch(() => {}); // most tests look at the end only
  return { process: child, line, ended };
};

/** Runs the built command line to its end. */
export const smacks = (...args: readonly string[]): Promise<Outcome> => start(...args).ended;
