/** The pages that `npm run docs` writes. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { conformancePage, coverage } from '../support/conformance-page.js';
import { guidedReading } from '../support/guided-reading.js';
import { parseMermaid } from '../support/mermaid-parser.js';

const root = new URL('../../', import.meta.url).pathname;
const GUIDED = `${root}docs/guided-reading.md`;

describe('docs/conformance.md', () => {
  it('is what `npm run docs` makes of charts, clauses and tests', async () => {
    await expect(conformancePage(root)).toMatchFileSnapshot(`${root}docs/conformance.md`);
  });

  it('says who carries a clause that is in no chart, and only then', () => {
    for (const { clause, places, elsewhere } of coverage(root)) {
      expect(elsewhere !== undefined, clause.id).toBe(places.length === 0);
    }
  });

  it('knows a test for every clause that is built', () => {
    const silent = coverage(root).filter(
      ({ tests, elsewhere }) => tests.length === 0 && !elsewhere?.includes('not built'),
    );
    expect(silent.map(({ clause }) => clause.id)).toEqual(UNTESTED);
  });
});

/** No test names these; the first to write one takes it out. */
const UNTESTED = ['R-13'];

describe('docs/guided-reading.md', () => {
  const page = readFileSync(GUIDED, 'utf8');

  it('has the diagrams and words that `npm run docs` makes of the charts', async () => {
    await expect(guidedReading(page)).toMatchFileSnapshot(GUIDED);
  });

  it('has only diagrams that Mermaid reads', async () => {
    const diagrams = [...guidedReading(page).matchAll(/```mermaid\n([\s\S]*?)```/g)].map(([, text = '']) => text);
    expect(diagrams.length).toBeGreaterThan(8);
    for (const text of diagrams) await parseMermaid(text);
  });

  it('visits every chart file', () => {
    for (const [, file = ''] of page.matchAll(/\]\(\.\.\/(machines\/\w+\.ts)\)/g))
      expect(existsSync(root + file)).toBe(true);
    for (const name of CHAPTERS) expect(page).toContain(`(../machines/${name}.ts)`);
  });
});

const CHAPTERS = [
  ...['vocabulary', 'enablement', 'acking', 'inbound', 'capacity', 'hibernation', 'resumption', 'ending'],
  ...['servers', 'client', 'server'],
];
