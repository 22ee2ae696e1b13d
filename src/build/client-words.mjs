/**
 * Writes what the engine of a client loads of the charts, in place of the compiled `src/engine/client-words.ts`. The
 * file holds the client's chart without its prose, and the words that the chart names; each word is imported from its
 * reducer file and has a short name. So a browser loads no reducer of a server, and no name that only a trace shows.
 */
import { readdirSync, writeFileSync } from 'node:fs';

const dist = new URL('../../dist/', import.meta.url);
const { client } = await import(new URL('machines/client.js', dist));
const { words } = await import(new URL('machines/vocabulary.js', dist));

/** Maps each reducer function to its file and its exported name. */
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

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Maps each word that the chart names to the one or two letters for it in the written file. */
const letters = new Map();
const short = (word) => {
  const n = letters.size;
  if (!letters.has(word)) letters.set(word, `${LETTERS[Math.floor(n / 52) - 1] ?? ''}${LETTERS[n % 52]}`);
  return letters.get(word);
};

/**
 * The target, guard and actions of a transition, which the engine reads. The clauses are left out: only a trace names
 * them.
 */
const transitionText = ({ target = '', guard, actions = [] }) =>
  [`${target}`, guard === undefined ? '' : short(guard), ...actions.map(short)].join(' ');

const mapped = (object, change) =>
  object && Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));

/** The part of a state that the engine reads: without its prose and its clauses. */
const briefState = ({ description: _description, meta: _meta, entry, exit, on, states, ...state }) => ({
  ...state,
  entry: entry?.map(short),
  exit: exit?.map(short),
  on: mapped(on, (taken) => (Array.isArray(taken) ? taken.map(transitionText) : transitionText(taken))),
  states: mapped(states, briefState),
});

const chart = JSON.stringify(briefState(client));

const tableOf = (table) =>
  Object.entries(table)
    .filter(([name]) => letters.has(name))
    .map(([name, reducer]) => `    ${letters.get(name)}: ${reducerOf(reducer)},`);

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
  `const mapped = ${mapped};`,
  'const transition = (text) => {',
  "  const [target, guard, ...actions] = text.split(' ');",
  `  const targets = target.split(',');`,
  '  return { ...(target && { target: targets.length > 1 ? targets : target }), ...(guard && { guard }), actions };',
  '};',
  'const state = ({ on, states, ...others }) => ({',
  '  ...others,',
  '  on: mapped(on, (texts) => [texts].flat().map(transition)),',
  '  states: mapped(states, state),',
  '});',
  `export const chart = /* @__PURE__ */ state(${chart});`,
  '',
].join('\n');

writeFileSync(new URL('src/engine/client-words.js', dist), text);
