import { defineConfig } from 'vitest/config';

const times = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 20_000 } } };

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

/** They have a script of their own, `npm run mutants`: 125 hosts take more than a minute. */
const MUTANTS = 'test/mutants/caught.test.ts';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'all', include: ['test/**/*.test.ts'], exclude: [MUTANTS], ...times } },
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
