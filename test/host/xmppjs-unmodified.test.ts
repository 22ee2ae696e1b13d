import { type Client, client, xml } from '@xmpp/client';
import type { Element } from 'ltx';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CuttingProxy, createCuttingProxy } from '../../src/testing/cutting-proxy.js';
import { message } from '../support/raw-client.js';
import { startHost, type TestHost } from '../support/test-host.js';
import { identity } from '../support/tls-identity.js';

const ROMEO = 'romeo@localhost/xmppjs';
const verify = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
const cleanups: (() => unknown)[] = [];

beforeAll(() => {
  // xmpp.js has no option for a certificate that no authority signed.
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
afterAll(() => {
  if (verify === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  else process.env.NODE_TLS_REJECT_UNAUTHORIZED = verify;
});

type Transport = 'plain TCP' | 'STARTTLS' | 'direct TLS';

/** xmpp.js as it comes, with its own stream management, behind a proxy that cuts. */
const connected = async (
  transport: Transport,
  mechanism: string,
): Promise<{ host: TestHost; proxy: CuttingProxy; xmpp: Client; got: string[] }> => {
  const host = await startHost(transport === 'plain TCP' ? {} : { tls: identity });
  const direct = transport === 'direct TLS';
  const { port } = direct ? await host.host.listen({ host: '127.0.0.1', port: 0, direct }) : host;
  const proxy = await createCuttingProxy({ target: { host: '127.0.0.1', port } });
  cleanups.push(() => proxy.close());
  const xmpp = client({
    service: `${direct ? 'xmpps' : 'xmpp'}://127.0.0.1:${proxy.port}`,
    domain: 'localhost',
    resource: 'xmppjs',
    async credentials(authenticate: (credentials: object, mechanism: string) => Promise<void>) {
      await authenticate({ username: 'romeo', password: 'romeo-secret' }, mechanism);
    },
  });
  xmpp.reconnect.delay = 10;
  xmpp.on('error', () => {});
  const got: string[] = [];
  xmpp.on('stanza', (stanza: Element) => {
    if (stanza.is('message')) got.push(stanza.attrs.id);
  });
  cleanups.push(async () => {
    xmpp.reconnect.stop();
    proxy.accept();
    await xmpp.stop().catch(() => undefined);
  });
  await Promise.all([told(xmpp, 'enabled'), xmpp.start()]);
  return { host, proxy, xmpp, got };
};

const until = (xmpp: Client, event: string): Promise<unknown> =>
  new Promise((resolve) => xmpp.once(event, resolve as () => void));

/** It has taken in an answer of stream management. */
const told = (xmpp: Client, name: string): Promise<void> =>
  new Promise((resolve) => {
    xmpp.on('element', (element: Element) => {
      if (element.is(name)) setImmediate(resolve);
    });
  });

describe.each<[Transport, string]>([
  ['plain TCP', 'SCRAM-SHA-1'],
  ['plain TCP', 'PLAIN'],
  ['STARTTLS', 'SCRAM-SHA-1'],
  ['direct TLS', 'PLAIN'],
])('xmpp.js, not modified, over %s with %s', (transport, mechanism) => {
  it('enables, comes back after every kind of loss, and gets what was sent meanwhile, once and in order', async () => {
    const { host, proxy, xmpp, got } = await connected(transport, mechanism);
    expect(xmpp.streamManagement.id).not.toBe('');
    const juliet = await host.bound('juliet', 'a');
    let losses = 0;
    let sent = 0;
    for (const how of ['rst', 'fin', 'inside'] as const) {
      const [link] = proxy.connections;
      if (link === undefined) expect.fail('there is no link');
      proxy.refuse();
      const cut = proxy.cut(link, how === 'inside' ? { how, direction: 'down', keepBytes: 30 } : { how });
      // The first of these is what is cut inside.
      for (let count = 0; count < 3; count++) juliet.write(message(ROMEO, `${++sent}`));
      await cut;
      losses += 1;
      await host.reported('hibernationStart', ROMEO, losses);
      juliet.write(message(ROMEO, `${++sent}`));
      const resumed = host.reported('resumed', ROMEO, losses);
      await juliet.write("<r xmlns='urn:xmpp:sm:3'/>").until(/<failed [^>]*>/);
      const back = told(xmpp, 'resumed');
      proxy.accept();
      await Promise.all([resumed, back]);
      await xmpp.send(xml('message', { to: 'juliet@localhost/a', id: `back-${losses}` }));
      await juliet.heard(new RegExp(`id="back-${losses}"`));
      while (got.length < sent) await until(xmpp, 'stanza');
    }
    expect(got).toEqual(Array.from({ length: sent }, (_, index) => `${index + 1}`));
    expect(host.of('violation', ROMEO)).toEqual([]);
    expect(host.of('enabled', ROMEO)).toHaveLength(1);
  });
});

it('xmpp.js closes its session for good when it stops (C-1)', async () => {
  const { host, xmpp } = await connected('plain TCP', 'SCRAM-SHA-1');
  await xmpp.stop();
  await host.reported('ended', ROMEO);
  expect(host.of('hibernationStart', ROMEO)).toEqual([]);
  expect(host.store.size).toEqual({ live: 0, hibernating: 0, remembered: 0 });
});
