/** The pictures of the inspector in the documentation: `npm run pictures` takes them, with 256 colours, so that they are small. */
import { existsSync, statSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import UPNG from 'upng-js';
import { expect, it } from 'vitest';
import { SM } from '../support/raw-client.js';
import { withBrowser } from './browser.js';
import { fact, inspectedHost, lit, row, severalSessions } from './inspected-page.js';

withBrowser('the pictures of the documentation', (visit) => {
  const picture = async (name: string, page: Page): Promise<void> => {
    const file = new URL(`../../docs/pictures/${name}.png`, import.meta.url);
    if (process.env.UPDATE_PICTURES === '1') writeFileSync(file, small(await page.screenshot()));
    expect(existsSync(file), `docs/pictures/${name}.png is made by npm run pictures`).toBe(true);
    expect(statSync(file).size).toBeLessThan(120_000);
  };

  it('show a session that is connected', async () => {
    const { url, enabled, reported } = await inspectedHost({ policy: { maxUnackedStanzas: 3 } });
    const page = await visit(url);
    const juliet = await enabled('juliet', 'balcony');
    const romeo = await enabled('romeo', 'orchard');
    const nurse = await enabled('nurse', 'house');
    nurse.reset();
    await reported('hibernationStart', 'nurse@localhost/house');
    const say = (text: string, number: number): string =>
      `<message to='romeo@localhost/orchard' type='chat' id='m${number}'><body>${text}</body></message>`;
    romeo.write(`<r xmlns='${SM}'/>`);
    await row(page, 'romeo@localhost/orchard').click();
    juliet.write(['O Romeo, Romeo', 'wherefore art thou Romeo?', 'Deny thy father'].map(say).join(''));
    await romeo.until(/Deny/);
    romeo.write(`<a xmlns='${SM}' h='2'/>`);
    juliet.write(
      ['And refuse thy name', 'Or, if thou wilt not', 'be but sworn my love']
        .map((text, n) => say(text, n + 3))
        .join(''),
    );
    await romeo.until(/sworn/);
    await lit(page, 'enabled.acking.awaitingAck.inTime').waitFor();
    await expect.poll(() => fact(page, 'unacked').textContent()).toBe('4');
    await picture('inspector-live', page);
  });

  it('show a session that hibernates, in dark colours', async () => {
    const { url, enabled, reported } = await inspectedHost();
    const page = await visit(url, { colorScheme: 'dark' });
    const juliet = await enabled('juliet', 'balcony');
    const romeo = await enabled('romeo', 'orchard');
    juliet.write(`<message to='romeo@localhost/orchard' type='chat'><body>Good night</body></message>`);
    await romeo.until(/Good night/);
    romeo.reset();
    await reported('hibernationStart', 'romeo@localhost/orchard');
    await row(page, 'romeo@localhost/orchard').click();
    for (const text of ['good night!', 'Parting is such', 'sweet sorrow'])
      juliet.write(`<message to='romeo@localhost/orchard' type='chat'><body>${text}</body></message>`);
    await expect.poll(() => fact(page, 'unacked').textContent()).toBe('4');
    await page.locator('.clause', { hasText: 'M-4' }).first().click();
    await picture('inspector-hibernating', page);
  });

  it('show a thousand sessions', async () => {
    const page = await visit(await severalSessions(1000, 12));
    await page.locator('.state').first().waitFor();
    await row(page, 'user-4').first().click();
    await expect.poll(() => page.locator('#name').textContent()).toBe('user-4');
    await lit(page, 'enabled').waitFor();
    await picture('inspector-crowd', page);
  });

  it('show a session on a telephone, and what a state means', async () => {
    const { url, enabled } = await inspectedHost();
    const romeo = await enabled('romeo', 'phone');
    const juliet = await enabled('juliet', 'balcony');
    const page = await visit(url, { width: 390, height: 844, touch: true });
    await page.locator('#views [value=sessions]').tap();
    await row(page, 'romeo@localhost/phone').tap();
    juliet.write(`<message to='romeo@localhost/phone' type='chat'><body>Good night</body></message>`);
    await romeo.until(/Good night/);
    await lit(page, 'enabled.acking.unacked').tap();
    await page.locator('#about .description').waitFor();
    await picture('inspector-telephone', page);
  });
});

const small = (png: Buffer): Buffer => {
  const image = UPNG.decode(new Uint8Array(png).buffer);
  return Buffer.from(UPNG.encode(UPNG.toRGBA8(image), image.width, image.height, COLOURS));
};

const COLOURS = 256;
