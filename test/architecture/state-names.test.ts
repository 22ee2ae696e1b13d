/** Code outside of the charts and the engine asks for tags of states, and names no state (design section 3). */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type ChartState, client, server } from '../../src/machines.js';

const pathsIn = (state: ChartState, path = ''): readonly string[] =>
  Object.entries(state.states ?? {}).flatMap(([key, child]) => {
    const inner = path === '' ? key : `${path}.${key}`;
    return [inner, ...pathsIn(child, inner)];
  });

const paths = [...new Set([client, server].flatMap((chart) => pathsIn(chart)))];

const tagsIn = (state: ChartState): readonly string[] => [
  ...(state.tags ?? []),
  ...Object.values(state.states ?? {}).flatMap(tagsIn),
];

/** Names of states that also are words of reports, of connections or of the host: code may use them in that meaning. */
const OTHER_MEANINGS = [
  'authenticated',
  'bound',
  'capacity',
  'closed',
  'closing',
  'disabled',
  'ended',
  'evicted',
  'expired',
  'overdue',
  'ready',
  'refused',
  'unacked',
];

/** Words that mean a state and nothing else. */
const ONLY_STATES = [...new Set(paths.map((path) => path.split('.').at(-1) ?? ''))].filter(
  (name) => ![...OTHER_MEANINGS, ...[client, server].flatMap((chart) => tagsIn(chart))].includes(name),
);

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.startsWith('engine/'))
  .map((name) => `src/${name}`);

const namesIn = (file: string): readonly string[] => {
  const code = readFileSync(file, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '');
  const literals = [...code.matchAll(/'([^'\n]*)'|`([^`]*)`/g)].flatMap(
    ([, plain, template]) => plain ?? template ?? [],
  );
  const named = literals.filter((text) => ONLY_STATES.includes(text) || (text.includes('.') && paths.includes(text)));
  const compared = [...code.matchAll(/\bconfiguration\b[^;\n]*(?:startsWith|endsWith|includes|[!=]==\s*['"`])/g)].map(
    ([text]) => text,
  );
  return [...named, ...compared].map((text) => `${file}: ${text}`);
};

it('reads from the charts the names of states that code could contain', () => {
  expect(paths).toEqual(
    expect.arrayContaining(['enabled.acking.allAcked', 'ended.superseded', 'hibernating.unlinked']),
  );
  expect(ONLY_STATES).toEqual(expect.arrayContaining(['awaitingAck', 'claiming', 'inTime', 'unlinked']));
});

it('code outside of machines and the engine contains no name of a state', () => {
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap(namesIn)).toEqual([]);
});
