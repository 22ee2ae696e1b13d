import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { createHost } from '../../src/host/host.js';

const root = resolve(import.meta.dirname, '../..');

it('the program in docs/8-checking-a-server.md runs without changes, with a check of its own', async () => {
  const host = await createHost({ accounts: ['romeo', 'juliet'].map((user) => ({ user, password: 'secret' })) });
  onTestFinished(() => host.close());
  const { port } = await host.listen({ host: '127.0.0.1', port: 0 });
  const page = readFileSync(`${root}/docs/8-checking-a-server.md`, 'utf8');
  const [, program = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? [];
  mkdirSync(`${root}/dist/readme`, { recursive: true });
  writeFileSync(`${root}/dist/readme/checking.mjs`, program);
  const { stdout, stderr } = await promisify(execFile)('node', [`${root}/dist/readme/checking.mjs`], {
    env: { ...process.env, XMPP_SERVER: `127.0.0.1:${port}` },
    timeout: 60_000,
  });
  expect(stderr).toBe('');
  const lines = stdout.trim().split('\n');
  const ids = ['feature-after-login', 'feature-not-before-login', 'feature-once', 'own-first-ack'];
  expect(lines.slice(0, -1).sort()).toEqual(ids.map((id) => `pass ${id}`));
  expect(lines.at(-1)).toBe('{ pass: 4, fail: 0, warn: 0, skip: 0 }');
});
