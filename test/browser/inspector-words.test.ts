/** What the inspector's page says in words: about states, clauses and timers, and where there is nothing to show. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { pictures } from '../../src/inspect/pictures.js';
import { enabledSession } from '../support/inspected.js';
import { withBrowser } from './browser.js';
import { inspector, row, severalSessions } from './inspected-page.js';

const { charts, clauses, timers } = pictures();

type State = (typeof charts)['server'];

const all = (state: State): readonly State[] => state.states.flatMap((child) => [child, ...all(child)]);
const states = new Map(all(charts.server).map((state) => [state.path, state]));
const described = (path: string): State => states.get(path) ?? expect.fail(`the chart has no state ${path}`);

/** The paths of the states that are lit, a group before what is in it. */
const litStates = (page: Page): Promise<readonly string[]> =>
  page
    .locator('#chart .state.active')
    .evaluateAll((lit) => lit.map((state) => state.getAttribute('data-state') ?? '').sort());

const oneSession = async () => {
  const { write, url } = await inspector();
  return { ...enabledSession(write, 'romeo', 1), url };
};

const PHONE = { width: 390, height: 844, touch: true };

withBrowser("the words of the inspector's page", (visit) => {
  it.each([
    ['a telephone', PHONE],
    ['a laptop', { width: 1280, height: 800 }],
  ])('describe each active state of the session before the user touches anything, on %s', async (_name, look) => {
    const { url, tell } = await oneSession();
    const page = await visit(url, look);
    const check = async (): Promise<void> => {
      const lit = await litStates(page);
      const isRegion = (path: string): boolean => states.get(path.split('.').slice(0, -1).join('.'))?.parallel ?? false;
      const wanted = lit.filter((path) => !isRegion(path));
      expect(wanted.length).toBeGreaterThan(0);
      for (const path of wanted) {
        const entry = page.locator('#about .states > div', { has: page.locator(`[data-about="${path}"]`) });
        expect(await entry.locator('dd').textContent(), path).toBe(described(path).description);
        expect(await entry.isVisible(), path).toBe(true);
      }
      expect(await page.locator('#about [data-about]').count()).toBe(wanted.length);
    };
    await page.locator('#chart .state.active').first().waitFor();
    await check();
    const before = await litStates(page);
    tell({ type: 'link.lost', at: Date.now(), epoch: 1 });
    await expect.poll(() => litStates(page)).not.toEqual(before);
    await check();
    expect(page.strayed).toEqual([]);
  });

  it.each([
    ['tapped on a telephone', PHONE, 'tap'],
    ['clicked on a laptop', { width: 1280, height: 800 }, 'click'],
  ] as const)(
    'say what a state means, which clauses it implements and which events it answers when the state is %s',
    async (_name, look, how) => {
      const { url } = await oneSession();
      const page = await visit(url, look);
      const leaf = page.locator('#chart .state.leaf:not(.active)').first();
      const path = (await leaf.getAttribute('data-state')) ?? '';
      const state = described(path);
      if (how === 'tap') await leaf.tap();
      else await leaf.click();
      await expect.poll(() => page.locator('#about .description').textContent()).toBe(state.description);
      expect(await page.locator('#about .path span').textContent()).toBe('not active');
      const listed = await page.locator('#about ul').first().locator('li').allTextContents();
      expect(listed).toEqual(state.clauses.map((id) => `${id} ${clauses[id]?.level} ${clauses[id]?.text}`));
      for (const { event } of state.transitions)
        expect(await page.locator('#about').textContent()).toContain(event === '*' ? 'anything else' : event);
      expect(await page.locator('#chart .state.picked').getAttribute('data-state')).toBe(path);
      await page.locator('#about-close').click();
      await page.locator('#about .states').waitFor();
      expect(await page.locator('#chart .state.picked').count()).toBe(0);
    },
  );

  it('say what a state means when the user chooses it in the list of active states', async () => {
    const { url } = await oneSession();
    const page = await visit(url, PHONE);
    const name = page.locator('#about [data-about]').last();
    const path = (await name.getAttribute('data-about')) ?? '';
    await name.tap();
    await expect.poll(() => page.locator('#about .description').textContent()).toBe(described(path).description);
    expect(await page.locator('#about .path span').textContent()).toBe('active');
  });

  it('can be read with the keyboard alone, and Escape closes them', async () => {
    const { url } = await oneSession();
    const page = await visit(url);
    const stop = page.locator('#chart .state[tabindex="0"]');
    await stop.focus();
    const seen = new Set<string>();
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp']) {
      await page.keyboard.press(key);
      const path = (await page.locator('#chart .state:focus').getAttribute('data-state')) ?? '';
      expect(await page.locator('#about .description').textContent()).toBe(described(path).description);
      seen.add(path);
    }
    expect(seen.size).toBeGreaterThan(2);
    expect(await page.locator('#chart .state[tabindex="0"]').count()).toBe(1);
    await page.keyboard.press('Escape');
    await page.locator('#about .states').waitFor();
  });

  it('are in the accessible name of each state, for users of a screen reader', async () => {
    const { url } = await oneSession();
    const page = await visit(url);
    await page.locator('#chart .state.active').first().waitFor();
    for (const [path, { description }] of states)
      expect(await page.locator(`#chart [data-state="${path}"]`).getAttribute('aria-label')).toBe(
        `${path}: ${description}`,
      );
  });

  it('say what happens when each timer fires, and what each counter counts', async () => {
    const { url } = await oneSession();
    const page = await visit(url, PHONE);
    await page.locator('#views [value=facts]').click();
    for (const [name, means] of Object.entries(timers)) {
      const timer = page.locator('#timers > div', { has: page.locator(`[data-fact="${name}"]`) });
      expect(await timer.locator('.means').textContent()).toBe(means);
      expect(await timer.locator('.means').isVisible(), name).toBe(true);
    }
    expect(await page.locator('#counters .means').count()).toBe(await page.locator('#counters > div').count());
  });

  it.each([
    ['a telephone', PHONE],
    ['a laptop', { width: 1280, height: 800 }],
  ])('say on %s that no session passes the filter, and what to do', async (_name, look) => {
    const page = await visit(await severalSessions(6), look);
    await page.locator('.state').first().waitFor();
    if (await page.locator('#views').isVisible()) await page.locator('#views [value=sessions]').click();
    await page.locator('#filter').fill('nobody');
    const empty = page.locator('#empty');
    await expect
      .poll(() => empty.locator('p').textContent())
      .toBe('No session has “nobody” in its name. Ask for something else, or look at all 6 sessions.');
    await page.locator('#status').selectOption('hibernating');
    expect(await empty.locator('p').textContent()).toBe(
      'No session has “nobody” in its name and is hibernating. Ask for something else, or look at all 6 sessions.',
    );
    expect(await page.locator('#count').textContent()).toContain('0 of 6 sessions');
    await empty.locator('button').click();
    await expect.poll(() => page.locator('.row').count()).toBe(6);
    expect(await empty.isVisible()).toBe(false);
    expect(await page.locator('#filter').inputValue()).toBe('');
  });

  it('say that there is no session, until the first session begins', async () => {
    const { write, url } = await inspector();
    const page = await visit(url);
    await expect.poll(() => page.locator('#empty').textContent()).toContain('There is no session yet.');
    enabledSession(write, 'romeo', 1);
    await row(page, 'romeo').waitFor();
    expect(await page.locator('#empty').isVisible()).toBe(false);
  });

  it('explain the status that is chosen in the filter', async () => {
    const page = await visit(await severalSessions(4));
    await page.locator('.row').first().waitFor();
    await page.locator('#status').selectOption('hibernating');
    await expect
      .poll(() => page.locator('#count').textContent())
      .toBe('2 of 4 sessions · the connection is lost, the session can be resumed');
  });
});
