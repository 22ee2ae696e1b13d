import * as net from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { fromSocket } from '../../src/transports/node.js';

const FULL = Buffer.alloc(64 * 1024, ' ');

const opened = () => {
  const socket = new net.Socket();
  return { socket, transport: fromSocket(socket, { data() {}, closed() {} }) };
};

describe('a connection whose reads are full', () => {
  it('is not read again before the other connections had their turn', async () => {
    const { socket } = opened();
    socket.emit('data', FULL);
    expect(socket.isPaused()).toBe(true);
    await turn();
    expect(socket.isPaused()).toBe(false);
  });

  it('stays paused when its session waits for the store meanwhile', async () => {
    const { socket, transport } = opened();
    socket.emit('data', FULL);
    transport.pause();
    await turn();
    expect(socket.isPaused()).toBe(true);
    transport.resume();
    expect(socket.isPaused()).toBe(false);
  });

  it('is read again at once when the last read was not full', () => {
    const { socket } = opened();
    socket.emit('data', FULL.subarray(1));
    expect(socket.isPaused()).toBe(false);
  });
});
