import { expect, it } from 'vitest';
import { isMet } from './bench.js';
import { sizesOfClient } from './size.js';

it('the code that a browser loads for the client role is within the budget, minified and gzipped', async () => {
  const sizes = await sizesOfClient();
  expect(sizes.map(({ limit }) => limit)).toEqual([12, 15, 30, 22]);
  expect(sizes.filter((size) => !isMet(size))).toEqual([]);
});
