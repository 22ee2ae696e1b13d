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

/** Words that mean a state and nothing else. Other names of states are words of reports, tags or the status of a session too. */
const ONLY_STATES = [
  'acking',
  'allAcked',
  'awaitingAck',
  'belowLimit',
  'atLimit',
  'claiming',
  'granting',
  'nearLimit',
  'unlinked',
];

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

it('knows states that stand for what such code could name', () => {
  expect(paths).toEqual(
    expect.arrayContaining(['enabled.acking.allAcked', 'ended.superseded', 'hibernating.unlinked']),
  );
  for (const name of ONLY_STATES)
    expect(
      paths.some((path) => path.split('.').at(-1) === name),
      name,
    ).toBe(true);
});

it('names no state of a chart outside of machines and the engine', () => {
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap(namesIn)).toEqual([]);
});
