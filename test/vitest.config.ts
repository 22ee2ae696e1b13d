import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const times = { testTimeout: 180_000, hookTimeout: 180_000, expect: { poll: { timeout: 20_000 } } };

/** What is tested on TCP, and a second time on WebSocket. */
const ON_EVERY_TRANSPORT = [
  'bad-input',
  'bad-resume',
  'counting',
  'csi',
  'expiry',
  'push',
  'queue-limit',
  'sessions',
  'slow-store',
  'takeover',
];

/** Against software that we did not write: `npm run peers`. */
const PEERS = ['test/interop/*.test.ts', 'test/check/{prosody,ejabberd}.test.ts', 'test/browser/*.test.ts'];

/** Hosts with a fault each, which take minutes: `npm run mutants`. */
const MUTANTS = 'test/mutants/caught.test.ts';

export default defineConfig({
  test: {
    // Most of the longer ones wait for other processes.
    maxWorkers: availableParallelism() + 1,
    projects: [
      { test: { name: 'all', include: ['test/**/*.test.ts'], exclude: [...PEERS, MUTANTS], ...times } },
      { test: { name: 'peers', include: PEERS, ...times } },
      {
        test: {
          name: 'websocket',
          include: ON_EVERY_TRANSPORT.map((name) => `test/host/${name}.test.ts`),
          env: { TRANSPORT: 'websocket' },
          ...times,
        },
      },
    ],
  },
});
