import { describe, expect, it } from 'vitest';
import type { HostOptions } from '../../src/host/host.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { failed, message, type RawClient, resume, SM, streamError } from '../support/raw-client.js';
import { startHost, type TestHost } from '../support/test-host.js';

const start = async (options: Partial<HostOptions> = {}) => {
  const clock = createVirtualClock(Date.now());
  const { policy, ...rest } = options;
  const host = await startHost({ clock, policy: { hibernationTime: 60, ...policy }, ...rest });
  return { clock, host };
};

const lose = async (host: TestHost, client: RawClient, session: string, times = 1): Promise<void> => {
  client.reset();
  await host.reported('hibernationStart', session, times);
};

/** Everything the host had to say to this client has come. */
const settled = (client: RawClient): Promise<unknown> => client.write(`<r xmlns='${SM}'/>`).until(/<failed [^>]*>|<a /);

describe('the limits of one user (S-2)', () => {
  it('the oldest hibernating session is evicted, its stanzas are returned and its h stays readable (M-7, server class 30, client class M)', async () => {
    const { host } = await start({ maxHibernatedSessions: 2, onExpiry: 'return' });
    const juliet = await host.bound('juliet', 'a');
    const clients = [];
    for (const resource of ['1', '2', '3']) clients.push(await host.enabled('romeo', resource));
    const [one, two, three] = clients;
    if (one === undefined || two === undefined || three === undefined) expect.fail('three clients');
    await lose(host, one, 'romeo@localhost/1');
    juliet.write(message('romeo@localhost/1', 'm1') + message('romeo@localhost/1', 'm2'));
    await host.reported('stanzaQueued', 'romeo@localhost/1', 2);
    await lose(host, two, 'romeo@localhost/2');
    expect(host.of('evicted', 'romeo@localhost/1')).toEqual([]);
    await lose(host, three, 'romeo@localhost/3');
    expect(host.of('evicted', 'romeo@localhost/1')).toHaveLength(1);
    await juliet.until(/id="m1"[^>]*type="error".*id="m2"[^>]*type="error"/);
    expect(host.store.size).toEqual({ live: 0, hibernating: 2, remembered: 1 });
    const client = await host.login('romeo');
    await client.write(resume(one.smId, 0)).expect(failed('item-not-found', { h: 0 }));
    expect(await client.resume(two.smId, 0)).toBe(0);
    await host.resumed('romeo', three.smId, 0);
  });

  it('another user has a limit of its own', async () => {
    const { host } = await start({ maxHibernatedSessions: 1 });
    for (const user of ['romeo', 'juliet']) await lose(host, await host.enabled(user, 'a'), `${user}@localhost/a`);
    expect(host.store.size.hibernating).toBe(2);
  });

  it('the store remembers at most maxOldSessions last h (M-8, server class 24)', async () => {
    const { clock, host } = await start({ maxOldSessions: 2 });
    const ids = [];
    for (const resource of ['1', '2', '3']) {
      const romeo = await host.enabled('romeo', resource);
      ids.push(romeo.smId);
      await lose(host, romeo, `romeo@localhost/${resource}`);
      clock.advance(60_000);
    }
    const client = await host.login('romeo');
    for (const [index, id] of ids.entries()) {
      await client.write(resume(id, 0)).expect(failed('item-not-found', index === 0 ? {} : { h: 0 }));
    }
    expect(host.store.size).toEqual({ live: 0, hibernating: 0, remembered: 2 });
  });
});

