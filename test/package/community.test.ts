/** What a visitor of the repository, or of the package's page, is led to. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const textOf = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const manifest = JSON.parse(textOf('package.json'));
const [, address = ''] = /^git\+(https:\/\/.+)\.git$/.exec(manifest.repository.url) ?? [];

describe('the manifest', () => {
  it('has one address for the code, the home page and the issues', () => {
    expect(address).toMatch(/^https:\/\/[\w.]+(\/[\w-]+)+$/);
    expect(manifest.homepage).toBe(`${address}#readme`);
    expect(manifest.bugs).toBe(`${address}/issues`);
  });

  it('names the author of the licence', () => {
    expect(textOf('LICENSE')).toContain(`Copyright (c) 2026 ${manifest.author}`);
  });
});

describe('a vulnerability', () => {
  it('is reported in private, at the address in SECURITY.md and on the page for new issues', () => {
    for (const file of ['SECURITY.md', '.github/ISSUE_TEMPLATE/config.yml'])
      expect(textOf(file), file).toContain(`${address}/security/advisories/new`);
  });
});

describe('the workflow', () => {
  const workflow = textOf('.github/workflows/ci.yml');

  it('runs all tests on the oldest version of Node that the manifest allows', () => {
    const [, oldest] = /^>=(\d+)/.exec(manifest.engines.node) ?? [];
    const [everything = ''] = workflow.match(/container: node:\d+[\s\S]*?- run: .*/) ?? [];
    expect(everything).toContain(`node:${oldest}-`);
    expect(everything).toMatch(/run: \.ci\/run$/);
  });

  it('runs only scripts that exist', () => {
    const scripts = [...workflow.matchAll(/run: npm (?:run )?(\w+)/g)].map(([, script]) => script);
    expect(scripts.filter((script) => script !== 'ci' && !(`${script}` in manifest.scripts))).toEqual([]);
  });
});
