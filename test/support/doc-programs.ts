/** The code in the pages of `docs`: quoted from a file, or programs that are compiled as strict TypeScript and run. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../..');

/** A block of code in a page. */
export interface Fence {
  /** `js`, `ts`, `sh` ... */
  readonly language: string;
  /** What stands behind the language: the file that is quoted, or goes with a program. */
  readonly info: string;
  readonly code: string;
  /** What the page says that the program prints. */
  readonly printed: string | undefined;
}

export const fencesIn = (page: string): readonly Fence[] =>
  [...textOf(page).matchAll(FENCE)].map(([, language = '', info = '', code = '', printed]) => ({
    language,
    info,
    code,
    printed,
  }));

export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Compiled programs. */
export interface Programs {
  /** What the compiler finds wrong; empty when it finds nothing. */
  readonly faults: string;
  readonly folder: string;
}

/**
 * Compiles files with the settings of the examples, inside of this checkout, where `smacks` means the built package.
 *
 * @param name of the folder in `build`
 * @param files their texts, by name
 */
export const compile = async (name: string, files: Readonly<Record<string, string>>): Promise<Programs> => {
  const source = join(root, 'build', name);
  rmSync(source, { recursive: true, force: true });
  mkdirSync(source, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(source, file), text);
  const settings = { extends: '../../docs/examples/tsconfig.json', compilerOptions: { rootDir: '.', outDir: 'out' } };
  writeFileSync(join(source, 'tsconfig.json'), JSON.stringify({ ...settings, include: ['*.ts'] }));
  const { stdout } = await runFile(join(root, 'node_modules', 'typescript', 'bin', 'tsc'), ['-p', source]);
  return { faults: stdout, folder: join(source, 'out') };
};

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program with Node until it ends, for a minute at most. */
export const runFile = async (
  file: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Outcome> => {
  const options = { env: { ...process.env, ...env }, timeout: 60_000, cwd: root };
  const child = promisify(execFile)(process.execPath, [file, ...args], options);
  const { stdout, stderr } = await child.catch((failed) => failed);
  return { stdout, stderr, code: child.child.exitCode };
};

/** A page may say what a program prints, in a block of text behind a line that leads to it. */
const FENCE = /^```(\w+)(?: ([^\n]*))?\n(.*?)^```\n(?:\n[^\n`]*:\n\n```text\n(.*?)^```)?/gms;
