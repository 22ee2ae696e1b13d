/** How fast anything at all could be that takes so many round trips over a new connection each time, in one process of Node. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { forAll } from './crowd.js';
import { cpuOf } from './process-usage.js';

export interface Floor {
  /** Connections a second. */
  readonly rate: number;
  /** Milliseconds of processor time of the server for each. */
  readonly cpu: number;
}

const QUESTION = Buffer.alloc(150, ' ');

export const measureFloor = async (
  connections: number,
  roundTrips: number,
  rounds: number,
): Promise<readonly Floor[]> => {
  const server = fork(new URL('bare.js', import.meta.url));
  try {
    const [port] = (await once(server, 'message')) as [number];
    const floors: Floor[] = [];
    for (let round = 0; round <= rounds; round++) {
      const cpuBefore = cpuOf(server.pid ?? 0);
      const begun = performance.now();
      await forAll(Array.from({ length: connections }), () => talk(port, roundTrips));
      const rate = (connections / (performance.now() - begun)) * 1000;
      // The first one warms up.
      if (round > 0) floors.push({ rate, cpu: (cpuOf(server.pid ?? 0) - cpuBefore) / 1000 / connections });
    }
    return floors;
  } finally {
    server.disconnect();
  }
};

const talk = (port: number, roundTrips: number): Promise<void> =>
  new Promise((resolve, reject) => {
    let left = roundTrips;
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    socket.on('error', reject);
    socket.on('connect', () => socket.write(QUESTION));
    socket.on('data', () => {
      left -= 1;
      if (left > 0) {
        socket.write(QUESTION);
        return;
      }
      socket.destroy();
      resolve();
    });
  });
