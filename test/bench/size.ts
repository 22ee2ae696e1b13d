/** What a browser loads: bundled, minified and gzipped by one tool, each part for itself. */
import { gzipSync } from 'node:zlib';
import { bundled } from '../support/bundled.js';
import type { Bench, Goal } from './bench.js';

interface Part {
  readonly name: string;
  /** The module that an application would be: what it imports is what it loads. `@/` is this checkout. */
  readonly entry: string;
  /** What is not counted, because the application has it anyway. */
  readonly without?: readonly string[];
  /** At most so many kB: the design's budget. */
  readonly limit?: number;
}

const XMPPJS = ['ltx', '@xmpp/error', '@xmpp/events', '@xmpp/time', '@xmpp/xml'];
const STROPHE = '@/node_modules/strophe.js/src/stream-management';

const CONNECTION = "export { fromWebSocket, SUBPROTOCOL } from 'smacks/transport/websocket'";
const STREAM = "export { print, webSocketFraming } from 'smacks/xml'";

const parts: readonly Part[] = [
  {
    name: 'smacks/client: open, step, drive, policy',
    entry: "export { drive, open, policy, step } from 'smacks/client'",
    limit: 12,
  },
  {
    name: 'smacks/client: createSession',
    entry: "export { createSession } from 'smacks/client'",
    without: ['ltx'],
    limit: 15,
  },
  {
    name: 'smacks/client: createSession, restoreSession, toRecord',
    entry: "export { createSession, restoreSession, toRecord } from 'smacks/client'",
    without: ['ltx'],
  },
  {
    name: 'a client over a WebSocket: createSession, parser, printer, transport',
    entry: `export { createSession } from 'smacks/client'; ${STREAM}; ${CONNECTION}`,
    limit: 30,
  },
  {
    name: 'smacks/xmppjs',
    entry: "export { streamManagement } from 'smacks/xmppjs'",
    without: ['ltx'],
    limit: 22,
  },
  {
    name: 'smacks, both roles: open, step, drive, policy',
    entry: "export { drive, open, policy, step } from 'smacks'",
  },
  {
    name: 'smacks/machines: clientMachine',
    entry: "export { clientMachine } from 'smacks/machines'; export { createActor } from 'xstate'",
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

/** Of the parts that have a limit. */
export const sizesOfClient = async (): Promise<readonly Goal[]> =>
  (
    await Promise.all(parts.map(async (part) => (part.limit === undefined ? [] : goalsOf(part, await sizeOf(part)))))
  ).flat();

export const size: Bench = {
  name: 'size',
  description: 'What a browser loads for the client role, minified and gzipped.',
  async run(progress) {
    const rows: (readonly (string | number)[])[] = [];
    const goals: Goal[] = [];
    for (const part of parts) {
      progress(part.name);
      const found = await sizeOf(part);
      rows.push([part.name, found.minified, found.gzipped, part.without?.join(', ') ?? '-']);
      goals.push(...goalsOf(part, found));
    }
    const columns = ['loaded', 'minified, kB', 'gzipped, kB', 'without'];
    return { tables: [{ title: 'Size in a browser (1 kB is 1,000 bytes)', columns, rows }], goals };
  },
};

interface Size {
  readonly minified: number;
  readonly gzipped: number;
}

const sizeOf = async ({ entry, without }: Part): Promise<Size> => {
  const text = await bundled(entry, without);
  return { minified: kilobytes(Buffer.byteLength(text)), gzipped: kilobytes(gzipSync(text, { level: 9 }).length) };
};

const goalsOf = ({ name, limit }: Part, { gzipped }: Size): readonly Goal[] =>
  limit === undefined ? [] : [{ what: name, unit: 'kB gzipped', measured: gzipped, limit, wants: 'atMost' }];

const kilobytes = (bytes: number): number => bytes / 1000;
