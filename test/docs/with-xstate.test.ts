import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

it('the second program in docs/6-with-xstate.md runs as it stands, from enablement to a loss', async () => {
  const page = readFileSync(`${root}/docs/6-with-xstate.md`, 'utf8');
  const [, second] = [...page.matchAll(/```js\n([\s\S]*?)```/g)];
  const program = second?.[1] ?? '';
  mkdirSync(`${root}/dist/readme`, { recursive: true });
  writeFileSync(`${root}/dist/readme/looking-on.mjs`, program);
  const { stdout, stderr } = await promisify(execFile)('node', [`${root}/dist/readme/looking-on.mjs`], {
    timeout: 60_000,
  });
  const lines = stdout.trim().split('\n');
  expect(stderr).toBe('');
  expect(lines).toEqual(
    expect.arrayContaining(['in {"disabled":"unlinked"}', 'in "enabling"', 'do write enable', 'do report enabled']),
  );
  expect(lines).toEqual(expect.arrayContaining(['do transmit ', 'do timer.set ackIdle', 'do timer.clear ackIdle']));
  expect(lines.slice(-2)).toEqual(['in {"hibernating":"unlinked"}', '{"hibernating":"unlinked"} 1 unacknowledged']);
});
