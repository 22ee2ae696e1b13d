import { describe, expect, it } from 'vitest';
import type { HostOptions } from '../../src/host/host.js';
import type { SessionStore } from '../../src/ports/index.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { failed, message, type RawClient, resume, SM, streamError } from '../support/raw-client.js';
import { startHost, type TestHost } from '../support/test-host.js';

/** A store far away: what it has done is learnt later, when the gate opens. */
const gated = () => {
  const store = createMemoryStore();
  let opened: Promise<void> = Promise.resolve();
  let open = (): void => {};
  let asked = (): void => {};
  const late = async <T>(answer: Promise<T>): Promise<T> => {
    const value = await answer;
    asked();
    await opened;
    return value;
  };
  const far: SessionStore = {
    save: (...call) => late(store.save(...call)),
    claim: (...call) => late(store.claim(...call)),
    hibernate: (...call) => store.hibernate(...call),
    expire: (...call) => store.expire(...call),
    forget: (...call) => store.forget(...call),
  };
  return {
    store,
    far,
    shut() {
      opened = new Promise((resolve) => {
        open = resolve;
      });
    },
    open: () => open(),
    /** Resolves when the store has done something and its answer waits. */
    asked: () =>
      new Promise<void>((resolve) => {
        asked = resolve;
      }),
  };
};

