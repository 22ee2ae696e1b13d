import { type Client, client, xml } from '@xmpp/client';
import type { Element } from 'ltx';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type StreamManagement, streamManagement } from '../../src/drop-ins/xmppjs/stream-management.js';
import type { HostOptions } from '../../src/host/host.js';
import { uint32 } from '../../src/index.js';
import { type CuttingProxy, createCuttingProxy } from '../../src/testing/cutting-proxy.js';
import { surviveLosses } from '../support/losses.js';
import { startHost, type TestHost } from '../support/test-host.js';

const ROMEO = 'romeo@localhost/a';
const cleanups: (() => unknown)[] = [];

// It takes that of the browser, which Node has had since 22.
beforeAll(() => void vi.stubGlobal('WebSocket', WebSocket));
afterAll(() => void vi.unstubAllGlobals());
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Stage {
  readonly host: TestHost;
  readonly proxy: CuttingProxy;
  readonly xmpp: Client;
  readonly sm: StreamManagement;
}

const enabled = async (options: Partial<HostOptions> = {}): Promise<Stage> => {
  const host = await startHost(options);
  const { port } = await host.host.listen({ host: '127.0.0.1', port: 0, websocket: true });
  const proxy = await createCuttingProxy({ target: { host: '127.0.0.1', port } });
  cleanups.push(() => proxy.close());
  const xmpp = client({
    service: `ws://127.0.0.1:${proxy.port}/xmpp-websocket`,
    domain: 'localhost',
    resource: 'a',
    username: 'romeo',
    password: 'romeo-secret',
  });
  const sm = streamManagement(xmpp);
  xmpp.reconnect.delay = 10;
  xmpp.timeout = 20_000;
  xmpp.on('error', () => {});
  cleanups.push(async () => {
    xmpp.reconnect.stop();
    proxy.accept();
    await xmpp.stop();
  });
  await Promise.all([new Promise((resolve) => sm.on('enabled', resolve)), xmpp.start()]);
  return { host, proxy, xmpp, sm };
};

describe('the drop-in over WebSocket (RFC 7395)', () => {
  it('resumes after every kind of loss, and gets the stanzas sent meanwhile, once and in order', async () => {
    const { host, proxy, xmpp, sm } = await enabled();
    const got: string[] = [];
    xmpp.on('stanza', (stanza: Element) => {
      if (stanza.is('message')) got.push(stanza.attrs.id);
    });
    await surviveLosses(host, proxy, await host.bound('juliet', 'a'), {
      jid: ROMEO,
      got,
      resumed: () =>
        new Promise((resolve) => {
          const stop = sm.on('resumed', () => {
            stop();
            resolve();
          });
        }),
      send: (to, id) => sm.send(xml('message', { to, id })),
    });
  });

  it('writes a stream error that declares its prefix', async () => {
    const { host, xmpp, sm } = await enabled({ policy: { initialCount: uint32(5) } });
    xmpp.reconnect.stop();
    const closed = new Promise((resolve) => xmpp.once('disconnect', () => resolve(undefined)));
    sm.probe();
    await host.reported('hibernationStart', ROMEO);
    await closed;
    expect(host.of('violation', ROMEO)).toEqual([]);
    expect(host.of('toleratedViolation', ROMEO)).toEqual([]);
  });

  it('reports a stanza that was sent while the connection was gone as acknowledged when it has arrived', async () => {
    const { host, proxy, sm } = await enabled();
    const [link] = proxy.connections;
    if (link === undefined) expect.fail('there is no link');
    proxy.refuse();
    const noticed = new Promise((resolve) => sm.on('hibernationStart', resolve));
    await proxy.cut(link, { how: 'rst' });
    await noticed;
    const receipt = sm.send(xml('message', { to: 'juliet@localhost', id: '1', type: 'chat' }, xml('body', {}, 'x')));
    expect(receipt.state).toBe('queued');
    proxy.accept();
    await receipt.acked;
    expect(host.of('resumed', ROMEO)).toHaveLength(1);
  });
});
