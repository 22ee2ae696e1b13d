import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const times = { testTimeout: 180_000, hookTimeout: 180_000, expect: { poll: { timeout: 20_000 } } };

/** What is tested on TCP, and a second time on WebSocket. */
const ON_EVERY_TRANSPORT = [
  'bad-input',
  'bad-resume',
  'counting',
  'csi',
  'expiry',
  'large-replay',
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

/**
 * Each of these files has a process of its own: one loads a library that writes globals, `document` among them; the other counts the
 * sockets of its process.
 */
const ALONE = ['test/host/websocket-unmodified.test.ts', 'test/testing/cutting-proxy.test.ts'];

/** The package, installed with npm: every entry, command and bundle is run in processes of its own, which takes a minute. */
const INSTALLED = 'test/package/{install,entries,browser-entries,bundles}.test.ts';

/** The files that ask test/support/effort.ts how much to run: `npm test` runs a tenth of them, `npm run test:deep` runs all. */
const IN_PART = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => `test/${name}`)
  .filter((file) => readFileSync(file, 'utf8').includes("/support/effort.js'"));

/** These files wait for many seconds. They begin first, so that the others run meanwhile; Vitest begins with the largest files. */
const LONG = /test\/(check\/(host|tidy|faults)|docs\/example-server|cli\/(inspect|demo|misuse|host))\.test\.ts$/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [
      ...sorted.filter(({ moduleId }) => LONG.test(moduleId)),
      ...sorted.filter(({ moduleId }) => !LONG.test(moduleId)),
    ];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // Most of the longer tests wait for other processes.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        test: {
          name: 'all',
          include: ['test/**/*.test.ts'],
          exclude: [...PEERS, MUTANTS, INSTALLED, ...ALONE],
          env: { EFFORT: process.env.EFFORT ?? '0.1' },
          // A process for each file would load the same modules a hundred times.
          isolate: false,
          setupFiles: 'test/support/shared-process.ts',
          ...times,
        },
      },
      { test: { name: 'alone', include: ALONE, ...times } },
      { test: { name: 'deep', include: [...IN_PART, INSTALLED], env: { EFFORT: '1' }, ...times } },
      {
        test: {
          name: 'websocket',
          include: ON_EVERY_TRANSPORT.map((name) => `test/host/${name}.test.ts`),
          env: { TRANSPORT: 'websocket' },
          ...times,
        },
      },
      { test: { name: 'peers', include: PEERS, ...times } },
    ],
  },
});
