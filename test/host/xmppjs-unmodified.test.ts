import { type Client, client, xml } from '@xmpp/client';
import type { Element } from 'ltx';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type CuttingProxy, createCuttingProxy } from '../../src/testing/cutting-proxy.js';
import { surviveLosses } from '../support/losses.js';
import { startHost, type TestHost } from '../support/test-host.js';
import { identity } from '../support/tls-identity.js';

const verify = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
const cleanups: (() => unknown)[] = [];

beforeAll(() => {
  // xmpp.js has no option for a certificate that no authority signed.
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  // It takes that of the browser, which Node has had since 22.
  vi.stubGlobal('WebSocket', WebSocket);
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
afterAll(() => {
  if (verify === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  else process.env.NODE_TLS_REJECT_UNAUTHORIZED = verify;
  vi.unstubAllGlobals();
});

type Transport = 'plain TCP' | 'STARTTLS' | 'direct TLS' | 'WebSocket' | 'WebSocket over TLS';

/** xmpp.js as it comes, with its own stream management, behind a proxy that cuts. */
const connected = async (
  transport: Transport,
  mechanism: string,
): Promise<{ host: TestHost; proxy: CuttingProxy; xmpp: Client; got: string[] }> => {
  const host = await startHost(transport === 'plain TCP' ? {} : { tls: identity });
  const direct = transport === 'direct TLS' || transport === 'WebSocket over TLS';
  const websocket = transport.startsWith('WebSocket');
  const { port } =
    direct || websocket ? await host.host.listen({ host: '127.0.0.1', port: 0, direct, websocket }) : host;
  const proxy = await createCuttingProxy({ target: { host: '127.0.0.1', port } });
  cleanups.push(() => proxy.close());
  const xmpp = client({
    service: websocket
      ? `${direct ? 'wss' : 'ws'}://127.0.0.1:${proxy.port}/xmpp-websocket`
      : `${direct ? 'xmpps' : 'xmpp'}://127.0.0.1:${proxy.port}`,
    domain: 'localhost',
    resource: 'xmppjs',
    async credentials(authenticate: (credentials: object, mechanism: string) => Promise<void>) {
      await authenticate({ username: 'romeo', password: 'romeo-secret' }, mechanism);
    },
  });
  xmpp.reconnect.delay = 10;
  // Milliseconds. Its own two seconds for a stream to open are few on a busy machine, and it tries no other then.
  xmpp.timeout = 30_000;
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

/** It has taken in an answer of stream management, which may have come inside that to its login. */
const told = (xmpp: Client, name: string): Promise<void> =>
  new Promise((resolve) => {
    xmpp.on('element', (element: Element) => {
      const inside = [element, element.getChild('bound')].some((outer) => outer?.getChild(name));
      if (element.is(name) || inside) setImmediate(resolve);
    });
  });

describe.each<[Transport, string]>([
  ['plain TCP', 'SCRAM-SHA-1'],
  ['plain TCP', 'PLAIN'],
  ['STARTTLS', 'SCRAM-SHA-1'],
  ['direct TLS', 'PLAIN'],
  ['WebSocket', 'SCRAM-SHA-1'],
  ['WebSocket over TLS', 'PLAIN'],
])('xmpp.js, not modified, over %s with %s', (transport, mechanism) => {
  it('enables, resumes after every kind of loss, and gets the stanzas sent meanwhile, once and in order', async () => {
    const { host, proxy, xmpp, got } = await connected(transport, mechanism);
    expect(xmpp.streamManagement.id).not.toBe('');
    // Over TLS it uses SASL2 and BIND2, and asks inside of its login (I-1, I-2).
    const inline = transport.includes('TLS');
    expect(String(xmpp.jid)).toMatch(inline ? /^romeo@localhost\/xmppjs\/[\w-]+$/ : /^romeo@localhost\/xmppjs$/);
    const jid = String(xmpp.jid);
    // xmpp.js takes what stays on this machine for secure when it is a WebSocket.
    expect(xmpp.isSecure()).toBe(transport !== 'plain TCP');
    await surviveLosses(host, proxy, await host.bound('juliet', 'a'), {
      jid,
      got,
      resumed: () => told(xmpp, 'resumed'),
      send: (to, id) => xmpp.send(xml('message', { to, id })),
    });
    expect(xmpp.isSecure()).toBe(transport !== 'plain TCP');
  });
});

it('xmpp.js ends its session when it stops (C-1)', async () => {
  const { host, xmpp } = await connected('plain TCP', 'SCRAM-SHA-1');
  const jid = String(xmpp.jid);
  await xmpp.stop();
  await host.reported('ended', jid);
  expect(host.of('hibernationStart', jid)).toEqual([]);
  expect(host.store.size).toEqual({ live: 0, hibernating: 0, remembered: 0 });
});
