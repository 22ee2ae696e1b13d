import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const PAGE = readFileSync('docs/peers.md', 'utf8');
const CLASS = /(?:server class \d+|client class [A-Z])\b/g;

const linksIn = (text: string): readonly string[] =>
  [...text.matchAll(/\]\(\.\.\/(test\/[^)]+)\)/g)].map(([, file = '']) => file);

/** The rows of the tables of classes. */
const ROWS = [...PAGE.matchAll(/^\| ((?:server class \d+|client class [A-Z])) \| .* \| (.*) \|$/gm)].map(
  ([, name = '', tests = '']) => ({ name, tests: linksIn(tests), reason: tests }),
);

/** The classes that the names of the tests in a file cite. */
const citedIn = (file: string): readonly string[] => [
  ...new Set(
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => /^\s*(?:it|test|\]\s*(?:as const\s*)?\))|^\s*['"`]/.test(line))
      .flatMap((line) => line.match(CLASS) ?? []),
  ),
];

const testFiles = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && !file.startsWith('docs'))
  .map((file) => join('test', file));

describe('docs/peers.md', () => {
  it('lists every class once: 30 of servers and 14 of clients', () => {
    const servers = Array.from({ length: 30 }, (_, index) => `server class ${index + 1}`);
    const clients = [...'ABCDEFGHIJKLMN'].map((letter) => `client class ${letter}`);
    expect(ROWS.map(({ name }) => name)).toEqual([...servers, ...clients]);
  });

  it.each(ROWS)('$name has a test with its name, or a reason why it has no test', ({ name, tests, reason }) => {
    if (tests.length === 0) expect(reason).toMatch(/^does not concern us: /);
    for (const file of tests) {
      expect(existsSync(file), file).toBe(true);
      expect(citedIn(file), file).toContain(name);
    }
  });

  it('links to every test that has the name of a class', () => {
    for (const file of testFiles) {
      for (const name of citedIn(file)) {
        expect(ROWS.find((row) => row.name === name)?.tests, `${name} of ${file}`).toContain(file);
      }
    }
  });

  it('links to tests that exist', () => {
    for (const file of linksIn(PAGE)) expect(existsSync(file), file).toBe(true);
  });
});
