/** What a browser loads: bundled, minified and gzipped by one tool, each part for itself. */
import { gzipSync } from 'node:zlib';
import { bundled } from '../support/bundled.js';
import type { Bench, Goal } from './bench.js';

const LIMIT = 15;

interface Part {
  readonly name: string;
  /** The module that an application would be: what it imports is what it loads. `@/` is this checkout, and `@/dist` what is published. */
  readonly entry: string;
  /** What is not counted, because the application has it anyway. */
  readonly without?: readonly string[];
  readonly goal?: true;
}

const LTX = ['ltx', 'ltx/src/clone.js', 'ltx/src/Element.js', 'ltx/src/escape.js'];
const XMPPJS = ['ltx', '@xmpp/error', '@xmpp/events', '@xmpp/time', '@xmpp/xml'];
const STROPHE = '@/node_modules/strophe.js/src/stream-management';

const parts: readonly Part[] = [
  {
    name: 'smacks/client: open, step, drive, policy',
    entry: "export { drive, open, policy, step } from '@/dist/src/client.js'",
    goal: true,
  },
  {
    name: 'smacks/client: createSession',
    entry: "export { createSession } from '@/dist/src/client.js'",
    without: LTX,
    goal: true,
  },
  {
    name: 'smacks/client: createSession, restoreSession, toRecord',
    entry: "export { createSession, restoreSession, toRecord } from '@/dist/src/client.js'",
    without: LTX,
  },
  {
    name: 'smacks/xmppjs',
    entry: "export { streamManagement } from '@/dist/src/drop-ins/xmppjs/stream-management.js'",
    without: LTX,
  },
  {
    name: 'smacks, both roles: open, step, drive, policy',
    entry: "export { drive, open, policy, step } from '@/dist/src/index.js'",
  },
  {
    name: 'smacks/machines: clientMachine',
    entry: "export { clientMachine } from '@/dist/src/machines.js'; export { createActor } from 'xstate'",
  },
  { name: 'xstate alone: setup, createActor', entry: "export { createActor, setup } from 'xstate'" },
  { name: '@xmpp/stream-management', entry: "export { default } from '@xmpp/stream-management'", without: XMPPJS },
  { name: '@xmpp/client, whole', entry: "export { client, xml } from '@xmpp/client'" },
  { name: "Strophe 5's stream management", entry: `export * from '${STROPHE}/index.ts'` },
  { name: 'Strophe 5, whole', entry: "export * from 'strophe.js'" },
  {
    name: "stanza's stream management",
    entry: "export { default } from '@/node_modules/stanza/helpers/StreamManagement.js'",
    without: ['events'],
  },
];

/** Of the parts that a client needs whatever library it speaks XMPP with. */
export const sizesOfClient = async (): Promise<readonly Goal[]> =>
  Promise.all(parts.filter(({ goal }) => goal).map(async (part) => goalOf(part, (await sizeOf(part)).gzipped)));

export const size: Bench = {
  name: 'size',
  description: 'What a browser loads for the client role, minified and gzipped.',
  async run(progress) {
    const rows: (readonly (string | number)[])[] = [];
    const goals: Goal[] = [];
    for (const part of parts) {
      progress(part.name);
      const { minified, gzipped } = await sizeOf(part);
      rows.push([
        part.name,
        minified,
        gzipped,
        part.without?.filter((name) => !name.endsWith('.js')).join(', ') ?? '-',
      ]);
      if (part.goal) goals.push(goalOf(part, gzipped));
    }
    const columns = ['loaded', 'minified, kB', 'gzipped, kB', 'without'];
    return { tables: [{ title: 'Size in a browser (1 kB is 1,000 bytes)', columns, rows }], goals };
  },
};

const sizeOf = async ({ entry, without }: Part): Promise<{ readonly minified: number; readonly gzipped: number }> => {
  const text = await bundled(entry, without);
  return { minified: kilobytes(Buffer.byteLength(text)), gzipped: kilobytes(gzipSync(text, { level: 9 }).length) };
};

const goalOf = ({ name }: Part, gzipped: number): Goal => ({
  what: name,
  unit: 'kB gzipped',
  measured: gzipped,
  limit: LIMIT,
  wants: 'atMost',
});

const kilobytes = (bytes: number): number => bytes / 1000;
