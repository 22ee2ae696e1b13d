/** An empty project that installs the packed package with npm, as a user does. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

export interface Manifest {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly exports: Readonly<Record<string, string>>;
  readonly typesVersions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

export const manifest: Manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The entries that hold code: as they are imported, and their files in the package. */
export const entries = Object.entries(manifest.exports)
  .filter(([, file]) => file.endsWith('.js'))
  .map(([path, file]) => ({ name: join('smacks', path), file: join(file) }));

export interface Packed {
  readonly tarball: string;
  /** Paths in the package. */
  readonly files: readonly string[];
  /** Bytes. */
  readonly size: number;
  readonly unpackedSize: number;
}

export interface Project {
  readonly folder: string;
  /** The folder of the installed package. */
  readonly package: string;
  readonly packed: Packed;
}

/** Packs what was built. */
export const pack = (folder: string): Packed => {
  if (!existsSync(join(root, 'dist', 'cli'))) throw new Error('dist is missing: npm run build');
  const answer = run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], root);
  const [{ filename, files, size, unpackedSize }] = JSON.parse(answer);
  const paths = files.map(({ path }: { readonly path: string }) => path);
  return { tarball: join(folder, filename), files: paths, size, unpackedSize };
};

/** An empty folder that goes when it is removed. */
export const emptyFolder = (): { readonly folder: string; remove(): void } => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'smacks-package-')));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

/** Installs the package with its dependencies, and nothing else. */
export const install = (folder: string): Project => {
  const packed = pack(folder);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', packed.tarball], folder);
  return { folder, package: join(folder, 'node_modules', 'smacks'), packed };
};

/** Links packages of this checkout, as if the user had installed them; each finds its own dependencies from where it is. */
export const link = (packages: readonly string[], folder: string): void => {
  for (const name of packages) {
    const path = join(folder, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    if (!existsSync(path)) symlinkSync(join(root, 'node_modules', name), path, 'junction');
  }
};

/** Links packages until the test is over. */
export const linkForTest = (packages: readonly string[], folder: string): void => {
  link(packages, folder);
  onTestFinished(() => {
    for (const name of packages) rmSync(join(folder, 'node_modules', name));
  });
};

/** What a command prints. @throws Error when it fails, or takes longer than two minutes */
export const run = (command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): string =>
  execFileSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: 'pipe',
    timeout: 120_000,
  });

/** What a program prints that is run from this folder, in a fresh process that has to come to an end by itself. */
export const runProgram = (
  folder: string,
  program: string,
  options: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): string => run(process.execPath, [...options, '--input-type=module', '-e', program], folder, env);
