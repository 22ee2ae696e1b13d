/**
 * Writes what the engine of a client loads of the charts, in place of the compiled `src/engine/client-words.ts`: the client's chart without
 * its prose, and the words that it names, each imported from its reducer file and under a short name. A browser then loads no reducer
 * of a server, and no name that only a trace shows.
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

const chapters = new Set();
const reducerOf = (reducer) => {
  const { file, name } = exported.get(reducer);
  const chapter = file.replace('.js', '').replaceAll('-', '_');
  chapters.add(chapter);
  return `${chapter}.${name}`;
};

/** The words that the chart names, and the short names that they have in what is written here. */
const short = new Map();
const shortName = (word) => {
  if (!short.has(word)) short.set(word, `w${short.size.toString(36)}`);
  return short.get(word);
};

const shortTransition = ({ target, guard, actions }) => ({
  ...(target !== undefined && { target }),
  ...(guard !== undefined && { guard: shortName(guard) }),
  ...(actions !== undefined && { actions: actions.map(shortName) }),
});

const mapped = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));

/** What the engine reads of a state. Its prose goes, and the clauses of its transitions, which only a trace names. */
const shortState = ({ description: _description, meta: _meta, entry, exit, on, states, ...state }) => ({
  ...state,
  ...(entry !== undefined && { entry: entry.map(shortName) }),
  ...(exit !== undefined && { exit: exit.map(shortName) }),
  ...(on !== undefined && {
    on: mapped(on, (taken) => (Array.isArray(taken) ? taken.map(shortTransition) : shortTransition(taken))),
  }),
  ...(states !== undefined && { states: mapped(states, shortState) }),
});

const chart = shortState(client);

const tableOf = (table) =>
  Object.entries(table)
    .filter(([name]) => short.has(name))
    .map(([name, reducer]) => `    ${short.get(name)}: ${reducerOf(reducer)},`);

const implied = words.implied.map((pair) => `[${pair.map(reducerOf).join(', ')}]`);
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
  `export const chart = ${JSON.stringify(chart)};`,
  '',
].join('\n');

writeFileSync(new URL('src/engine/client-words.js', dist), text);