describe('the presence that a contact sees', () => {
  const PROBE = "<presence to='romeo@localhost' type='probe'/>";

  it('stays available through a hibernation and a resumption, and becomes unavailable when the session expires (M-2, server class 18)', async () => {
    const { clock, host } = await start();
    const nurse = await host.bound('nurse', 'a');
    await nurse.write("<presence/><presence to='romeo@localhost' type='subscribe'/>").until(/subscribed"/);
    const romeo = await host.enabled('romeo', 'a');
    romeo.write('<presence><show>away</show></presence>');
    await romeo.until(/<\/presence>/);
    await nurse.until(/<presence [^>]*from="romeo@localhost\/a"[^>]*><show>away<\/show>/);
    await lose(host, romeo, 'romeo@localhost/a');
    await nurse.write(PROBE).until(/<presence [^>]*from="romeo@localhost\/a"[^>]*><show>away<\/show>/);
    const again = await host.resumed('romeo', romeo.smId, 1);
    expect(await again.ask()).toBe(1);
    await nurse.write(PROBE).until(/<presence [^>]*from="romeo@localhost\/a"[^>]*><show>away<\/show>/);
    await lose(host, again, 'romeo@localhost/a', 2);
    clock.advance(59_999);
    await settled(nurse);
    expect(nurse.received).not.toContain('unavailable');
    clock.advance(1);
    await nurse.until(
      /<presence [^>]*type="unavailable"[^>]*from="romeo@localhost\/a"|<presence [^>]*from="romeo@localhost\/a"[^>]*type="unavailable"/,
    );
    await nurse.write(PROBE).until(/<presence [^>]*type="unavailable"/);
  });

  it('becomes unavailable once at the end of a stream that breaks the rules', async () => {
    const { host } = await start();
    const nurse = await host.bound('nurse', 'a');
    await nurse.write("<presence/><presence to='romeo@localhost' type='subscribe'/>").until(/subscribed"/);
    const romeo = await host.enabled('romeo', 'a');
    romeo.write('<presence/>');
    await romeo.until(/<presence [^>]*\/>/);
    await romeo.write('<!-- -->').gone();
    await nurse.until(/type="unavailable"/);
    await settled(nurse);
    expect(nurse.received.match(/type="unavailable"/g)).toHaveLength(1);
  });
});

describe('a host that shuts down', () => {
  it('closes every stream with system-shutdown, returns every queue, and keeps every h for the next host (R-8, A-10)', async () => {
    const clock = createVirtualClock(Date.now());
    const store = createMemoryStore();
    const first = await startHost({ clock, store });
    const juliet = await first.bound('juliet', 'a');
    const open = await first.enabled('romeo', 'open');
    const away = await first.enabled('romeo', 'away');
    const login = await first.login('romeo');
    open.write(message('juliet@localhost/a', '1'));
    away.write(message('juliet@localhost/a', '2') + message('juliet@localhost/a', '3'));
    await Promise.all([juliet.heard(/id="1"/), juliet.heard(/id="3"/)]);
    await lose(first, away, 'romeo@localhost/away');
    juliet.write(message('romeo@localhost/open', '4') + message('romeo@localhost/away', '5'));
    await open.until(/id="4".*<\/message>/);
    await first.reported('stanzaQueued', 'romeo@localhost/away');

    await first.host.close();
    await open.last(`<a xmlns='${SM}' h='1'/>${streamError('system-shutdown')}`);
    await login.last(streamError('system-shutdown'));
    await juliet.gone();
    for (const resource of ['open', 'away']) {
      expect(first.of('returned', `romeo@localhost/${resource}`)).toMatchObject([
        { reason: 'closed', stanzas: [{ kind: 'message' }] },
      ]);
    }
    expect(store.size).toEqual({ live: 0, hibernating: 0, remembered: 2 });
    await expect(first.connect()).rejects.toThrow();

    const second = await startHost({ clock, store });
    const client = await second.login('romeo');
    await client.write(resume(open.smId, 0)).expect(failed('item-not-found', { h: 1 }));
    await client.write(resume(away.smId, 0)).expect(failed('item-not-found', { h: 2 }));
  });

  it('does not wait for clients that do not answer, nor for handshakes that do not go on', async () => {
    const { host } = await start();
    const romeo = await host.enabled('romeo', 'a');
    romeo.deaf();
    await host.connect();
    await host.host.close();
    expect(host.store.size.live).toBe(0);
  });
});

describe('the reports to the embedder (M-4)', () => {
  it('say every change of a session, in order (server class 27)', async () => {
    const { clock, host } = await start({ probeIdle: 0 });
    const juliet = await host.bound('juliet', 'a');
    const romeo = await host.enabled('romeo', 'a');
    await lose(host, romeo, 'romeo@localhost/a');
    juliet.write(message('romeo@localhost/a', '1'));
    const { stanza } = await host.reported('stanzaQueued', 'romeo@localhost/a');
    expect(stanza).toMatchObject({ kind: 'message', type: 'chat', at: clock.now() });
    expect(stanza.xml).toContain('id="1"');
    const again = await host.resumed('romeo', romeo.smId, 0);
    await again.until(/<r /);
    again.write(`<a xmlns='${SM}' h='1'/>`);
    await again.ask();
    expect(clock.pending, 'timers that run').toBe(0);
    await lose(host, again, 'romeo@localhost/a', 2);
    clock.advance(60_000);
    const told = host.events.filter(({ session }) => session === 'romeo@localhost/a').map(({ report }) => report);
    expect(told.map(({ type }) => type)).toEqual([
      'enabled',
      'hibernationStart',
      'stanzaQueued',
      'hibernationEnd',
      'superseded',
      'ended',
      'resumed',
      'acknowledged',
      'hibernationStart',
      'hibernationEnd',
      'expired',
      'ended',
    ]);
    expect(told[0]).toMatchObject({ resumable: true, max: 60 });
    expect(told[1]).toMatchObject({ unacked: 0 });
    expect(told[3]).toMatchObject({ resumed: true });
    expect(told[6]).toMatchObject({ acknowledged: 0, replayed: 1 });
    expect(told[9]).toMatchObject({ resumed: false });
  });

  it('contain no SM-ID, and neither does the trace', async () => {
    const lines: unknown[] = [];
    const { host } = await start({ trace: (line) => lines.push(line) });
    const romeo = await host.enabled('romeo', 'a');
    await lose(host, romeo, 'romeo@localhost/a');
    const again = await host.resumed('romeo', romeo.smId, 0);
    await settled(again);
    expect(lines.length).toBeGreaterThan(10);
    expect(JSON.stringify([lines, host.events])).not.toContain(romeo.smId);
  });

  it('go on when an observer throws: every stanza is still returned', async () => {
    const uncaught: unknown[] = [];
    const listeners = process.rawListeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => uncaught.push(error.message));
    let failing = true;
    const fail = (): void => {
      if (failing) throw new Error('observer');
    };
    try {
      const { host } = await start({ onEvent: fail, trace: fail });
      const juliet = await host.bound('juliet', 'a');
      const romeo = await host.enabled('romeo', 'a', '');
      juliet.write(message('romeo@localhost/a', '1', 'groupchat'));
      await romeo.until(/id="1".*<\/message>/);
      expect(await romeo.ask()).toBe(0);
      romeo.reset();
      await juliet.until(/id="1"[^>]*type="error"/);
      failing = false;
      await new Promise((resolve) => setImmediate(resolve));
      expect(new Set(uncaught)).toEqual(new Set(['observer']));
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of listeners) process.on('uncaughtException', listener as (error: Error) => void);
    }
  });
});
