/** Every entry of the installed package, imported, required and compiled against. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder, entries, install, link, manifest, run, runProgram } from './project.js';

const { folder, remove } = emptyFolder();
beforeAll(() => void install(folder));
afterAll(remove);

/** What has to run in a browser too. */
const IN_BROWSERS = ['smacks', 'smacks/client', 'smacks/machines', 'smacks/xml'];

describe.each(entries)('the entry $name', ({ name }) => {
  it('gives the same names to `import` and to `require`, in plain Node', () => {
    const print = 'console.log(Object.keys(entry).sort().join());';
    const imported = runProgram(folder, `const entry = await import('${name}'); ${print}`);
    const required = run(
      process.execPath,
      ['--input-type=commonjs', '-e', `const entry = require('${name}'); ${print}`],
      folder,
    );
    expect(imported.trim()).not.toBe('');
    expect(required).toBe(imported);
  });
});

it('package.json can be imported by plain Node', () => {
  const program = "import manifest from 'smacks/package.json' with { type: 'json' }; console.log(manifest.version);";
  expect(runProgram(folder, program, ['--no-warnings']).trim()).toBe(manifest.version);
});

describe('the types', () => {
  it('of every entry resolve for a strict consumer under nodenext, declarations checked too', () => {
    link(['@types/node'], folder);
    const names = entries.map(({ name }) => name);
    expect(typeCheck(names, ['node'])).toBe('');
  });

  it('of the core need neither those of Node nor of a browser', () => {
    expect(typeCheck(IN_BROWSERS, [])).toBe('');
  });
});

/**
 * What the compiler finds wrong with a file that imports these entries, and with our declarations.
 * Our dependencies' have faults of their own (saxes breaks a constraint, xstate wants AbortSignal), which are not ours to mend.
 */
const typeCheck = (names: readonly string[], types: readonly string[]): string => {
  const used = names.map(
    (name, index) =>
      `import * as entry${index} from '${name}';\nexport type Entry${index} = keyof typeof entry${index};`,
  );
  writeFileSync(join(folder, 'consumer.ts'), used.join('\n'));
  const compilerOptions = {
    module: 'nodenext',
    moduleResolution: 'nodenext',
    target: 'es2022',
    lib: ['es2023'],
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    types,
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
  try {
    return run(process.execPath, [COMPILER, '-p', folder], folder);
  } catch (error) {
    if (!(error instanceof Error && 'stdout' in error)) throw error;
    const faults = String(error.stdout).split(/\n(?=\S)/);
    return faults
      .filter((fault) => !/^[^(]*node_modules\/(?!smacks\/)[^(]*\(/.test(fault))
      .join('\n')
      .trim();
  }
};

const COMPILER = resolve(import.meta.dirname, '../../node_modules/typescript/bin/tsc');
