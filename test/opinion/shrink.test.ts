import { expect, test } from 'vitest';
import { shrink } from './shrink.js';

const numbers = Array.from({ length: 100 }, (_, index) => index);

test('a history shrinks to the moves that its fault needs', () => {
  const fails = (list: readonly number[]) => list.includes(17) && list.includes(80);
  expect(shrink(numbers, fails)).toEqual([17, 80]);
});

test('two moves that only go together are left out together', () => {
  const pairUp = (list: readonly number[]) => list.includes(3) === list.includes(4) && list.includes(9);
  expect(shrink([3, 4, 9], pairUp)).toEqual([9]);
});
