import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('a file that tests share registers no hook when it is loaded, because the hook would belong to the first test file alone', () => {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .filter((name) => /^(before|after)(Each|All)\(/m.test(readFileSync(`test/${name}`, 'utf8')));
  // Vitest loads the setup file once for each test file.
  expect(files).toEqual(['support/shared-process.ts']);
});
