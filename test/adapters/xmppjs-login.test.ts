import { Socket } from 'node:net';
import { client } from '@xmpp/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { streamManagement } from '../../src/adapters/xmppjs/index.js';
import { createHost, type Host } from '../../src/host/index.js';
import type { Element } from '../../src/xml/index.js';

const TIMES = 4;

describe('a login over SCRAM that a lost connection cut off', () => {
  let host: Host;
  let port: number;

  beforeAll(async () => {
    host = await createHost({ accounts: [{ user: 'romeo', password: 'secret' }] });
    ({ port } = await host.listen({ host: '127.0.0.1', port: 0 }));
  });

  afterAll(() => host.close());

  it(`takes no part in the next one, ${TIMES} times in a row, and the session is resumed`, async () => {
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

describe('a client that learns its JID when it has bound', () => {
  let host: Host;
  let port: number;

  beforeAll(async () => {
    host = await createHost({ accounts: [{ user: 'romeo', password: 'secret' }] });
    ({ port } = await host.listen({ host: '127.0.0.1', port: 0 }));
  });

  afterAll(() => host.close());

  it.each(['PLAIN', 'SCRAM-SHA-1'])(
    'is resumed after a cut: it is still the same account (R-3, R-12; %s)',
    async (by) => {
      const xmpp = client({
        service: `xmpp://127.0.0.1:${port}`,
        domain: 'localhost',
        credentials: (authenticate: (credentials: object, mechanism: string) => Promise<void>) =>
          authenticate({ username: 'romeo', password: 'secret' }, by),
      });
      const sm = streamManagement(xmpp);
      xmpp.reconnect.delay = 10;
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
