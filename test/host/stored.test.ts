/** What waits for a client that binds anew, and what the offline storage keeps for it. */
import { describe, expect, it } from 'vitest';
import type { HostOptions } from '../../src/host/host.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { message, type RawClient, SM } from '../support/raw-client.js';
import { startHost, type TestHost } from '../support/test-host.js';

const ROMEO = 'romeo@localhost/a';
const START = Date.parse('2024-02-29T12:00:00.000Z');
const END = "<iq type='get' id='end'><ping xmlns='urn:xmpp:ping'/></iq>";

const start = async (options: Partial<HostOptions> = {}) => {
  const clock = createVirtualClock(START);
  const host = await startHost({ clock, policy: { hibernationTime: 600, ...options.policy }, ...options });
  return { clock, host, juliet: await host.bound('juliet', 'a') };
};

const away = async (host: TestHost, resource = 'a'): Promise<RawClient & { readonly smId: string }> => {
  const romeo = await host.enabled('romeo', resource);
  romeo.reset();
  await host.reported('hibernationStart', `romeo@localhost/${resource}`);
  return romeo;
};

const ids = (client: RawClient): readonly string[] => client.ids.filter((id) => id !== 'bind' && id !== 'end');
const returned = ({ received }: RawClient): readonly string[] =>
  [...received.matchAll(/<(?:message|iq) [^>]*?id="([^"]+)"[^>]*?type="error"/g)].map(([, id]) => id ?? '');
const numbered = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `m${n}`);
/** Waits until the host has read everything that the client wrote. */
const everythingRead = async (client: RawClient): Promise<void> => {
  await client.write(`<r xmlns='${SM}'/>`).until(/<failed [^>]*>/);
};

describe('what waits for a session goes to the session that replaces it (H18)', () => {
  it.each(['offline', 'return', 'drop'] as const)(
    '150 messages wait, the resource is bound anew and enabled: all arrive there, stamped, none comes back; onExpiry %s',
    async (onExpiry) => {
      const { clock, host, juliet } = await start({ onExpiry });
      await away(host);
      juliet.write(
        numbered(150)
          .map((id) => message(ROMEO, id))
          .join(''),
      );
      await host.reported('stanzaQueued', ROMEO, 150);
      clock.advance(5_000);
      const again = await host.enabled('romeo', 'a');
      await again.heard(/id="m149".*?<\/message>/);
      expect(ids(again)).toEqual(numbered(150));
      const stamps = again.received.match(/<delay [^>]*>/g) ?? [];
      expect(new Set(stamps)).toEqual(
        new Set(['<delay xmlns="urn:xmpp:delay" from="localhost" stamp="2024-02-29T12:00:00.000Z"/>']),
      );
      expect(stamps).toHaveLength(150);
      await everythingRead(juliet);
      expect(returned(juliet)).toEqual([]);
    },
  );

  it('also to a client that only announces itself, with the requests and the headlines, and without presence and answers', async () => {
    const { host, juliet } = await start();
    await away(host);
    juliet.write(
      [
        message(ROMEO, 'chat'),
        message(ROMEO, 'headline', 'headline'),
        `<presence to='${ROMEO}' id='presence'/>`,
        `<iq to='${ROMEO}' id='get' type='get'><x xmlns='y'/></iq>`,
        `<iq to='${ROMEO}' id='result' type='result'/>`,
      ].join(''),
    );
    await host.reported('stanzaQueued', ROMEO, 5);
    const again = await host.bound('romeo', 'a');
    again.write(`<presence/>${END}`);
    await again.heard(/id="end"/);
    expect(ids(again)).toEqual(['chat', 'headline', 'get']);
    await everythingRead(juliet);
    expect(returned(juliet)).toEqual([]);
  });

  it('of a session that is still connected too, and through a second client that takes nothing', async () => {
    const { host, juliet } = await start();
    const first = await host.enabled('romeo', 'a');
    juliet.write(message(ROMEO, 'm0'));
    await first.heard(/id="m0"/);
    await host.bound('romeo', 'a');
    const third = await host.enabled('romeo', 'a');
    await third.heard(/id="m0".*<\/message>/);
    await everythingRead(juliet);
    expect(returned(juliet)).toEqual([]);
  });

  it('and comes to its ordinary end when the client that replaced it goes without taking it', async () => {
    const { host, juliet } = await start({ onExpiry: 'return' });
    await away(host);
    juliet.write(message(ROMEO, 'm0'));
    await host.reported('stanzaQueued', ROMEO);
    const second = await host.bound('romeo', 'a');
    second.reset();
    await juliet.heard(/id="m0"[^>]*type="error"/);
    expect(returned(juliet)).toEqual(['m0']);
  });
});

