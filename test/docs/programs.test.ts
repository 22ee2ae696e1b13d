/** The code of the pages is what the files say, compiles as strict TypeScript, and prints what the page says. */
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, type Fence, fencesIn, type Programs, runFile, textOf } from '../support/doc-programs.js';

const PAGES = [
  'README.md',
  'docs/1-embedding-a-server.md',
  'docs/2-embedding-a-client.md',
  'docs/6-with-xstate.md',
  'docs/10-xml.md',
  'docs/11-exploring.md',
];

interface Program extends Fence {
  readonly page: string;
  readonly file: string;
}

const programs: readonly Program[] = PAGES.flatMap((page) =>
  fencesIn(page).map((fence, index) => ({ ...fence, page, file: `${basename(page, '.md')}-${index}.ts` })),
).filter(({ language }) => language === 'ts');

const quotes = programs.filter(({ info }) => info.startsWith('docs/'));
const whole = programs.filter(({ info }) => !info.startsWith('docs/'));

/** `added to FILE`, or `with FILE`. */
const sourceOf = ({ info, code }: Program): string =>
  info.startsWith('added to ') ? `${textOf(info.slice('added to '.length))}\n${code}` : code;

let compiled: Programs;
beforeAll(async () => {
  const files = Object.fromEntries(whole.map((program) => [program.file, sourceOf(program)]));
  compiled = await compile('docs', { ...files, 'client.ts': textOf('docs/examples/client.ts') });
});

describe.each(PAGES)('%s', (page) => {
  it('quotes whole lines as they stand in the file', () => {
    const altered = quotes.filter(
      (quote) => quote.page === page && !`\n${textOf(quote.info)}`.includes(`\n${quote.code}`),
    );
    expect(altered.map(({ code }) => code)).toEqual([]);
  });

  it('has programs that compile as strict TypeScript', () => {
    expect(compiled.faults.split('\n').filter((line) => line.includes(`/${basename(page, '.md')}-`))).toEqual([]);
  });
});

it('every program compiles', () => {
  expect(whole.length).toBeGreaterThan(5);
  expect(compiled.faults).toBe('');
});

describe('a program prints the output on its page:', () => {
  const printing = whole.filter(({ printed }) => printed !== undefined);
  it.each(printing)('$file', async ({ file, printed }) => {
    expect(await runFile(join(compiled.folder, file.replace(/ts$/, 'js')))).toEqual({
      stdout: printed,
      stderr: '',
      code: 0,
    });
  });
});

describe('docs/1-embedding-a-server.md', () => {
  it('has a loop over the contract of stores that runs every case', async () => {
    const program = whole.find(({ code }) => code.includes('storeContract'));
    const { stdout, stderr } = await runFile(join(compiled.folder, program?.file.replace(/ts$/, 'js') ?? ''));
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n').length).toBeGreaterThan(15);
  });
});
