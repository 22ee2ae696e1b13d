import { once as eventOf } from 'node:events';
import { type AddressInfo, createServer, Socket } from 'node:net';
import { client, xml } from '@xmpp/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { streamManagement } from '../../src/drop-ins/xmppjs/stream-management.js';
import { createHost, type Host } from '../../src/host/host.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import type { Element } from '../../src/xml.js';
import { event, once, type Peer, SM, Stage } from './xmppjs-server.js';

const TIMES = 4;
const TLS = 'urn:ietf:params:xml:ns:xmpp-tls';

describe('a SCRAM login that breaks with its connection', () => {
  let host: Host;
  let port: number;

  beforeAll(async () => {
    host = await createHost({ accounts: [{ user: 'romeo', password: 'secret' }] });
    ({ port } = await host.listen({ host: '127.0.0.1', port: 0 }));
  });

  afterAll(() => host.close());

  it(`does not disturb the next login, ${TIMES} times in a row, and the session is resumed`, async () => {
    const xmpp = client({
      service: `xmpp://127.0.0.1:${port}`,
      domain: 'localhost',
      username: 'romeo',
      password: 'secret',
    });
    const sm = streamManagement(xmpp);
    const errors: Error[] = [];
    let cuts = 0;
    xmpp.reconnect.delay = 10;
    xmpp.timeout = 20_000;
    xmpp.on('error', (error: Error) => errors.push(error));
    const cut = (): void => {
      cuts += 1;
      if (xmpp.socket instanceof Socket) xmpp.socket.destroy();
    };
    xmpp.on('nonza', (nonza: Element) => {
      if (nonza.is('challenge') && cuts > 0 && cuts <= TIMES) cut();
    });
    const enabled = new Promise((resolve) => sm.on('enabled', resolve));
    const resumed = new Promise((resolve) => sm.on('resumed', resolve));
    await xmpp.start();
    await enabled;
    cut();
    await resumed;
    expect(cuts).toBe(TIMES + 1);
    expect(errors).toEqual([]);
    await xmpp.stop();
  });
});

describe('a STARTTLS that breaks with its connection', () => {
  it('does not disturb the next connection, and does not end it', async () => {
    const stage = await Stage.open();
    // Nothing but the answers themselves gets it out of here.
    const { xmpp } = stage.client({ negotiationTime: 0 });
    const asked = async (): Promise<Peer> => {
      const peer = await stage.next();
      await peer.until(() => peer.opens > 0);
      peer.write(`<stream:features><starttls xmlns='${TLS}'/></stream:features>`);
      await peer.expect('starttls');
      return peer;
    };

    void xmpp.start().catch(() => {});
    (await asked()).socket.end();
    const peer = await asked();
    peer.write(`<proceed xmlns='${TLS}'/>`);
    // The handshake begins.
    await peer.until(() => peer.text.includes('\u0016\u0003'));
    await stage.close();
  });
});

describe('a client that learns its JID when it binds', () => {
  let host: Host;
  let port: number;

  beforeAll(async () => {
    host = await createHost({ accounts: [{ user: 'romeo', password: 'secret' }] });
    ({ port } = await host.listen({ host: '127.0.0.1', port: 0 }));
  });

  afterAll(() => host.close());

  it.each(['PLAIN', 'SCRAM-SHA-1'])(
    'is resumed after a cut, because the account is the same (R-3, R-12; %s)',
    async (by) => {
      const xmpp = client({
        service: `xmpp://127.0.0.1:${port}`,
        domain: 'localhost',
        credentials: (authenticate: (credentials: object, mechanism: string) => Promise<void>) =>
          authenticate({ username: 'romeo', password: 'secret' }, by),
      });
      const sm = streamManagement(xmpp);
      xmpp.reconnect.delay = 10;
      xmpp.timeout = 20_000;
      xmpp.on('error', () => {});
      expect(xmpp.jid).toBeNull();
      const misuses: unknown[] = [];
      sm.on('misuse', ({ failure }) => misuses.push(failure));
      const enabled = new Promise((resolve) => sm.on('enabled', resolve));
      const resumed = new Promise((resolve) => sm.on('resumed', resolve));
      const back = new Promise((resolve) => sm.on('hibernationEnd', resolve));
      await xmpp.start();
      await enabled;
      if (xmpp.socket instanceof Socket) xmpp.socket.destroy();
      expect(await resumed).toMatchObject({ replayed: 0 });
      expect(await back).toMatchObject({ resumed: true });
      expect(misuses).toEqual([]);
      await xmpp.stop();
    },
  );
});

