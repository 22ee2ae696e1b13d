/** The inspector's page on screens of all sizes: everything is in sight, legible, and in its own place. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Inspector, openInspector, serve } from '../../src/cli/inspect/live.js';
import { openRecord } from '../../src/cli/inspect/record.js';
import { sessionRoutes } from '../../src/cli/inspect/server.js';
import { printRecordLine } from '../../src/inspect/json-lines.js';
import { enabledSession, inspectable, send } from '../support/inspected.js';
import { type Look, withBrowser } from './browser.js';
import { chatter, inspector, LOOPBACK, row } from './inspected-page.js';

const script = readFileSync(new URL('measure.js', import.meta.url), 'utf8');

const measured = (page: Page, question: string): Promise<unknown> => page.evaluate(`measure.${question}`);

const SIZES: readonly (readonly [string, Look])[] = [
  ['320 x 568, a small telephone', { width: 320, height: 568, touch: true }],
  ['390 x 844, a telephone', { width: 390, height: 844, touch: true }],
  ['844 x 390, a telephone on its side', { width: 844, height: 390, touch: true }],
  ['768 x 1024, a tablet', { width: 768, height: 1024, touch: true }],
  ['1024 x 768, a tablet on its side', { width: 1024, height: 768, touch: true }],
  ['1000 x 700, a small window', { width: 1000, height: 700 }],
  ['1280 x 800, a laptop', { width: 1280, height: 800 }],
  ['1920 x 1080, a screen on a desk', { width: 1920, height: 1080 }],
];

/** What each view of a small screen shows; a large screen shows all at once. */
const VIEWS = {
  chart: ['title', 'picture', 'about-section', 'views'],
  facts: ['title', 'facts', 'views'],
  log: ['title', 'wire', 'views'],
  sessions: ['list', 'views'],
} as const;

const EVERYTHING = ['about-section', 'facts', 'list', 'picture', 'title', 'wire'];

/** Long names, a long queue, a long log, and content of stanzas. */
const fill = ({ write }: Inspector): void => {
  const { tell } = enabledSession(write, `romeo.${'montague'.repeat(6)}@${'verona.'.repeat(6)}example/orchard`, 0);
  for (let number = 0; number < 60; number += 1) {
    tell(send(`<message to='juliet@example' type='chat'><body>${'wherefore '.repeat(number)}</body></message>`));
    tell(chatter(number));
  }
  for (let number = 1; number < 40; number += 1) enabledSession(write, `user-${number}@localhost/phone`, number);
  inspectable(write, 'mercutio@localhost', 40, 'client').tell({ type: 'link.opened', at: Date.now(), epoch: 1 });
};

const isSmall = (page: Page): Promise<boolean> => page.locator('#views').isVisible();

const select = async (page: Page, name: string): Promise<void> => {
  await page.locator('.state.active').first().waitFor({ state: 'attached' });
  await showSessions(page);
  await page.locator('#filter').fill(name);
  await row(page, name).first().click();
  await page.locator('#name', { hasText: name }).waitFor();
  await page.locator('#log li').first().waitFor({ state: 'attached' });
  await showSessions(page);
  await page.locator('#filter').fill('');
};

const showSessions = async (page: Page): Promise<void> => {
  if (await isSmall(page)) await page.locator('#views [value=sessions]').click();
};

/** Calls back for each view that the screen has. */
const eachView = async (page: Page, look: (view: string) => Promise<void>): Promise<void> => {
  if (!(await isSmall(page))) return look('all');
  for (const view of Object.keys(VIEWS)) {
    await page.locator(`#views [value=${view}]`).click();
    await look(view);
  }
};

const activeStates = (page: Page): Promise<readonly (string | null)[]> =>
  page
    .locator('#chart .state.leaf.active')
    .evaluateAll((states) => states.map((state) => state.getAttribute('data-state')));

