/** What the pages point to. A page that is older than a renamed file is found here. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkMermaid } from '../support/mermaid-parser.js';

const root = new URL('../../', import.meta.url).pathname;

const pagesIn = (folder: string, recursive = true): readonly string[] =>
  readdirSync(join(root, folder), { recursive, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length));

const PAGES = [...pagesIn('.', false), ...pagesIn('docs'), ...pagesIn('machines'), ...pagesIn('.github')];

/** Decisions and changes of the past name what there was. */
const OF_THE_PAST = /^docs\/decisions\/|^CHANGELOG\.md$/;

const textOf = (page: string): string => readFileSync(join(root, page), 'utf8').replace(/^```[\s\S]*?^```$/gm, '');

/** The anchor that GitHub gives a heading. */
const anchorsOf = (page: string): readonly string[] =>
  [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const isDead = (page: string, link: string): boolean => {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(root, target))) return true;
  return anchor !== undefined && !anchorsOf(target).includes(anchor);
};

describe('the pages of the project', () => {
  it('exist', () => {
    expect(PAGES).toEqual(expect.arrayContaining(['README.md', 'docs/architecture.md', 'machines/README.md']));
  });

  it('link to files and headings that exist', () => {
    const dead = PAGES.flatMap((page) =>
      [...textOf(page).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)]
        .filter(([, link = '']) => isDead(page, link))
        .map(([, link]) => `${page}: ${link}`),
    );
    expect(dead).toEqual([]);
  });

  it('name, in code, files and folders of the project that exist', () => {
    const gone = PAGES.filter((page) => !OF_THE_PAST.test(page)).flatMap((page) =>
      [...textOf(page).matchAll(/`((?:src|machines|test|docs|\.ci|\.github)\/[\w./-]*)`/g)]
        .filter(([, path = '']) => !existsSync(join(root, path)))
        .map(([, path]) => `${page}: ${path}`),
    );
    expect(gone).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  it('has a drawing that Mermaid accepts', async () => {
    const [, drawing = ''] =
      /```mermaid\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs/architecture.md'), 'utf8')) ?? [];
    await checkMermaid(drawing);
  });

  const laws = textOf('docs/architecture.md')
    .split(/^\d+\. \*\*/m)
    .slice(1, 11);

  it('has the ten laws, and for each law a test file that exists', () => {
    expect(laws).toHaveLength(10);
    for (const law of laws) expect(law).toMatch(/tested by\s+`test\/[\w/-]+\.test\.ts`/);
  });

  it('has every law that code or tests cite by number', () => {
    const cited = ['src', 'machines', 'test'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
        .flatMap((entry) => [
          ...readFileSync(join(entry.parentPath, entry.name), 'utf8').matchAll(/design law (\d+)/g),
        ]),
    );
    expect(cited).not.toEqual([]);
    expect(Math.max(...cited.map(([, number]) => Number(number)))).toBeLessThanOrEqual(laws.length);
  });
});
