/** A function fits on a screen. */
import { readdirSync, readFileSync } from 'node:fs';
import { parseAst } from 'rolldown/parseAst';
import { expect, it } from 'vitest';

/** Lines of a function, from its first to its last. */
const LIMIT = 85;

it(`no function in src and machines has more than ${LIMIT} lines`, () => {
  const files = ['src', 'machines'].flatMap(filesUnder);
  expect(files.length).toBeGreaterThan(200);
  expect(files.flatMap((file) => longFunctionsIn(file, readFileSync(file, 'utf8')))).toEqual([]);
});

it.each([
  ['an arrow function', 'const long = () => {BODY};', 'long'],
  ['a generator', 'function* long() {BODY}', 'long'],
  ['a method of an object', 'const made = { long() {BODY} };', 'long'],
  ['a method of a class', 'class Made { #long(): void {BODY} }', 'long'],
  ['a getter', 'class Made { get long() {BODY} }', 'long'],
  ['a function in a field', 'class Made { readonly #long = () => {BODY}; }', 'long'],
  ['a function without a name', 'run(() => {BODY});', 'a function without a name'],
  ['a function inside a function', 'const short = (run) => run((long) => {BODY});', 'a function without a name'],
])('finds %s that is longer', (_kind, code, name) => {
  const filled = (lines: number): string => code.replace('BODY', '\n'.repeat(lines - 1));
  expect(longFunctionsIn('made.ts', filled(LIMIT))).toEqual([]);
  expect(longFunctionsIn('made.ts', filled(LIMIT + 1))).toContain(`made.ts:1: ${name} has ${LIMIT + 1} lines`);
});

const filesUnder = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.m?ts$|\.mjs$/.test(name))
    .map((name) => `${folder}/${name}`)
    .sort();

/** The long functions of a file, in words. */
const longFunctionsIn = (file: string, text: string): readonly string[] => {
  const lineAt = (position: number): number => text.slice(0, position).split('\n').length;
  return functionsIn(parseAst(text, { lang: 'ts' })).flatMap(({ name, start, end }) => {
    const first = lineAt(start);
    const lines = lineAt(end) - first + 1;
    return lines > LIMIT ? [`${file}:${first}: ${name} has ${lines} lines`] : [];
  });
};

interface Found {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** All functions in a part of a syntax tree, with the name of the variable or member that holds each. */
const functionsIn = (node: unknown, holder?: Node): readonly Found[] => {
  if (Array.isArray(node)) return node.flatMap((part) => functionsIn(part, holder));
  if (!isNode(node)) return [];
  const name = nameOf(node) ?? nameOf(holder) ?? 'a function without a name';
  const found = /Function/.test(node.type) ? [{ name, start: node.start, end: node.end }] : [];
  return [...found, ...Object.values(node).flatMap((part) => functionsIn(part, node))];
};

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  /** The name of a declaration. */
  readonly id?: unknown;
  /** The name of a member. */
  readonly key?: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

const nameOf = (node: Node | undefined): string | undefined => {
  const identifier = node?.id ?? node?.key;
  if (typeof identifier !== 'object' || identifier === null || !('name' in identifier)) return undefined;
  return String(identifier.name);
};
