import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checks } from '../../src/check.js';

const root = new URL('../../', import.meta.url).pathname;
const page = readFileSync(`${root}docs/what-the-check-finds.md`, 'utf8');

/** The ids in the third column of the tables below a heading, down to another one or to what needs `--stress`. */
const explained = (heading: string): readonly string[] => {
  const [, rest = ''] = page.split(`\n## ${heading}\n`);
  const [section = ''] = rest.split(/\n(?:## |With `--stress`)/);
  const cells = section.split('\n').map((line) => line.split('|')[3] ?? '');
  return idsIn(cells.join(' ')).filter((id) => id !== '--only');
};

const idsIn = (text: string): readonly string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, id = '']) => id);

/** What did not pass. */
const found = (file: string): readonly string[] =>
  readFileSync(`${root}test/check/expected/${file}.txt`, 'utf8')
    .split('\n')
    .filter((line) => /^(fail|warn) /.test(line))
    .map((line) => line.slice(6));

describe('docs/what-the-check-finds.md', () => {
  it.each([
    ['Prosody 0.12', ['prosody-tcp']],
    ['ejabberd 23.01', ['ejabberd-tcp', 'ejabberd-resending']],
  ])('explains all verdicts of %s that are not a pass, and no others', (heading, files) => {
    expect([...new Set(explained(heading))].sort()).toEqual([...new Set(files.flatMap(found))].sort());
  });

  it('names checks that exist', () => {
    const ids = checks.map(({ id }) => id);
    const named = page.split('\n').flatMap((line) => idsIn(line.split('|')[3] ?? ''));
    expect(named.filter((id) => id !== '--only' && !ids.includes(id))).toEqual([]);
  });
});
