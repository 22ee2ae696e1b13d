/**
 * Writes what the engine of a client loads of the charts, in place of the compiled `src/engine/client-words.ts`. The
 * file holds the client's chart in the short form of `src/engine/short-chart.ts`, and the words that the chart names; each word is
 * imported from its reducer file. So a browser loads no reducer of a server, and no name that only a trace shows.
 */
import { readdirSync, writeFileSync } from 'node:fs';

const dist = new URL('../../dist/', import.meta.url);
const { client } = await import(new URL('machines/client.js', dist));
const { words } = await import(new URL('machines/vocabulary.js', dist));
const { layOut, resolveTarget } = await import(new URL('src/engine/layout.js', dist));

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

/** Gives a number to each word that the chart names, in the order in which the chart names them. */
const numbersFor = (table) => {
  const numbers = new Map();
  return {
    of: (word) => {
      if (!numbers.has(word)) numbers.set(word, numbers.size);
      return numbers.get(word);
    },
    text: () => [...numbers.keys()].map((word) => `    ${reducerOf(table[word])},`).join('\n'),
  };
};

const actions = numbersFor(words.actions);
const guards = numbersFor(words.guards);
const listOf = (names = []) => names.map(actions.of);

const root = layOut(client);

/**
 * The targets, guard and actions of a transition, which the engine reads. The clauses are left out: only a trace names
 * them.
 */
const transitionText = (source, { target = [], guard, actions: taken }) => {
  const places = [target].flat().map((name) => resolveTarget(root, source, name).order);
  return [`${places}`, guard === undefined ? '' : guards.of(guard), ...listOf(taken)].join(' ');
};

/** The events with the same transitions share a text. */
const handlersText = (node) => {
  const events = new Map();
  for (const [event, taken] of Object.entries(node.state.on ?? {})) {
    const transitions = [taken]
      .flat()
      .map((transition) => transitionText(node, transition))
      .join('/');
    events.set(transitions, [...(events.get(transitions) ?? []), event]);
  }
  return [...events].map(([transitions, names]) => `${names}/${transitions}`).join(';');
};

/** The part of a state that the engine reads: without its prose and its clauses. */
const shortState = (node) => {
  const { key, state, children } = node;
  const { type = '', tags = [], entry, exit, initial } = state;
  if (initial !== children[0]?.key && type !== 'parallel')
    throw new Error(`${key} does not begin with its initial state`);
  return [key, type, tags, listOf(entry), listOf(exit), handlersText(node), ...children.map(shortState)];
};

const chart = JSON.stringify(shortState(root));
const implied = words.implied.map((pair) => `[${pair.map(reducerOf).join(', ')}]`);
const text = [
  'export const words = {',
  `  actions: [\n${actions.text()}\n  ],`,
  `  guards: [\n${guards.text()}\n  ],`,
  `  implied: [${implied.join(', ')}],`,
  '};',
  `export const chart = /* @__PURE__ */ chartFrom(${chart});`,
  '',
];
const imports = [
  `/** Made by the build from machines/client.ts and machines/vocabulary.ts. */`,
  ...[...chapters].sort().map((chapter) => `import * as ${chapter} from '../core/${chapter}.js';`),
  `import { chartFrom } from './short-chart.js';`,
];

writeFileSync(new URL('src/engine/client-words.js', dist), [...imports, ...text].join('\n'));
