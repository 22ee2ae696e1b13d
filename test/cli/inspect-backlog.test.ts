import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createBacklog } from '../../src/cli/inspect/backlog.js';

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

it('handles nothing in the turn in which it gets a step, and later handles all steps in order', async () => {
  const taken: number[] = [];
  const backlog = createBacklog((item: number) => taken.push(item));
  for (const item of numbers(1_000)) backlog.add(item);
  expect(taken).toEqual([]);
  while (taken.length < 1_000) await turn();
  expect(taken).toEqual(numbers(1_000));
});

it('lets other work run while many steps wait', async () => {
  let taken = 0;
  const backlog = createBacklog(() => {
    const until = performance.now() + 1;
    while (performance.now() < until);
    taken += 1;
  });
  for (const item of numbers(200)) backlog.add(item);
  await turn();
  await turn();
  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThan(200);
  while (taken < 200) await turn();
});

it('handles the oldest step at once when more steps wait than it may keep', async () => {
  const taken: number[] = [];
  const backlog = createBacklog((item: number) => taken.push(item), 10);
  for (const item of numbers(25)) backlog.add(item);
  expect(taken).toEqual(numbers(15));
  while (taken.length < 25) await turn();
  backlog.add(25);
  await turn();
  expect(taken).toEqual(numbers(26));
});
