/** The inspector's page, in a browser, beside a host that runs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openInspector, serve } from '../../src/cli/inspect/live.js';
import { openRecord } from '../../src/cli/inspect/record.js';
import { sessionRoutes } from '../../src/cli/inspect/server.js';
import { printRecordLine, type RecordLine } from '../../src/inspect/json-lines.js';
import { ENABLED, enabledSession, send } from '../support/inspected.js';
import { SM } from '../support/raw-client.js';
import { withBrowser } from './browser.js';
import {
  bytesOf,
  chatter,
  fact,
  inspectedHost,
  inspector,
  LOOPBACK,
  lit,
  logged,
  message,
  row,
  severalSessions,
} from './inspected-page.js';

withBrowser('the page of the inspector', (visit) => {
  it('shows a session with its counters: enabled, then hibernating, then resumed', async () => {
    const began = Date.now();
    const { url, enabled, resumed, reported } = await inspectedHost();
    const page = await visit(url);
    const juliet = await enabled('juliet', 'b');
    const romeo = await enabled('romeo', 'a');
    await row(page, 'romeo@localhost/a').click();
    await lit(page, 'enabled.acking.allAcked').waitFor();
    juliet.write(message('m1', 'O Romeo') + message('m2', 'Deny thy father'));
    await romeo.until(/id="m2"|id='m2'/);
    await lit(page, 'enabled.acking.unacked').waitFor();
    await expect.poll(() => fact(page, 'sent').textContent()).toBe('2');
    romeo.write(
      `${message('m0', 'Shall I hear more?').replace('romeo@localhost/a', 'juliet@localhost/b')}<a xmlns='${SM}' h='1'/>`,
    );
    await expect.poll(() => fact(page, 'acked').textContent()).toBe('1');
    expect(await fact(page, 'handled').textContent()).toBe('1');
    expect(await fact(page, 'unacked').textContent()).toBe('1');
    expect(await page.locator('#queue li b').allTextContents()).toEqual(['message']);

    romeo.reset();
    await reported('hibernationStart', 'romeo@localhost/a');
    await lit(page, 'hibernating').waitFor();
    await expect.poll(() => row(page, 'romeo@localhost/a').getAttribute('data-status')).toBe('hibernating');
    const left = async (): Promise<number> => secondsIn(await fact(page, 'resumption').textContent());
    await expect.poll(left).toBeGreaterThan(0);
    const shown = await left();
    expect(shown).toBeLessThanOrEqual(300);
    expect(shown).toBeGreaterThanOrEqual(299 - (Date.now() - began) / 1000);
    juliet.write(message('m3', 'And refuse thy name'));
    await expect.poll(() => fact(page, 'unacked').textContent()).toBe('2');

    const back = await resumed('romeo', romeo.smId, 2);
    await lit(page, 'enabled.acking.awaitingAck.inTime').waitFor();
    await expect
      .poll(() => page.locator('.row b').allTextContents())
      .toEqual(['juliet@localhost/b', 'romeo@localhost/a']);
    back.write(`<a xmlns='${SM}' h='3'/>`);
    await lit(page, 'enabled.acking.allAcked').waitFor();
    await expect.poll(() => fact(page, 'acked').textContent()).toBe('3');
    for (const [event, clause] of [
      ['peer.enable', 'E-5'],
      ['peer.a', 'A-4'],
      ['link.lost', 'C-2'],
      ['store.claimed', 'R-5'],
    ] as const) {
      expect(await logged(page, event).first().locator('.clause').allTextContents(), event).toContain(clause);
    }
    expect(page.strayed).toEqual([]);
  });

  it('highlights the last transition, and names its guard and its clauses', async () => {
    const { url, enabled } = await inspectedHost();
    const page = await visit(url);
    const romeo = await enabled('romeo', 'a');
    const juliet = await enabled('juliet', 'b');
    await row(page, 'romeo@localhost/a').click();
    juliet.write(message('m1', 'Ay me'));
    await romeo.until(/Ay me/);
    const way = (from: string, to: string) =>
      page.locator(`.edge.taken[data-edge="enabled.acking.${from} enabled.acking.${to}"]`);
    await way('allAcked', 'unacked').waitFor({ state: 'attached' });
    romeo.write(`<a xmlns='${SM}' h='1'/>`);
    await way('unacked', 'allAcked').waitFor({ state: 'attached' });
    expect(await page.locator('.edge.taken').count()).toBe(1);
    expect(await page.locator('#last').textContent()).toMatch(/peer\.a.*h=1.*\[acksEverything\].*A-4.*A-6/);
    await page.locator('#last .clause', { hasText: 'A-6' }).click();
    expect(await page.locator('#about').textContent()).toContain('at any time without an <r/>');
    await page.keyboard.press('Escape');
    expect(await page.locator('#about').textContent()).toContain('Every stanza that we wrote is acknowledged');
  });

  it('contains no SM-ID, password or body, and neither do the bytes that the page receives', async () => {
    const { url, enabled } = await inspectedHost();
    const page = await visit(url);
    const romeo = await enabled('romeo', 'a');
    const juliet = await enabled('juliet', 'b');
    romeo.reset();
    juliet.write(message('m1', 'wherefore art thou'));
    await row(page, 'romeo@localhost/a').click();
    await expect.poll(() => page.locator('#queue li b').count()).toBe(1);
    await logged(page, 'app.send').waitFor();
    const list = await bytesOf(`${url}sessions`);
    const ids: number[] = JSON.parse(list.slice(list.indexOf('{'))).sessions.map(({ id }: { id: number }) => id);
    const all = [list, ...(await Promise.all(ids.map((id) => bytesOf(`${url}sessions/${id}`)))), await page.content()];
    expect(all.join()).toContain('app.send');
    for (const secret of [romeo.smId, juliet.smId, 'wherefore', 'romeo-secret', btoa('\0romeo\0romeo-secret')])
      expect(all.join()).not.toContain(secret);
  });

  it('shows the content of stanzas, always as text, with the option --inspect-stanzas', async () => {
    const hostile = `<img src='x' onerror='document.title=1'/><script>document.title=2</script>`;
    const { url, enabled } = await inspectedHost({}, { inspectStanzas: true });
    const page = await visit(url);
    const romeo = await enabled('romeo', `a"><img src=x onerror=document.title=3>`.replaceAll('<', '&lt;'));
    const juliet = await enabled('juliet', 'b');
    romeo.reset();
    juliet.write(`<message to='romeo@localhost' type='chat'><body>x</body>${hostile}</message>`);
    juliet.write(`<message to='juliet@localhost/b' type='chat'><body>x</body>${hostile}</message>`);
    await row(page, 'juliet@localhost/b').click();
    await expect.poll(() => page.locator('#log').textContent()).toContain('onerror');
    await expect
      .poll(() => page.locator('#queue code').allTextContents())
      .toEqual([expect.stringContaining('<script')]);
    expect(await page.locator('img, #log script, #queue script').count()).toBe(0);
    expect(await page.title()).toBe('smacks inspector');
    expect(page.strayed).toEqual([]);
  });

  it('can be used with the keyboard alone', async () => {
    const url = await severalSessions(30);
    const page = await visit(url);
    await page.locator('.row').first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('user-2');
    await expect.poll(() => page.locator('#count').textContent()).toBe('11 of 30 sessions');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await expect.poll(() => page.locator('#name').textContent()).toBe('user-27');
    expect(await page.locator('#rows').getAttribute('aria-activedescendant')).toBe(
      await page.locator('.row[aria-selected=true]').getAttribute('id'),
    );
    await page.keyboard.press('Home');
    await expect.poll(() => page.locator('#name').textContent()).toBe('user-2');
    // The three buttons for the size of the chart come before it.
    for (let stops = 0; stops < 4; stops += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    const picked = await page.locator('.state.picked').getAttribute('data-state');
    expect(await page.locator('#about .path b').textContent()).toBe(picked?.replaceAll('.', ' › '));
    await page.keyboard.press('Escape');
    expect(await page.locator('#about [data-about^="enabled.acking."]').count()).toBe(1);
  });

  it('filters by state', async () => {
    const url = await severalSessions(9);
    const page = await visit(url);
    await page.locator('#status').selectOption('hibernating');
    await expect.poll(() => page.locator('#count').textContent()).toMatch(/^3 of 9 sessions · /);
    expect(await page.locator('.row b').allTextContents()).toEqual(['user-0', 'user-3', 'user-6']);
  });

  it('stays responsive with 1,000 sessions that step all the time', async () => {
    const opened = await inspector();
    const crowd = Array.from({ length: 1000 }, (_, index) => enabledSession(opened.write, `user-${index}`, index));
    const page = await visit(opened.url);
    let steps = crowd.length * ENABLED.length;
    const timer = setInterval(() => {
      for (let count = 0; count < 300; count += 1) {
        crowd[steps % crowd.length]?.tell(chatter(steps));
        steps += 1;
      }
    }, 10);
    onTestFinished(() => clearInterval(timer));
    const shown = async (): Promise<number> => Number(await page.locator('#steps').getAttribute('data-steps'));
    await expect.poll(() => page.locator('#count').textContent()).toBe('1000 sessions');
    await row(page, 'user-0').first().click();
    for (let look = 0; look < 5; look += 1) {
      const before = steps;
      await expect.poll(shown).toBeGreaterThanOrEqual(before);
    }
    expect(await page.locator('.row').count()).toBeLessThan(60);
    clearInterval(timer);
    await expect.poll(shown).toBe(steps);
    await expect
      .poll(async () => Number(await page.locator('#session-steps').getAttribute('data-steps')))
      .toBe(Math.ceil((steps - crowd.length * ENABLED.length) / crowd.length) + ENABLED.length);
  });

  it('says when the host is gone, and continues when the host is back', async () => {
    const first = await openInspector({ inspect: LOOPBACK });
    enabledSession(first.write, 'romeo', 1);
    const page = await visit(first.url);
    await row(page, 'romeo').waitFor();
    await first.close();
    await expect.poll(() => page.locator('#connection').getAttribute('data-state')).toBe('lost');
    const again = await inspector({ inspect: { host: '127.0.0.1', port: Number(new URL(first.url).port) } });
    enabledSession(again.write, 'juliet', 2);
    await expect.poll(() => page.locator('.row b').allTextContents()).toEqual(['juliet']);
    await expect.poll(() => page.locator('#name').textContent()).toBe('juliet');
    await expect.poll(() => page.locator('#connection').getAttribute('data-state')).toBe('live');
  });

  it('steps through a record, forwards and back, and says where the record differs from the charts', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'smacks-record-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const lines: RecordLine[] = [];
    const { tell } = enabledSession((line) => lines.push(line), 'romeo', 1);
    tell(send('<message/>'));
    tell({ type: 'link.lost', at: Date.now(), epoch: 1 });
    const file = join(folder, 'record.jsonl');
    const wrong = lines.map((line, index) => (index === 5 ? { ...line, to: 'ended.closed' } : line));
    writeFileSync(file, wrong.map(printRecordLine).join(''));
    const server = await serve(LOOPBACK, [sessionRoutes(await openRecord(file, false))]);
    onTestFinished(() => server.close());
    const page = await visit(server.url);
    await lit(page, 'hibernating').waitFor();
    expect(await page.locator('#total').textContent()).toBe('6 steps of 6');
    expect(await page.locator('.disagreement').textContent()).toContain('line 6: to: the record says "ended.closed"');
    await page.locator('#back').click();
    await lit(page, 'enabled.acking.unacked').waitFor();
    expect(await page.locator('.disagreement').count()).toBe(0);
    expect(await page.locator('#queue li b').allTextContents()).toEqual(['message']);
    await page.locator('#position').focus();
    await page.keyboard.press('Home');
    await lit(page, 'disabled.authenticated').waitFor();
    expect(await page.locator('#log li').count()).toBe(1);
    await page.locator('#on').click();
    await lit(page, 'disabled.bound').waitFor();
    expect(page.strayed).toEqual([]);
  });

  it("shows Stately's inspector in a frame, with the sessions of the host", async () => {
    const elsewhere = 'http://stately.example/inspect';
    const html = `<ul></ul><script>
      addEventListener('message', ({ data, origin }) => {
        const line = document.createElement('li');
        line.textContent = [data.type, data.name ?? data.event?.type, JSON.stringify(data.snapshot?.value)].join(' ');
        document.querySelector('ul').append(line);
      });
      parent.postMessage({ type: '@statelyai.connected' }, '*');
    </script>`;
    const opened = await inspector({ inspectStately: elsewhere });
    const { tell } = enabledSession(opened.write, 'romeo', 1);
    const page = await visit(opened.statelyUrl ?? '', { elsewhere: { [elsewhere]: html } });
    const heard = () => page.frameLocator('#page').locator('li').allTextContents();
    await expect.poll(heard).toEqual([expect.stringMatching(/^@xstate.actor romeo .*"acking":"allAcked"/)]);
    tell({ type: 'link.lost', at: Date.now(), epoch: 1 });
    await expect
      .poll(heard)
      .toEqual([expect.anything(), '@xstate.event link.lost ', '@xstate.snapshot link.lost "hibernating"']);
    expect(page.strayed).toEqual([]);
  });
});

/** Of a time like `4:59 min`; NaN for another text. */
const secondsIn = (text: string | null): number => {
  const [, minutes, seconds] = /^(\d+):(\d\d) min$/.exec(text ?? '') ?? [];
  return Number(minutes) * 60 + Number(seconds);
};