withBrowser("the inspector's page", (visit) => {
  let crowded: Inspector;
  beforeAll(async () => {
    crowded = await openInspector({ inspect: LOOPBACK, inspectStanzas: true });
    fill(crowded);
  });
  afterAll(() => crowded.close());

  describe.each(SIZES)('at %s', (_name, look) => {
    let page: Page;
    beforeAll(async () => {
      page = await visit(crowded.url, { ...look, script });
      await select(page, 'romeo');
    });

    it('shows each of its parts', () =>
      eachView(page, async (view) => {
        const parts = (await measured(page, 'parts()')) as readonly string[];
        if (view === 'all') expect([...parts].sort()).toEqual(EVERYTHING);
        else expect(parts).toEqual(VIEWS[view as keyof typeof VIEWS]);
      }));

    it('fits the width of the screen', () =>
      eachView(page, async (view) => {
        expect(await measured(page, 'tooBroad()'), view).toBe(0);
        expect(await measured(page, 'scrolledSideways()'), view).toEqual([]);
      }));

    it('has no part, text or control that overlaps another', () =>
      eachView(page, async (view) => expect(await measured(page, 'overlaps()'), view).toEqual([])));

    it('writes no text smaller than 11 pixels', () =>
      eachView(page, async (view) => expect(await measured(page, 'smallestText()'), view).toBeGreaterThanOrEqual(11)));

    if (look.touch)
      it('has controls that are large enough for a finger', () =>
        eachView(page, async (view) => expect(await measured(page, 'smallTargets(24)'), view).toEqual([])));

    it('explains a clause beside the place that was clicked, and nothing overlaps the explanation', async () => {
      if (await isSmall(page)) await page.locator('#views [value=log]').click();
      await page.locator('#log .clause').first().click();
      await expect.poll(() => page.locator('#about-title').textContent()).toMatch(/^Clause [A-Z]+-\d+$/);
      expect(await page.locator('#about').isVisible()).toBe(true);
      await eachView(page, async (view) => expect(await measured(page, 'overlaps()'), view).toEqual([]));
      if (await isSmall(page)) await page.locator('#views [value=log]').click();
      await page.locator('#about-close').click();
    });

    it('writes no label of a chart smaller than 11 pixels, or longer than its box', async () => {
      for (const name of ['romeo', 'mercutio']) {
        await select(page, name);
        if (await isSmall(page)) await page.locator('#views [value=chart]').click();
        expect(await measured(page, 'smallestLabel()')).toBeGreaterThanOrEqual(10.99);
        expect(await measured(page, 'labelsTooLong()')).toEqual([]);
      }
    });

    it('shows the active states of the session, and scrolls when they change', async () => {
      const { write, url } = await inspector();
      const { tell } = enabledSession(write, 'romeo', 1);
      const followed = await visit(url, { ...look, reducedMotion: 'reduce', script });
      await expect.poll(() => activeStates(followed)).not.toEqual([]);
      await expect.poll(() => measured(followed, 'activeOutOfSight()')).toEqual([]);
      const before = await activeStates(followed);
      tell({ type: 'link.lost', at: Date.now(), epoch: 1 });
      await expect.poll(() => activeStates(followed)).not.toEqual(before);
      await expect.poll(() => measured(followed, 'activeOutOfSight()')).toEqual([]);
      await followed.close();
    });
  });

  it('shows the controls of a record on a telephone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'smacks-record-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'record.jsonl');
    const lines: string[] = [];
    enabledSession((line) => lines.push(printRecordLine(line)), 'romeo', 1);
    writeFileSync(file, lines.join(''));
    const server = await serve(LOOPBACK, [sessionRoutes(await openRecord(file, false))]);
    onTestFinished(() => server.close());
    const page = await visit(server.url, { width: 390, height: 844, touch: true, script });
    await page.locator('.state.active').first().waitFor();
    expect(await page.locator('#position').isVisible()).toBe(true);
    await eachView(page, async (view) => {
      expect(await measured(page, 'tooBroad()'), view).toBe(0);
      expect(await measured(page, 'overlaps()'), view).toEqual([]);
      expect(await measured(page, 'smallTargets(24)'), view).toEqual([]);
    });
  });

  it.each(['light', 'dark'] as const)('can be read in the %s', async (colorScheme) => {
    const page = await visit(crowded.url, { width: 1920, height: 1080, colorScheme, script });
    await select(page, 'romeo');
    expect(await measured(page, 'faintTexts(4.5)')).toEqual([]);
    expect(await measured(page, 'faintLines(3)')).toEqual([]);
    await page.locator('#log .clause').first().click();
    await page.locator('#filter').fill('no such session');
    expect(await measured(page, 'faintTexts(4.5)')).toEqual([]);
  });

  it('shows the whole chart, or a larger chart, when the user presses the button', async () => {
    const page = await visit(crowded.url, { width: 390, height: 844, touch: true });
    const chart = page.locator('#chart');
    const width = async () => Number(await chart.locator('svg').getAttribute('width'));
    await chart.locator('svg').waitFor();
    const legible = await width();
    await page.locator('#larger').click();
    expect(await width()).toBeGreaterThan(legible);
    await page.locator('#whole').click();
    expect(await page.locator('#whole').getAttribute('aria-pressed')).toBe('true');
    expect(await chart.evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)).toBe(0);
    await page.locator('#whole').click();
    expect(await width()).toBe(legible);
  });

  it.each([
    ['no-preference', 'smooth'],
    ['reduce', 'instant'],
  ] as const)(
    'moves the chart in a way that is %s when the preference about motion is %s',
    async (reducedMotion, behavior) => {
      const { write, url } = await inspector();
      const { tell } = enabledSession(write, 'romeo', 1);
      const page = await visit(url, { width: 390, height: 844, touch: true, reducedMotion, script: `${SPY}${script}` });
      await page.locator('.state.active').first().waitFor();
      tell({ type: 'link.lost', at: Date.now(), epoch: 1 });
      await expect.poll(() => page.locator('#where .badge').getAttribute('data-status')).toBe('hibernating');
      expect(await page.evaluate('moves.at(-1)')).toBe(behavior);
      await expect.poll(() => measured(page, 'activeOutOfSight()')).toEqual([]);
    },
  );
});

/** Remembers how the page scrolls. */
const SPY = `
  globalThis.moves = [];
  const { scrollTo } = Element.prototype;
  Element.prototype.scrollTo = function (to) {
    moves.push(to.behavior);
    return scrollTo.call(this, to);
  };
`;
