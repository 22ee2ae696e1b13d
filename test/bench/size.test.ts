import { expect, it } from 'vitest';
import { isMet } from './bench.js';
import { sizesOfClient } from './size.js';

it('what a browser loads for the client role is 15 kB at most, and 30 kB with parser and transport, minified and gzipped', async () => {
  const sizes = await sizesOfClient();
  expect(sizes).toHaveLength(3);
  expect(sizes.filter((size) => !isMet(size))).toEqual([]);
});