describe('a server that falls silent during the login (client class I)', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  const SILENT: readonly [string, (peer: Peer) => Promise<void>][] = [
    ['says nothing at all', async (peer) => peer.until(() => peer.opens > 0)],
    [
      'does not answer to SASL',
      async (peer) => {
        await peer.until(() => peer.opens > 0);
        peer.write(
          "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>",
        );
        await peer.expect('auth');
      },
    ],
    [
      'does not bind',
      async (peer) => {
        await peer.authenticate();
        await peer.expect('iq');
      },
    ],
  ];

  it.each(SILENT)(
    'and %s loses its connection after negotiationTime, and the client connects again',
    async (_, silence) => {
      const clock = createVirtualClock();
      const { xmpp, sm } = stage.client({ clock });
      xmpp.timeout = 60_000;
      const online = event(xmpp, 'online');
      const lost = event<{ reason: Error }>(xmpp, 'disconnect');
      xmpp.start().catch(() => {});
      const peer = await stage.next();
      await silence(peer);
      const receipt = sm.send(message('m1'));
      clock.advance(29_999);
      expect(peer.isClosed).toBe(false);
      clock.advance(1);
      expect((await lost).reason.message).toBe('there is no session after 30 s');
      await peer.until(() => peer.isClosed);
      const next = await stage.next();
      await next.establish();
      await online;
      expect(await next.expectIds(1)).toEqual(['m1']);
      next.write(`<a xmlns='${SM}' h='1'/>`);
      await receipt.acked;
      expect(stage.misuses).toEqual([]);
    },
  );

  it('keeps a session that can be resumed waiting for the next connection', async () => {
    const clock = createVirtualClock();
    const { sm, peer } = await stage.online({ clock, negotiationTime: 5 });
    const resumed = once(sm, 'resumed');
    peer.socket.destroy();
    const silent = await stage.next();
    await silent.until(() => silent.opens > 0);
    clock.advance(5_000);
    const next = await stage.next();
    await next.awaitResume();
    next.write(`<resumed xmlns='${SM}' previd='sm-1' h='0'/>`);
    await resumed;
  });

  it('does not affect a session that is enabled, new or resumed', async () => {
    const clock = createVirtualClock();
    const { sm, peer } = await stage.online({ clock, probeAfter: 0 });
    clock.advance(60_000);
    const resumed = once(sm, 'resumed');
    peer.socket.destroy();
    const next = await stage.next();
    await next.awaitResume();
    next.write(`<resumed xmlns='${SM}' previd='sm-1' h='0'/>`);
    await resumed;
    const receipt = sm.send(message('m1'));
    next.write(`<a xmlns='${SM}' h='1'/>`);
    await receipt.acked;
    expect(clock.pending).toBe(0);
    expect(sm.status).toBe('enabled');
  });

  it('is dropped in the handshake of a WebSocket too: start() rejects, and the client connects again', async () => {
    vi.stubGlobal('WebSocket', WebSocket);
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await eventOf(silent, 'listening');
    const clock = createVirtualClock();
    const { port } = silent.address() as AddressInfo;
    const { xmpp } = stage.client({ clock }, `ws://127.0.0.1:${port}`);
    const started = xmpp.start();
    const [first] = await eventOf(silent, 'connection');
    const again = eventOf(silent, 'connection');
    clock.advance(30_000);
    await expect(started).rejects.toThrow();
    const [second] = await again;
    for (const socket of [first, second]) socket.destroy();
    silent.close();
    vi.unstubAllGlobals();
  });
});

const message = (id: string) => xml('message', { to: 'juliet@capulet.lit', id }, xml('body', {}, id));
