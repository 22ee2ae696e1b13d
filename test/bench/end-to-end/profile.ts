/** Where the time goes: our host under the load of `throughput`, by layer, beside what a stanza costs to parse and to print. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Element, Parser } from 'ltx';
import { createStreamParser, print } from '../../../src/xml.js';
import type { Bench, Table } from '../bench.js';
import { median } from '../statistics.js';
import { type CpuProfile, timeByLayer } from './layers.js';
import { withServers } from './servers.js';
import { MESSAGES, runOn } from './throughput.js';

const RUNS = 10;
const REPEATED = 20_000;

export const profile: Bench = {
  name: 'profile',
  description: 'where the time of a message goes in our host, by layer',
  async run(progress) {
    const directory = mkdtempSync(join(tmpdir(), 'profile-'));
    process.env.BENCH_PEERS = 'none';
    process.env.HOST_NODE_OPTIONS = `--cpu-prof --cpu-prof-interval=500 --cpu-prof-dir=${directory}`;
    try {
      await withServers(2, progress, async (servers) => {
        for (const server of servers) {
          for (let n = 1; n <= RUNS; n++) {
            progress(`${n}/${RUNS}`);
            await runOn(server, true);
          }
        }
      });
      const [file = ''] = readdirSync(directory);
      const recorded = JSON.parse(readFileSync(join(directory, file), 'utf8')) as CpuProfile;
      return { tables: [layersOf(recorded), piecesOf()], goals: [] };
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

const layersOf = (recorded: CpuProfile): Table => {
  const layers = [...timeByLayer(recorded)].sort(([, a], [, b]) => b - a);
  const total = layers.reduce((sum, [, time]) => sum + time, 0);
  return {
    title: `The host's main thread, ${RUNS} runs of ${MESSAGES} messages with stream management`,
    columns: ['layer', 'us a message', '%'],
    rows: [...layers, ['all', total] as const].map(([layer, time]) => [
      layer,
      time / MESSAGES / RUNS,
      (100 * time) / total,
    ]),
  };
};

/** Alone in a loop, without a host around. */
const piecesOf = (): Table => {
  const text = print(
    new Element('message', { to: 'user2@localhost/bench', type: 'chat' }).c('body').t('x'.repeat(30)).root(),
  );
  const stanza = new Element('message', { to: 'user2@localhost/bench', type: 'chat', xmlns: 'jabber:client' });
  stanza.c('body').t('x'.repeat(30));
  const header = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";
  const ours = createStreamParser({}, { streamOpen() {}, element() {}, streamClose() {}, violation() {} });
  ours.write(header);
  const ltx = new Parser();
  ltx.write(header);
  const batch = text.repeat(BATCH);
  const pieces: readonly (readonly [string, () => void])[] = [
    ['parse: our strict stream parser', () => ours.write(batch)],
    ['parse: the parser of ltx', () => ltx.write(batch)],
    ['print: flat, to be kept', () => repeat(() => print(stanza))],
    ['print: ltx', () => repeat(() => stanza.toString())],
  ];
  return {
    title: 'The limit: what a stanza costs to parse and to print, alone in a loop',
    columns: ['piece', 'us a stanza'],
    rows: pieces.map(([name, act]) => [name, microsecondsOf(act) / BATCH]),
  };
};

/** Stanzas in one write, as much as a read brings. */
const BATCH = 500;

const repeat = (act: () => void): void => {
  for (let n = 0; n < BATCH; n++) act();
};

const microsecondsOf = (act: () => void): number => {
  const times: number[] = [];
  for (let n = 0; n < REPEATED / BATCH; n++) {
    const begun = performance.now();
    act();
    times.push((performance.now() - begun) * 1000);
  }
  return median(times.slice(times.length >> 1));
};