const start = async (options: Partial<HostOptions> = {}) => {
  const gate = gated();
  const host = await startHost({ store: gate.far, ...options });
  const nurse = await host.bound('nurse', 'a');
  await nurse.write("<presence/><presence to='romeo@localhost' type='subscribe'/>").until(/subscribed"/);
  const romeo = await host.enabled('romeo', 'a');
  romeo.write('<presence/>');
  await romeo.until(/<presence [^>]*\/>/);
  await nurse.until(/<presence [^>]*from="romeo@localhost\/a"/);
  return { gate, host, nurse, romeo };
};

const settled = (client: RawClient): Promise<unknown> => client.write(`<r xmlns='${SM}'/>`).until(/<failed [^>]*>/);

/** Loses the link and claims the session on a new one; the store's answer waits. */
const claiming = async (host: TestHost, gate: ReturnType<typeof gated>, smId: string): Promise<RawClient> => {
  const client = await host.login('romeo');
  gate.shut();
  const asked = gate.asked();
  client.write(resume(smId, 1));
  await asked;
  return client;
};

describe('while a slow store is asked', () => {
  it('a stanza for a session that is moving is delivered after the replay, and not lost (server class 17)', async () => {
    const { gate, host, nurse, romeo } = await start();
    romeo.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    nurse.write(message('romeo@localhost/a', '1'));
    await host.reported('stanzaQueued', 'romeo@localhost/a');
    const client = await claiming(host, gate, romeo.smId);
    client.write(`${message('nurse@localhost/a', 'from')}<inactive xmlns='urn:xmpp:csi:0'/><r xmlns='${SM}'/>`);
    nurse.write(message('romeo@localhost/a', '2') + message('romeo@localhost/a', '3'));
    await settled(nurse);
    expect(client.unread).toBe('');
    gate.open();
    await client.until(
      /^<resumed [^>]*>.*id="1".*<r [^>]*>.*id="2".*id="3".*<\/message>.*<a xmlns='urn:xmpp:sm:3' h='2'\/>/,
    );
    await nurse.heard(/id="from"/);
    expect(client.ids.filter((id) => id !== 'bind')).toEqual(['1', '2', '3']);
    expect(nurse.received).not.toContain('unavailable');
  });

  it('a link that breaks meanwhile leaves the session hibernating (server class 19)', async () => {
    const { gate, host, nurse, romeo } = await start();
    romeo.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    const client = await claiming(host, gate, romeo.smId);
    client.write('<message').reset();
    nurse.write(message('romeo@localhost/a', '1'));
    await settled(nurse);
    gate.open();
    await host.reported('hibernationStart', 'romeo@localhost/a', 2);
    const again = await host.resumed('romeo', romeo.smId, 1);
    await again.until(/id="1".*<\/message>/);
    expect(again.h).toBe(1);
    expect(nurse.received).not.toContain('unavailable');
  });

  it('the deadline of a dead connection does not end the session that it asked for (H3)', async () => {
    const clock = createVirtualClock(Date.now());
    const { gate, host, nurse, romeo } = await start({ clock, policy: { storeTimeout: 100 } });
    romeo.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    const client = await claiming(host, gate, romeo.smId);
    client.reset();
    await settled(nurse);
    clock.advance(31_000);
    gate.open();
    await host.reported('hibernationStart', 'romeo@localhost/a', 2);
    await host.resumed('romeo', romeo.smId, 1);
    expect(nurse.received).not.toContain('unavailable');
  });

  it('the time for a login does not end a session while the store is asked for it (H3)', async () => {
    const clock = createVirtualClock(Date.now());
    const { gate, host, nurse, romeo } = await start({ clock, policy: { storeTimeout: 100 } });
    romeo.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    const client = await claiming(host, gate, romeo.smId);
    clock.advance(31_000);
    gate.open();
    await client.until(/<resumed /);
    clock.advance(5_000);
    expect(await client.ask()).toBe(1);
    expect(nurse.received).not.toContain('unavailable');
  });

  it('the client is gone when no connection takes the session over in time, and its stanzas come back (H3)', async () => {
    const clock = createVirtualClock(Date.now());
    const { gate, host, nurse, romeo } = await start({ clock, onExpiry: 'return' });
    romeo.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    nurse.write(message('romeo@localhost/a', '1'));
    await host.reported('stanzaQueued', 'romeo@localhost/a');
    await claiming(host, gate, romeo.smId);
    nurse.write(message('romeo@localhost/a', '2'));
    await settled(nurse);
    clock.advance(10_000);
    gate.open();
    await nurse.until(/<message [^>]*id="1"[^>]*type="error"/);
    clock.advance(10_000);
    await nurse.heard(/<presence [^>]*type="unavailable"/);
    await nurse.heard(/<message [^>]*id="2"[^>]*type="error"/);
  });

  it('what waits for the session that moves has the limit of a queue: beyond it all comes back, and the session ends (H3)', async () => {
    const { gate, host, nurse, romeo } = await start({ onExpiry: 'return', policy: { maxQueueStanzas: 10 } });
    romeo.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    const client = await claiming(host, gate, romeo.smId);
    const ids = Array.from({ length: 11 }, (_, index) => `${index}`);
    nurse.write(ids.map((id) => message('romeo@localhost/a', id)).join(''));
    await settled(nurse);
    await nurse.heard(/<message [^>]*id="10"[^>]*type="error"/);
    const back = [...nurse.received.matchAll(/<message [^>]*id="(\d+)"[^>]*type="error"/g)].map(([, id]) => id);
    expect(back).toEqual(ids);
    gate.open();
    await client.gone();
    expect(client.received).toMatch(new RegExp(`${streamError('policy-violation')}$`));
  });

  it('the last of two <resume/> for the same session succeeds, and the link of the first one gets conflict (R-11)', async () => {
    const { gate, host, nurse, romeo } = await start();
    romeo.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    const client = await claiming(host, gate, romeo.smId);
    const second = await host.login('romeo');
    const asked = gate.asked();
    second.write(resume(romeo.smId, 1));
    await asked;
    gate.open();
    await second.until(/<resumed /);
    await client.until(/<stream:error><conflict /);
    expect(client.received).not.toContain('<resumed');
    expect(await second.ask()).toBe(1);
    expect(nurse.received).not.toContain('unavailable');
  });

  it('a bind of the same resource ends the session that is moving, and its stanzas go to the new session', async () => {
    const { gate, host, nurse, romeo } = await start();
    romeo.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    nurse.write(message('romeo@localhost/a', '1'));
    await host.reported('stanzaQueued', 'romeo@localhost/a');
    const client = await claiming(host, gate, romeo.smId);
    nurse.write(message('romeo@localhost/a', '2'));
    await settled(nurse);
    const other = await host.bound('romeo', 'a');
    await nurse.until(/<presence [^>]*type="unavailable"/);
    await other.write('<presence/>').until(/<presence [^>]*\/>/);
    gate.open();
    await client.gone();
    expect(client.received).toMatch(new RegExp(`${streamError('conflict')}$`));
    await other.heard(/id="1".*id="2"|id="2".*id="1"/);
    expect(other.ids.filter((id) => id !== 'bind').sort()).toEqual(['1', '2']);
    expect(gate.store.size.live).toBe(0);
  });

  it('<enable/> is answered after the store has the session, and the stanzas of both sides that come meanwhile are counted', async () => {
    const { gate, host, nurse } = await start();
    const client = await host.bound('romeo', 'b');
    gate.shut();
    const asked = gate.asked();
    client.write(`<enable xmlns='${SM}' resume='true'/>${message('nurse@localhost/a', 'from')}<r xmlns='${SM}'/>`);
    await asked;
    await nurse.write(`${message('romeo@localhost/b', 'early')}<r xmlns='${SM}'/>`).until(/<failed/);
    expect(nurse.ids).not.toContain('from');
    gate.open();
    await client.until(/^<enabled [^>]*><message [^>]*id="early".*<\/message><a xmlns='urn:xmpp:sm:3' h='1'\/>$/);
    await nurse.heard(/id="from"/);
  });

  it('a host that shuts down still returns the queue of the session that is moving, and keeps its h', async () => {
    const { gate, host, nurse, romeo } = await start();
    romeo.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    nurse.write(message('romeo@localhost/a', '1'));
    await host.reported('stanzaQueued', 'romeo@localhost/a');
    const client = await claiming(host, gate, romeo.smId);
    const closed = host.host.close();
    await client.last(streamError('system-shutdown'));
    gate.open();
    expect(await host.reported('returned', 'romeo@localhost/a')).toMatchObject({ stanzas: [{ kind: 'message' }] });
    await closed;
    expect(gate.store.size).toEqual({ live: 0, hibernating: 0, remembered: 1 });
  });

  it('a link that breaks before the store has its session leaves the session hibernating for its time', async () => {
    const { gate, host } = await start();
    const client = await host.bound('romeo', 'b');
    gate.shut();
    const asked = gate.asked();
    client.write(`<enable xmlns='${SM}' resume='true'/>`);
    await asked;
    expect(gate.store.size.live).toBe(2);
    client.reset();
    gate.open();
    await host.reported('hibernationStart', 'romeo@localhost/b');
    expect(gate.store.size).toEqual({ live: 1, hibernating: 1, remembered: 0 });
  });
});

describe('a stanza for a session whose link broke before the store had the session', () => {
  it.each([
    ['return', ['late'], []],
    ['offline', [], ['late']],
    ['drop', [], []],
  ] as const)('is treated like the stanzas of an ended session: %s', async (onExpiry, returned, stored) => {
    const gate = gated();
    let broke = (): void => {};
    const broken = new Promise<void>((resolve) => {
      broke = resolve;
    });
    const host = await startHost({
      store: gate.far,
      onExpiry,
      trace: ({ session, event }) => {
        if (session === 'romeo@localhost/b' && event.type === 'link.lost') broke();
      },
    });
    const nurse = await host.bound('nurse', 'a');
    const client = await host.bound('romeo', 'b');
    await client.write('<presence/>').until(/<presence [^>]*\/>/);
    gate.shut();
    const asked = gate.asked();
    client.write(`<enable xmlns='${SM}' resume='true'/>`);
    await asked;
    client.reset();
    // The first stanza behind this is the one that it is about: with it the resource goes.
    await broken;
    nurse.write(message('romeo@localhost/b', 'late'));
    await settled(nurse);
    expect([...nurse.received.matchAll(/<message [^>]*id="([^"]+)"[^>]*type="error"/g)].map(([, id]) => id)).toEqual(
      returned,
    );
    gate.open();
    const back = await host.bound('romeo', 'c');
    await back.write('<presence/>').until(/<presence [^>]*\/>/);
    await settled(back);
    expect(back.ids.filter((id) => id !== 'bind')).toEqual(stored);
  });
});

describe('a store that fails', () => {
  const broken = (): SessionStore => {
    const store = createMemoryStore();
    const fail = async (): Promise<never> => {
      throw new Error('disk full');
    };
    return { ...store, save: fail, claim: fail };
  };

  it('refuses <enable/> and <resume/> with internal-server-error, and the stream goes on (X-1)', async () => {
    const host = await startHost({ store: broken() });
    const client = await host.login('romeo');
    await client.write(resume('any', 0)).expect(failed('internal-server-error'));
    await client.bind('a');
    await client.write(`<enable xmlns='${SM}' resume='true'/>`).expect(failed('internal-server-error'));
    await client.write(`<enable xmlns='${SM}'/>`).expect(`<enabled xmlns='${SM}'/>`);
  });
});
