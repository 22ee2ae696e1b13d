import { expect, it } from 'vitest';
import { isMet } from './bench.js';
import { sizesOfClient } from './size.js';

it('what a browser loads for the client role is 15 kB at most, minified and gzipped', async () => {
  const sizes = await sizesOfClient();
  expect(sizes).toHaveLength(2);
  expect(sizes.filter((size) => !isMet(size))).toEqual([]);
});
