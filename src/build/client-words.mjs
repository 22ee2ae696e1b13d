/**
 * Writes what the engine of a client loads of the charts, in place of the compiled `src/engine/client-words.ts`: the client's chart without
 * its prose, and the words that it names, each imported from its reducer file. A browser then loads no reducer of a server.
 */
import { readdirSync, writeFileSync } from 'node:fs';

const dist = new URL('../../dist/', import.meta.url);
const { client } = await import(new URL('machines/client.js', dist));
const { words } = await import(new URL('machines/vocabulary.js', dist));

/** Where each reducer is exported: the function to the file and its name there. */
const exported = new Map();
for (const file of readdirSync(new URL('src/core/', dist)).filter(
  (name) => name.endsWith('.js') && name !== 'index.js',
))
  for (const [name, value] of Object.entries(await import(new URL(`src/core/${file}`, dist))))
    exported.set(value, { file, name });

const named = new Set();
JSON.stringify(client, (_key, value) => {
  if (typeof value === 'string') named.add(value);
  return value;
});

const chapters = new Set();
const reducerOf = (reducer) => {
  const { file, name } = exported.get(reducer);
  const chapter = file.replace('.js', '').replaceAll('-', '_');
  chapters.add(chapter);
  return `${chapter}.${name}`;
};

const tableOf = (table) =>
  Object.entries(table)
    .filter(([name]) => named.has(name))
    .map(([name, reducer]) => `    ${name}: ${reducerOf(reducer)},`);

const implied = words.implied.map((pair) => `[${pair.map(reducerOf).join(', ')}]`);

/** What the engine does not read of a state goes: its prose, and its clauses. A trace names the clauses of transitions, which stay. */
const withoutProse = ({ description: _description, meta: _meta, states, ...state }) => ({
  ...state,
  ...(states && {
    states: Object.fromEntries(Object.entries(states).map(([key, inner]) => [key, withoutProse(inner)])),
  }),
});

const actions = tableOf(words.actions);
const guards = tableOf(words.guards);
const text = [
  `/** Made by the build from machines/client.ts and machines/vocabulary.ts. */`,
  ...[...chapters].sort().map((chapter) => `import * as ${chapter} from '../core/${chapter}.js';`),
  'export const words = {',
  '  actions: {',
  ...actions,
  '  },',
  '  guards: {',
  ...guards,
  '  },',
  `  implied: [${implied.join(', ')}],`,
  '};',
  `export const chart = ${JSON.stringify(withoutProse(client))};`,
  '',
].join('\n');

writeFileSync(new URL('src/engine/client-words.js', dist), text);
