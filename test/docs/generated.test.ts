/** The pages that `npm run docs` writes. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { conformancePage, coverage } from '../support/conformance-page.js';
import { machinesReadme } from '../support/machines-readme.js';
import { parseMermaid } from '../support/mermaid-parser.js';

const root = new URL('../../', import.meta.url).pathname;
const CHAPTERS = `${root}machines/README.md`;

describe('docs/conformance.md', () => {
  it('equals the output of `npm run docs` for the charts, clauses and tests', async () => {
    await expect(conformancePage(root)).toMatchFileSnapshot(`${root}docs/conformance.md`);
  });

  it('names the code for each clause that is in no chart, and for no other clause', () => {
    for (const { clause, places, elsewhere } of coverage(root)) {
      expect(elsewhere !== undefined, clause.id).toBe(places.length === 0);
    }
  });

  it('names a test for every clause that is implemented', () => {
    const silent = coverage(root).filter(
      ({ tests, elsewhere }) => tests.length === 0 && !elsewhere?.includes('not built'),
    );
    expect(silent.map(({ clause }) => clause.id)).toEqual(UNTESTED);
  });
});

/** No test names these; the first to write one takes it out. */
const UNTESTED = ['R-13'];

describe('machines/README.md', () => {
  const page = readFileSync(CHAPTERS, 'utf8');

  it('has the diagrams, clauses and files that `npm run docs` makes from the charts', async () => {
    await expect(machinesReadme(page)).toMatchFileSnapshot(CHAPTERS);
  });

  it('has only diagrams that Mermaid accepts', async () => {
    const diagrams = [...machinesReadme(page).matchAll(/```mermaid\n([\s\S]*?)```/g)].map(([, text = '']) => text);
    expect(diagrams.length).toBeGreaterThan(8);
    for (const text of diagrams) await parseMermaid(text);
  });

  it('has every file of the folder, and a section for each chapter in the order of its table', () => {
    const files = readdirSync(`${root}machines`).filter((name) => name.endsWith('.ts'));
    const rows = [...page.matchAll(/^\| (?:\d+ )?\| (.+?) \|/gm)].map(([, links = '']) => filesIn(links));
    expect(rows.flat().sort()).toEqual(files.sort());
    const chapters = rows.flat().slice(
      0,
      rows.findIndex((row) => row.length > 1),
    );
    const sections = [...page.matchAll(/^## (\d+)\. .+\n\n(.+)/gm)];
    expect(sections.map(([, number, text = '']) => [number, filesIn(text)[0]])).toEqual(
      chapters.map((file, at) => [String(at + 1), file]),
    );
  });
});

const filesIn = (links: string): readonly string[] =>
  [...links.matchAll(/\]\((\w+\.ts)\)/g)].map(([, file = '']) => file);
