import { expect, it } from 'vitest';
import { Queue } from './queue.js';

const queueOf = (...stanzas: readonly string[]): Queue => {
  const queue = new Queue();
  for (const stanza of stanzas) queue.add(stanza);
  return queue;
};

it('a queue forgets what is acknowledged, and writes the rest again after a resumption', () => {
  const queue = queueOf('<message 1/>', '<message 2/>', '<message 3/>');
  expect(queue.takeUnwritten()).toHaveLength(3);
  expect(queue.acknowledge(2)).toBe(true);
  queue.rewind();
  expect(queue.takeUnwritten()).toEqual(['<message 3/>']);
  expect(queue.acknowledge(3)).toBe(true);
  expect(queue.isEmpty).toBe(true);
});

it('a queue takes no h beyond what was written, and none that falls back', () => {
  const queue = queueOf('<message 1/>', '<message 2/>');
  queue.takeUnwritten();
  expect(queue.acknowledge(3)).toBe(false);
  expect(queue.acknowledge(1)).toBe(true);
  expect(queue.acknowledge(0)).toBe(false);
});

it('a queue keeps what was not written for the next session, and forgets what may have arrived', () => {
  const queue = queueOf('<presence/>', '<message 1/>');
  queue.takeUnwritten();
  queue.add('<message 2/>');
  queue.add('<presence 2/>');
  queue.startOver(false);
  expect(queue.takeUnwritten()).toEqual(['<message 2/>']);
});

it('a queue keeps all messages that the server says it has not handled', () => {
  const queue = queueOf('<presence/>', '<message 1/>', '<message 2/>');
  queue.takeUnwritten();
  queue.acknowledge(2);
  queue.startOver(true);
  expect(queue.takeUnwritten()).toEqual(['<message 2/>']);
});
