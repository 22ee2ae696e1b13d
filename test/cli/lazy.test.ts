import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { startIn } from './smacks.js';

const root = resolve(import.meta.dirname, '../..');
const project = realpathSync(mkdtempSync(join(tmpdir(), 'smacks-lazy-')));
const COMMANDS = ['demo', 'diagram', 'host', 'inspect', 'replay'];
afterAll(() => rmSync(project, { recursive: true, force: true }));

it('loads engine, host and clients only for a command that runs them', async () => {
  for (const name of ['dist', 'package.json']) cpSync(join(root, name), join(project, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'), 'junction');
  for (const name of ['host', 'session', 'stores', 'xml', 'engine', 'inspect', 'index.js'])
    rmSync(join(project, 'dist', 'src', name), { recursive: true });
  for (const args of [['--version'], ['--help'], ...COMMANDS.map((name) => [name, '--help'])]) {
    expect(await startIn(project, ...args).ended).toMatchObject({ stderr: '', code: 0 });
  }
});

it('loads ws only for a host that serves WebSockets', async () => {
  const without = mkdtempSync(join(project, 'without-'));
  for (const name of ['dist', 'package.json']) cpSync(join(root, name), join(without, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(without, 'node_modules'), 'junction');
  writeFileSync(join(without, 'dist', 'src', 'host', 'websocket.js'), "throw new Error('loaded');");
  const host = startIn(without, 'host', '--listen', '127.0.0.1:0', '--account', 'romeo:secret');
  expect(await host.line).toContain('listens on');
  host.process.kill('SIGTERM');
  expect(await host.ended).toMatchObject({ stderr: '', code: 0 });
  const webSocket = startIn(without, 'host', '--ws', '127.0.0.1:0', '--account', 'romeo:secret');
  expect(await webSocket.ended).toMatchObject({ stderr: expect.stringContaining('loaded'), code: 1 });
});
