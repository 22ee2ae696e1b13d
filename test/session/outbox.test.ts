/** Text waits for a transport that is full, in order (fault H5). */
import { describe, expect, it } from 'vitest';
import { Outbox } from '../../src/server.js';
import type { Transport } from '../../src/transport-node.js';

const MIB = 1024 * 1024;

/** A transport that is full from `room` characters on, until the peer takes them. */
const create = ({ room = 10, isQueued = false } = {}) => {
  const calls: string[] = [];
  let unsent = 0;
  const transport: Transport & { isFull: boolean } = {
    secure: true,
    loopback: true,
    isFull: false,
    write(text) {
      calls.push(text);
      unsent += text.length;
      transport.isFull = unsent >= room;
    },
    end: () => void calls.push('end'),
    destroy: () => void calls.push('destroy'),
    pause() {},
    resume() {},
  };
  const outbox = new Outbox(transport, () => isQueued);
  return {
    calls,
    outbox,
    take() {
      unsent = 0;
      transport.isFull = false;
      outbox.drained();
    },
  };
};

describe('an outbox', () => {
  it('gives the transport as much as it can take, in order, and later text behind what waits', () => {
    const { calls, outbox, take } = create();
    for (const text of ['12345', '67890', 'abcde', 'fghij', 'k']) outbox.write(text);
    expect(calls).toEqual(['12345', '67890']);
    take();
    expect(calls).toEqual(['12345', '67890', 'abcde', 'fghij']);
    outbox.write('l');
    take();
    outbox.write('m');
    expect(calls.join('')).toBe('1234567890abcdefghijklm');
  });

  it('writes 100,000 texts in order, while others come', () => {
    const { calls, outbox, take } = create({ room: 100, isQueued: true });
    for (let text = 0; text < 100_000; text++) {
      outbox.write(`${text}`);
      if (text % 30 === 0) take();
    }
    for (let turn = 0; turn < 10_000; turn++) take();
    expect(calls).toEqual(Array.from({ length: 100_000 }, (_, text) => `${text}`));
  });

  it('ends the connection when 15 MiB wait and no queue bounds them', () => {
    const { calls, outbox } = create();
    for (let text = 0; text < 17; text++) outbox.write('x'.repeat(MIB));
    expect(calls.slice(1)).toEqual(['destroy']);
  });

  it('lets any amount wait that the queue of a session allows', () => {
    const { calls, outbox, take } = create({ isQueued: true });
    for (let text = 0; text < 40; text++) outbox.write('x'.repeat(MIB));
    for (let turn = 0; turn < 40; turn++) take();
    expect(calls).toHaveLength(40);
  });

  it('writes what waits before the end', () => {
    const { calls, outbox } = create();
    for (const text of ['1234567890', '<message/>', '<stream:error/>']) outbox.write(text);
    outbox.end('</stream:stream>');
    expect(calls).toEqual(['1234567890', '<message/>', '<stream:error/>', '</stream:stream>', 'end']);
  });

  it('leaves out the stanzas at the end when too many wait: the session returns them', () => {
    const { calls, outbox, take } = create({ isQueued: true });
    outbox.write('<resumed/>');
    for (let text = 0; text < 20; text++) outbox.write(`<message>${'x'.repeat(MIB)}</message>`);
    take();
    outbox.write('<stream:error/>');
    outbox.end('</stream:stream>');
    expect(calls.map((call) => call.slice(0, 10))).toEqual([
      '<resumed/>',
      '<message>x',
      '<stream:er',
      '</stream:s',
      'end',
    ]);
  });

  it('throws a TypeError for wrong arguments', () => {
    const { outbox } = create();
    expect(() => outbox.write(1 as never)).toThrow(TypeError);
    expect(() => new Outbox({} as never, () => false)).toThrow(TypeError);
  });
});