describe('messages that wait for a login (XEP-0160)', () => {
  it('as many as a queue may hold are stored, and more when the option says so (H18)', async () => {
    const { host, juliet } = await start({ policy: { maxQueueStanzas: 100 } });
    juliet.write(
      numbered(201)
        .map((id) => message('romeo@localhost', id))
        .join(''),
    );
    await everythingRead(juliet);
    expect(returned(juliet)).toEqual(['m200']);
    expect(host.of('returned', 'juliet@localhost/a').filter(({ reason }) => reason !== 'unmanaged')).toEqual([]);
    const few = await start({ maxOfflineMessages: 2 });
    few.juliet.write(
      numbered(3)
        .map((id) => message('romeo@localhost', id))
        .join(''),
    );
    await everythingRead(few.juliet);
    expect(returned(few.juliet)).toEqual(['m2']);
    const small = await start({ maxOfflineBytes: 10 });
    small.juliet.write(message('romeo@localhost', 'm0'));
    await everythingRead(small.juliet);
    expect(returned(small.juliet)).toEqual(['m0']);
  });

  it('go out as the queue has room, the rest waits for acknowledgements, and none comes back (H10)', async () => {
    const { host, juliet } = await start({ policy: { maxQueueStanzas: 5 } });
    juliet.write(
      numbered(9)
        .map((id) => message('romeo@localhost', id))
        .join(''),
    );
    await everythingRead(juliet);
    const romeo = await host.enabled('romeo', 'a');
    romeo.write('<presence/>');
    await romeo.ask();
    const first = ids(romeo).length;
    expect(first).toBeLessThan(5);
    expect(host.of('queuePressure', ROMEO).some(({ full }) => full)).toBe(false);
    for (let known = 0; ids(romeo).length < 9 && known < 10; known += 1) {
      romeo.write(`<a xmlns='${SM}' h='${ids(romeo).length + 1}'/>`);
      await romeo.ask();
    }
    expect(ids(romeo)).toEqual(numbered(9));
    await everythingRead(juliet);
    expect(returned(juliet)).toEqual([]);
    expect(host.of('ended', ROMEO)).toEqual([]);
  });

  it('the rest stays stored when the client goes before it has room (H10)', async () => {
    const { host, juliet } = await start({ policy: { maxQueueStanzas: 5 } });
    juliet.write(
      numbered(9)
        .map((id) => message('romeo@localhost', id))
        .join(''),
    );
    await everythingRead(juliet);
    const romeo = await host.enabled('romeo', 'a');
    romeo.write('<presence/>');
    await romeo.ask();
    romeo.write('</stream:stream>');
    await romeo.gone();
    const seen = new Set<string>(ids(romeo));
    for (let login = 0; login < 9 && seen.size < 9; login += 1) {
      const again = await host.enabled('romeo', `again-${login}`);
      again.write('<presence/>');
      await again.ask();
      again.write(`<a xmlns='${SM}' h='${ids(again).length + 1}'/></stream:stream>`);
      await again.gone();
      for (const id of ids(again)) seen.add(id);
    }
    expect([...seen].sort()).toEqual(numbered(9));
    expect(returned(juliet)).toEqual([]);
  });

  it.each(['no-store', 'no-permanent-store'])(
    'a message with the hint <%s/> is not stored (XEP-0334, H10)',
    async (hint) => {
      const { clock, host, juliet } = await start();
      const hinted = (to: string, id: string): string =>
        `<message to='${to}' id='${id}' type='chat'><body>x</body><${hint} xmlns='urn:xmpp:hints'/></message>`;
      juliet.write(hinted('romeo@localhost', 'm0'));
      await juliet.heard(/id="m0"[^>]*type="error".*<service-unavailable /);
      await away(host);
      juliet.write(hinted(ROMEO, 'm1'));
      await host.reported('stanzaQueued', ROMEO);
      clock.advance(600_000);
      await juliet.heard(/id="m1"[^>]*type="error".*<recipient-unavailable /);
      const back = await host.bound('romeo', 'b');
      back.write(`<presence/>${END}`);
      await back.heard(/id="end"/);
      expect(ids(back)).toEqual([]);
    },
  );

  it('a headline for a bare JID is dropped at the end of the session, and one for the full JID comes back (RFC 6121 8.5.2, H10)', async () => {
    const { clock, host, juliet } = await start();
    const romeo = await host.enabled('romeo', 'a');
    await romeo.write('<presence/>').until(/<presence /);
    romeo.reset();
    await host.reported('hibernationStart', ROMEO);
    juliet.write(message('romeo@localhost', 'bare', 'headline') + message(ROMEO, 'full', 'headline'));
    await host.reported('stanzaQueued', ROMEO, 2);
    clock.advance(600_000);
    await juliet.heard(/id="full"[^>]*type="error"/);
    await everythingRead(juliet);
    expect(returned(juliet)).toEqual(['full']);
  });

  it.each(['stored at the end of a session', 'stored at once', 'delivered to another resource'] as const)(
    'a message for a full JID, %s, is delivered as it was addressed (H19)',
    async (how) => {
      const { clock, host, juliet } = await start();
      if (how !== 'stored at once') await away(host);
      const other = how === 'delivered to another resource' ? await host.bound('romeo', 'b') : undefined;
      await other?.write('<presence/>').until(/<presence /);
      juliet.write(message(ROMEO, 'm0'));
      await everythingRead(juliet);
      clock.advance(600_000);
      const reader = other ?? (await host.bound('romeo', 'b'));
      reader.write('<presence/>');
      await reader.heard(/<message [^>]*id="m0"/);
      expect(reader.received).toMatch(/<message [^>]*to="romeo@localhost\/a"[^>]*id="m0"/);
    },
  );

  it('a stanza between <enable/> and <enabled/> is counted behind <enabled/>, and stored when the link breaks there (H10)', async () => {
    const store = createMemoryStore();
    let save = (): void => {};
    const { host, juliet } = await start({
      store: {
        ...store,
        save: (...saved) => new Promise<void>((resolve) => (save = resolve)).then(() => store.save(...saved)),
      },
    });
    const romeo = await host.bound('romeo', 'a');
    romeo.write(`<enable xmlns='${SM}' resume='true'/>`);
    await romeo.write(' ').write('');
    juliet.write(message(ROMEO, 'm0'));
    await everythingRead(juliet);
    save();
    await romeo.until(/<enabled [^>]*>.*id="m0".*<\/message>/);
    romeo.write(`<a xmlns='${SM}' h='1'/>`);
    await romeo.ask();
    expect(host.of('acknowledged', ROMEO)).toHaveLength(1);
    const second = await host.bound('romeo', 'b');
    second.write(`<enable xmlns='${SM}' resume='true'/>`);
    juliet.write(message('romeo@localhost/b', 'm1'));
    await everythingRead(juliet);
    second.reset();
    await host.reported('returned', 'romeo@localhost/b');
    const third = await host.bound('romeo', 'c');
    third.write('<presence/>');
    await third.heard(/id="m1"/);
  });
});
