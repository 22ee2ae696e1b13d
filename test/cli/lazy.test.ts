/** What the command line loads. Each file of the bundle names the modules that it was made of, in a comment above each. */
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { startIn } from './smacks.js';

const root = resolve(import.meta.dirname, '../..');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'smacks-lazy-')));
const COMMANDS = ['check', 'demo', 'diagram', 'host', 'inspect', 'replay'];
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the built package that may be damaged. */
const copy = (name: string): { readonly project: string; readonly bundle: string } => {
  const project = join(folder, name);
  for (const part of ['dist/cli', 'package.json']) cpSync(join(root, part), join(project, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'), 'junction');
  return { project, bundle: join(project, 'dist', 'cli') };
};

const scriptsIn = (bundle: string): readonly string[] => [
  'main.js',
  ...readdirSync(join(bundle, 'chunks')).map((name) => `chunks/${name}`),
];

const modulesIn = (file: string): readonly string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^\/\/ ((?:dist|node_modules)\/\S+)$/gm)].map(([, module = '']) => module);

/** The files that a file loads at once: those that it imports by statements, and what they import. */
const loadedWith = (bundle: string, file: string, found = new Set<string>()): ReadonlySet<string> => {
  if (found.has(file)) return found;
  found.add(file);
  const imports = readFileSync(join(bundle, file), 'utf8').matchAll(/^(?:import|export)\b[^;]*?"(\.[^"]+)";/gm);
  for (const [, target = ''] of imports) loadedWith(bundle, join(file, '..', target), found);
  return found;
};

it('loads engine, host, check and clients only for a command that runs them', async () => {
  const { project, bundle } = copy('help');
  const loaded = loadedWith(bundle, 'main.js');
  const modules = [...loaded].flatMap((file) => modulesIn(join(bundle, file)));
  expect(modules).toContain('dist/src/cli/host/command.js');
  expect(modules).toContain('node_modules/commander/lib/command.js');
  // What reads the options: defaults, numbers, addresses.
  const small = ['core/policy', 'core/uint32', 'host/jid', 'check/target'].map((name) => `dist/src/${name}.js`);
  const others = modules.filter((name) => !/^(dist\/src\/cli|node_modules\/(commander|fp-ts))\//.test(name));
  expect(others.sort()).toEqual(small.sort());
  for (const file of scriptsIn(bundle)) if (!loaded.has(file)) rmSync(join(bundle, file));
  for (const args of [['--version'], ['--help'], ...COMMANDS.map((name) => [name, '--help'])]) {
    expect(await startIn(project, ...args).ended).toMatchObject({ stderr: '', code: 0 });
  }
});

it('loads ws only for a host that serves WebSockets', async () => {
  const { project, bundle } = copy('ws');
  const holdWs = scriptsIn(bundle).filter((file) =>
    modulesIn(join(bundle, file)).some((module) => module.startsWith('node_modules/ws/')),
  );
  expect(holdWs).not.toEqual([]);
  for (const file of holdWs) appendFileSync(join(bundle, file), "throw new Error('loaded');");
  const host = startIn(project, 'host', '--listen', '127.0.0.1:0', '--account', 'romeo:secret');
  expect(await host.line).toContain('listens on');
  host.process.kill('SIGTERM');
  expect(await host.ended).toMatchObject({ stderr: '', code: 0 });
  const webSocket = startIn(project, 'host', '--ws', '127.0.0.1:0', '--account', 'romeo:secret');
  expect(await webSocket.ended).toMatchObject({ stderr: expect.stringContaining('loaded'), code: 1 });
});
