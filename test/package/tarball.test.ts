/** What the packed package holds, and what its manifest says of it. */
import { readFileSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, describe, expect, it } from 'vitest';
import { emptyFolder, entries, manifest, pack } from './project.js';

const { folder, remove } = emptyFolder();
const { tarball, files } = pack(folder);
const bytes = new Uint8Array(readFileSync(tarball));
afterAll(remove);

describe('the packed package', () => {
  it('contains its README, licence and manifest, and otherwise the files of `files`', () => {
    const always = ['README.md', 'LICENSE', 'package.json'];
    expect(files).toEqual(expect.arrayContaining(always));
    const folders = manifest.files.filter((entry) => !entry.startsWith('!'));
    const without = manifest.files.filter((entry) => entry.startsWith('!')).map((entry) => entry.slice(1));
    const isIn = (path: string, parts: readonly string[]): boolean => parts.some((part) => path.startsWith(`${part}/`));
    expect(files.filter((path) => !always.includes(path) && !isIn(path, folders))).toEqual([]);
    expect(files.filter((path) => isIn(path, without))).toEqual([]);
  });

  it('contains no tests, no docs and no build scripts', () => {
    expect(files.filter((path) => /(^|\/)(test|docs|build)\/|\.test\.|\.tsbuildinfo$|\.mjs$/.test(path))).toEqual([]);
  });

  it('contains the page of the inspector', () => {
    for (const file of ['index.html', 'places.css', 'icon.svg', 'main.js', 'chart.js'])
      expect(files).toContain(`dist/cli/page/${file}`);
  });

  it('contains the licence of every package that is bundled', () => {
    const scripts = files.filter((path) => /^dist\/cli\/(main\.js|chunks\/)/.test(path));
    const modules = scripts.flatMap((path) => [
      ...readFileSync(path, 'utf8').matchAll(/^\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)\//gm),
    ]);
    const bundled = [...new Set(modules.map(([, name = '']) => name))];
    expect(bundled).toEqual(expect.arrayContaining(['commander', 'cli-progress', 'string-width', 'ws']));
    const licences = readFileSync('dist/cli/LICENSES.txt', 'utf8').split(/^-+$/m);
    for (const name of bundled) {
      const text = licences.find((licence) => licence.trimStart().startsWith(`${name} `));
      expect(text, name).toMatch(/Permission (is hereby granted|to use)/i);
    }
  });

  it('has no fault that publint finds', async () => {
    const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer as ArrayBuffer } });
    const errors = messages.filter(({ type }) => type === 'error');
    expect(errors.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });
});

describe('the types of the packed package', () => {
  it('exist for every entry', () => {
    for (const { file } of entries) {
      expect(files).toContain(file);
      expect(files).toContain(file.replace(/\.js$/, '.d.ts'));
    }
  });

  it('are listed, entry by entry, for compilers that do not read `exports`', () => {
    const named = Object.entries(manifest.typesVersions['*'] ?? {}).map(([path, targets]) => [`./${path}`, ...targets]);
    const others = Object.entries(manifest.exports).filter(([path]) => path !== '.' && path !== './package.json');
    expect(named).toEqual(others.map(([path, file]) => [path, file.replace(/\.js$/, '.d.ts')]));
  });

  const checking = checkPackage(createPackageFromTarballData(bytes));

  it.each(['node10', 'node16-esm', 'bundler'] as const)(
    'are found for every entry under moduleResolution %s',
    async (how) => {
      const checked = await checking;
      if (checked.types === false) return expect.fail('there are no types');
      const found = entries.map(({ name }) => {
        const entry = checked.entrypoints[name.replace(/^smacks/, '.')];
        return [name, entry?.resolutions[how].resolution?.fileName];
      });
      expect(found).toEqual(
        entries.map(({ name, file }) => [name, `/node_modules/smacks/${file.replace(/\.js$/, '.d.ts')}`]),
      );
      const problems = checked.problems.filter(
        (problem) => 'resolutionKind' in problem && problem.resolutionKind === how,
      );
      expect(problems).toEqual([]);
    },
  );
});
