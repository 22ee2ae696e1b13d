/** A headless Chromium for tests of the inspector's page, as Debian packages it. */
import { accessSync, constants } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const EXECUTABLE = '/usr/bin/chromium';
const ARGUMENTS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

const isInstalled = (): boolean => {
  try {
    accessSync(EXECUTABLE, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  /** A telephone or a tablet: fingers, no mouse. */
  readonly touch?: boolean;
  readonly reducedMotion?: 'reduce' | 'no-preference';
  /** A script that runs in the page before its own. */
  readonly script?: string;
  /** The HTML of a page elsewhere that may be asked for, by its address. */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

/** Opens a page. Whatever it asks of another place than where it is from is refused, and remembered. */
export type Visit = (url: string, look?: Look) => Promise<Page & { readonly strayed: readonly string[] }>;

/** Skipped, and says why, when there is no Chromium; where `SMACKS_INTEROP=required` that is a failure. */
export const withBrowser = (name: string, cases: (visit: Visit) => void): void => {
  const missing = !isInstalled();
  if (missing && process.env.SMACKS_INTEROP !== 'required') {
    describe.skip(`${name}: skipped, because ${EXECUTABLE} is not installed`, () => it('runs in a browser', () => {}));
    return;
  }
  describe(name, () => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      if (missing) throw new Error(`${EXECUTABLE} is required: .ci/peers installs it`);
      browser = await chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
    });
    afterAll(async () => void (await browser?.close()));
    cases(async (url, look = {}) => {
      const {
        width = 1280,
        height = 860,
        colorScheme = 'light',
        reducedMotion = 'no-preference',
        elsewhere = {},
      } = look;
      const { touch = false, script } = look;
      const viewport = { width, height };
      const page = await browser?.newPage({ viewport, colorScheme, reducedMotion, hasTouch: touch, isMobile: touch });
      if (page === undefined) return expect.fail('there is no browser');
      if (script !== undefined) await page.addInitScript(script);
      const strayed: string[] = [];
      const { origin } = new URL(url);
      await page.route(
        (target) => target.origin !== origin,
        async (route) => {
          const body = elsewhere[route.request().url()];
          if (body !== undefined) return route.fulfill({ contentType: 'text/html', body });
          strayed.push(route.request().url());
          return route.abort();
        },
      );
      page.on('pageerror', (error) => strayed.push(`error: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error') strayed.push(`console: ${message.text()}`);
      });
      await page.goto(url);
      return Object.assign(page, { strayed });
    });
  });
};
