/** `docs/examples/client.ts`, and xmpp.js with the drop-in as esbuild bundles it, in a browser, over a WebSocket that is cut. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import type { connect } from '../../docs/examples/client.js';
import { createHost } from '../../src/host/host.js';
import { createCuttingProxy, type ProxiedLink } from '../../src/testing/cutting-proxy.js';
import type { Element } from '../../src/xml.js';
import { bundled } from '../support/bundled.js';
import { withBrowser } from './browser.js';

/** What the page has, for the test. */
interface Window {
  readonly example: { readonly connect: typeof connect; readonly Element: typeof Element };
  readonly seen: { readonly online: string[]; readonly bodies: (string | null)[]; readonly outcomes: unknown[] };
  say(to: string, body: string): void;
}

const PAGE = `<!doctype html><script type="module">
import { connect, Element } from './bundle.js';
const seen = { online: [], bodies: [], outcomes: [] };
const client = connect({
  service: location.hash.slice(1),
  jid: 'romeo@localhost',
  password: 'secret',
  onOnline(jid) {
    seen.online.push(jid);
    client.send(new Element('presence'));
  },
  onStanza(stanza) {
    if (stanza.is('message')) seen.bodies.push(stanza.getChildText('body'));
  },
});
window.seen = seen;
window.say = (to, body) => {
  const message = new Element('message', { to, type: 'chat' });
  message.c('body').t(body);
  client.send(message).then((outcome) => seen.outcomes.push(outcome));
};
</script>`;

/** Serves a page and its script. @returns the address */
const serve = async (page: string, script: string): Promise<string> => {
  const server = createServer((request, response) => {
    const isPage = request.url === '/';
    response.setHeader('content-type', isPage ? 'text/html' : 'text/javascript');
    response.end(isPage ? page : script);
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
};

/** A host behind a proxy that cuts. */
const cuttableHost = async () => {
  const host = await createHost({ accounts: [{ user: 'romeo', password: 'secret' }] });
  onTestFinished(() => host.close());
  const { port } = await host.listen({ host: '127.0.0.1', port: 0, websocket: true });
  const proxy = await createCuttingProxy({ target: { host: '127.0.0.1', port } });
  onTestFinished(() => proxy.close());
  return { proxy, service: `ws://127.0.0.1:${proxy.port}/xmpp-websocket` };
};

const seenBy = (page: Page) => page.evaluate(() => (globalThis as unknown as Window).seen);

withBrowser('the client in docs/examples, in a browser', (visit) => {
  it('loses and doubles no message while its connection is cut again and again (R-5, R-6, R-17)', async () => {
    const { proxy, service } = await cuttableHost();
    const script = await bundled("export * from '@/docs/examples/client.ts'; export { Element } from 'smacks/xml'");
    const page = await visit(`${await serve(PAGE, script)}#${service}`);
    await expect.poll(async () => (await seenBy(page))?.online.length).toBe(1);
    const said = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    for (const [index, body] of said.entries()) {
      await page.evaluate((line) => (globalThis as unknown as Window).say('romeo@localhost', line), body);
      if (index % 5 !== 2) continue;
      const newest = (): ProxiedLink | undefined => proxy.connections.find(({ id }) => id > (index - 2) / 5);
      await expect.poll(newest).toBeDefined();
      const link = newest();
      if (link === undefined) expect.fail('there is no connection');
      await proxy.cut(link, index % 2 === 0 ? { how: 'rst' } : { how: 'inside', direction: 'down', keepBytes: 30 });
    }
    await expect.poll(async () => (await seenBy(page)).outcomes.length).toBe(said.length);
    await expect.poll(async () => (await seenBy(page)).bodies).toEqual(said);
    const { online, outcomes } = await seenBy(page);
    expect(new Set(outcomes)).toEqual(new Set(['acknowledged']));
    expect(online).toHaveLength(1);
    expect(page.strayed.filter((what) => what.startsWith('error:'))).toEqual([]);
  });
});

const XMPPJS = `
import { client, xml } from '@xmpp/client';
import { streamManagement } from './src/xmppjs.ts';
const xmpp = client({ service: location.hash.slice(1), domain: 'localhost', username: 'romeo', password: 'secret' });
const sm = streamManagement(xmpp);
const told = [];
const tell = (what) => {
  told.push(what);
  document.title = told.join();
};
xmpp.on('error', () => {});
xmpp.on('online', () => tell('online'));
sm.on('hibernationStart', () => tell('hibernationStart'));
sm.on('resumed', () => sm.send(xml('presence')).acked.then(() => tell('acknowledged')));
xmpp.start();
`;

withBrowser('xmpp.js with the drop-in, in a browser', (visit) => {
  it('is bundled by esbuild with node:dns replaced, and resumes', async () => {
    const { proxy, service } = await cuttableHost();
    mkdirSync('build', { recursive: true });
    writeFileSync('build/empty.js', 'export default {};');
    const { outputFiles } = await build({
      stdin: { contents: XMPPJS, resolveDir: process.cwd() },
      bundle: true,
      format: 'esm',
      write: false,
      alias: { 'node:dns': './build/empty.js' },
    });
    const script = outputFiles[0]?.text ?? '';
    const page = await visit(
      `${await serve("<!doctype html><script type='module' src='./bundle.js'></script>", script)}#${service}`,
    );
    await expect.poll(() => page.title()).toBe('online');
    const [link] = proxy.connections;
    if (link === undefined) expect.fail('there is no connection');
    await proxy.cut(link, { how: 'rst' });
    await expect.poll(() => page.title()).toBe('online,hibernationStart,acknowledged');
  });
});
