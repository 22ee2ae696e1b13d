/** src/engine/client-chart.ts: what a client has to load of `machines/`. `npm run client-chart` writes it. */
import { readFileSync } from 'node:fs';
import { tables as compiled } from '../../src/engine/tables.js';
import { client, type State, type Transition } from '../../src/machines.js';

/** The text of the module: the client's chart without its prose, and of the vocabulary the words that it names. */
export const clientChart = (): string => {
  const named = new Set(wordsIn(client));
  const vocabulary = readFileSync(new URL('../../machines/vocabulary.ts', import.meta.url), 'utf8');
  const bindingsOf = (table: string): readonly (readonly [word: string, reducer: string])[] => {
    const [, body = ''] = new RegExp(`^export const ${table} = \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(vocabulary) ?? [];
    return [...body.matchAll(/^ {2}(\w+): (.+),$/gm)].flatMap(([, word = '', reducer = '']) =>
      named.delete(word) ? [[word, reducer] as const] : [],
    );
  };
  const tables = (['actions', 'guards'] as const).map((table) => [table, bindingsOf(table)] as const);
  if (named.size > 0) throw new Error(`machines/vocabulary.ts binds no ${[...named].join(', ')}`);
  const rooms = new Set(tables.flatMap(([, bindings]) => bindings.map(([, reducer]) => reducer.split('.')[0] ?? '')));
  return [
    '/**',
    ' * What of the charts a client loads: its own chart, without the prose, and the words it names. `npm run client-chart` makes this of',
    ' * `machines/`, where it is to be read and changed; a test compares the two.',
    ' */',
    "import type { Chart, Meta } from '../../machines/vocabulary.js';",
    ...[...rooms].sort().map((room) => `import * as ${room} from '../core/${room}.js';`),
    '',
    ...tables.flatMap(([table, bindings]) => [
      `export const ${table} = {`,
      ...bindings.map(([word, reducer]) => `  ${word}: ${reducer},`),
      '};',
      '',
    ]),
    '/** In the order in which they are found. */',
    'export const configurations: readonly string[] = [',
    ...compiled.client.configurations.map((configuration) => `  '${configuration}',`),
    '];',
    '',
    'const meta: Meta = { clauses: [] };',
    '',
    '// biome-ignore format: a line for each transition',
    `export const chart: Chart = ${stateText(client, '', { id: client.id })};`,
    '',
  ].join('\n');
};

const wordsIn = (state: State): readonly string[] => [
  ...(state.entry ?? []),
  ...(state.exit ?? []),
  ...transitionsOf(state).flatMap(({ guard, actions = [] }) => (guard === undefined ? actions : [guard, ...actions])),
  ...Object.values(state.states ?? {}).flatMap(wordsIn),
];

const transitionsOf = (state: State): readonly Transition[] => Object.values(state.on ?? {}).flat();

const stateText = (state: State, indent: string, named: { readonly id?: string } = {}): string => {
  const { type, tags, initial, entry, exit, on, states } = state;
  const inner = `${indent}  `;
  return [
    '{',
    ...fieldsOf({ ...named, type, tags, initial, entry, exit }).map((field) => `${inner}${field},`),
    `${inner}description: '', meta,`,
    ...blockOf('on', on, inner, transitionText),
    ...blockOf('states', states, inner, (child) => stateText(child, `${inner}  `)),
    `${indent}}`,
  ].join('\n');
};

const blockOf = <T>(
  name: string,
  members: Readonly<Record<string, T>> | undefined,
  indent: string,
  textOf: (member: T) => string,
): readonly string[] =>
  members === undefined
    ? []
    : [
        `${indent}${name}: {`,
        ...Object.entries(members).map(([key, member]) => `${indent}  ${keyText(key)}: ${textOf(member)},`),
        `${indent}},`,
      ];

const transitionText = (found: Transition | Transition[]): string =>
  Array.isArray(found) ? `[${found.map(transitionText).join(', ')}]` : `{ ${transitionFields(found).join(', ')} }`;

const transitionFields = ({ guard, target, actions, meta }: Transition): readonly string[] =>
  fieldsOf({ guard, target, actions, meta: meta?.clauses.length ? meta : undefined });

const fieldsOf = (fields: object): readonly string[] =>
  Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${valueText(value)}`]));

const valueText = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  return typeof value === 'object' && value !== null ? `{ ${fieldsOf(value).join(', ')} }` : `'${value}'`;
};

const keyText = (key: string): string => (/^\w+$/.test(key) ? key : `'${key}'`);
