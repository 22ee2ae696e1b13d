/** Puts faults into the sources, and compiles what comes of it beside the build. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mutant } from './mutant.js';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Below `dist`, because nobody commits or publishes it. */
const FOLDER = join(ROOT, 'dist', 'mutants');

/** @throws Error when `from` is not there exactly once */
export const mutated = ({ name, file, from, to }: Mutant): string => {
  const parts = readFileSync(join(ROOT, file), 'utf8').split(from);
  if (parts.length !== 2)
    throw new Error(`${name}: what it changes is ${parts.length - 1} times in ${file}; it has to be there once`);
  return parts.join(to);
};

/** The file that a mutant runs in place of the one in `dist`. */
export const compiledFile = ({ name, file }: Mutant): string => join(FOLDER, name, file.replace(/\.ts$/, '.js'));

/**
 * Compiles the mutants, all in one go, against the build: what they do not change, they take from there.
 * @throws Error when one is no TypeScript: a fault that does not compile would be seen by everybody
 */
export const compile = (mutants: readonly Mutant[]): void => {
  rmSync(FOLDER, { recursive: true, force: true });
  for (const mutant of mutants) {
    const source = join(FOLDER, mutant.name, mutant.file);
    mkdirSync(dirname(source), { recursive: true });
    writeFileSync(source, mutated(mutant));
  }
  const project = {
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: {
      rootDir: '.',
      outDir: '.',
      // A relative import that the mutant's own folder does not answer is answered by the build.
      rootDirs: ['..', ...mutants.map(({ name }) => name)],
      declaration: false,
      sourceMap: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
      typeRoots: [join(ROOT, 'node_modules', '@types')],
    },
    include: mutants.map(({ name, file }) => `${name}/${file}`),
    exclude: [],
  };
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(project));
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', FOLDER], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`a mutant does not compile:\n${stdout}`);
};
