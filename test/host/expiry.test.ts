import { describe, expect, it } from 'vitest';
import type { HostOptions } from '../../src/host/host.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { message, type RawClient, SM } from '../support/raw-client.js';
import { startHost, type TestHost } from '../support/test-host.js';

const ROMEO = 'romeo@localhost/a';
const START = Date.parse('2024-02-29T12:00:00.000Z');
const DELAY = /<delay [^>]*\/>/g;

const start = async (options: Partial<HostOptions> = {}) => {
  const clock = createVirtualClock(START);
  const host = await startHost({ clock, policy: { hibernationTime: 60 }, ...options });
  return { clock, host, juliet: await host.bound('juliet', 'a') };
};

/** A session that has been available and is hibernating. */
const away = async (host: TestHost, resource: string, priority = 0): Promise<RawClient & { readonly smId: string }> => {
  const romeo = await host.enabled('romeo', resource);
  romeo.write(`<presence><priority>${priority}</priority></presence>`);
  await romeo.until(/<presence .*?<\/presence>/);
  romeo.write(`<a xmlns='${SM}' h='1'/>`);
  await romeo.ask();
  romeo.reset();
  await host.reported('hibernationStart', `romeo@localhost/${resource}`);
  return romeo;
};

/** The ids of the errors a client got, in order. */
const errors = ({ received }: RawClient): string[] =>
  [...received.matchAll(/<(?:message|presence|iq) [^>]*?id="([^"]+)"[^>]*?type="error"/g)].map(([, id]) => id ?? '');

const MESSAGES = ['chat', 'normal', 'groupchat', 'headline', 'error'].map((type) => message(ROMEO, type, type));
const OTHERS = [
  `<message to='${ROMEO}' id='plain'><body>x</body></message>`,
  `<iq to='${ROMEO}' id='get' type='get'><x xmlns='y'/></iq>`,
  `<iq to='${ROMEO}' id='set' type='set'><x xmlns='y'/></iq>`,
  `<iq to='${ROMEO}' id='result' type='result'/>`,
  `<iq to='${ROMEO}' id='iq-error' type='error'/>`,
  `<presence to='${ROMEO}' id='directed'/>`,
];

describe('the stanzas of a session that expires (M-2, M-3, A-12)', () => {
  it.each([
    ['return', ['chat', 'normal', 'groupchat', 'headline', 'plain', 'get', 'set'], []],
    ['offline', ['groupchat', 'headline', 'get', 'set'], ['chat', 'normal', 'plain']],
    ['drop', [], []],
  ] as const)(
    '%s: each stanza is treated once, by its kind and type (server class 25)',
    async (onExpiry, returned, stored) => {
      const { clock, host, juliet } = await start({ onExpiry });
      await away(host, 'a');
      juliet.write([...MESSAGES, ...OTHERS].join(''));
      await host.reported('stanzaQueued', ROMEO, 11);
      clock.advance(60_000);
      expect(host.of('expired', ROMEO)).toHaveLength(1);
      await juliet.write(`<r xmlns='${SM}'/>`).until(/<failed /);
      expect(errors(juliet)).toEqual(returned);
      expect(juliet.received.match(/<recipient-unavailable /g) ?? []).toHaveLength(returned.length);
      expect(juliet.received).not.toContain('<delay');

      const back = await host.bound('romeo', 'a');
      back.write("<presence/><iq type='get' id='end'><query xmlns='jabber:iq:roster'/></iq>");
      await back.heard(/id="end"/);
      expect(back.ids.filter((id) => id !== 'bind' && id !== 'end')).toEqual(stored);
      expect(back.received.match(DELAY) ?? []).toEqual(
        stored.map(() => `<delay xmlns="urn:xmpp:delay" from="localhost" stamp="2024-02-29T12:00:00.000Z"/>`),
      );
    },
  );

  it('a chat message that contains only a chat state is never stored, also when it was held back and stamped (XEP-0160)', async () => {
    const { clock, host, juliet } = await start();
    const romeo = await host.enabled('romeo', 'a');
    romeo.write("<presence/><inactive xmlns='urn:xmpp:csi:0'/>");
    await romeo.ask();
    const state = "<composing xmlns='http://jabber.org/protocol/chatstates'/>";
    juliet.write(`<message to='${ROMEO}' id='state' type='chat'>${state}</message>`);
    juliet.write(`<message to='${ROMEO}' id='text' type='chat'>${state}<body>x</body></message>`);
    await romeo.heard(/id="text"/);
    expect(romeo.received).toMatch(/id="state".*<composing [^>]*\/><delay /);
    romeo.reset();
    await host.reported('hibernationStart', ROMEO);
    clock.advance(60_000);
    await juliet.heard(/id="state" type="error".*<recipient-unavailable /);
    expect(errors(juliet)).toEqual(['state']);
    const back = await host.bound('romeo', 'b');
    back.write("<presence/><iq type='get' id='end'><query xmlns='jabber:iq:roster'/></iq>");
    await back.heard(/id="end"/);
    expect(back.ids.filter((id) => id !== 'bind' && id !== 'end')).toEqual(['text']);
  });

  it('a stanza that the host made longer than its limit for input is returned all the same', async () => {
    const { clock, host, juliet } = await start({ onExpiry: 'return' });
    await away(host, 'a');
    const many = Array.from({ length: 61 }, (_, index) => `a${index}='x'`).join(' ');
    juliet.write(`<message to='${ROMEO}' id='long'><body>${'>'.repeat(200_000)}</body></message>`);
    juliet.write(`<message to='${ROMEO}' id='wide' ${many}/>`);
    juliet.write(`<c:message xmlns:c='jabber:client' to='${ROMEO}' id='prefixed'/>`);
    await host.reported('stanzaQueued', ROMEO, 3);
    clock.advance(60_000);
    await juliet.write(`<r xmlns='${SM}'/>`).until(/<failed /);
    expect(errors(juliet)).toEqual(['long', 'wide', 'prefixed']);
  });

  it('the same rules hold at once for a session that cannot be resumed (C-3)', async () => {
    const { host, juliet } = await start({ onExpiry: 'return' });
    const romeo = await host.enabled('romeo', 'a', '');
    juliet.write(MESSAGES.join(''));
    await romeo.heard(/id="error"/);
    romeo.reset();
    await juliet.heard(/id="headline"[^>]*type="error"/);
    expect(errors(juliet)).toEqual(['chat', 'normal', 'groupchat', 'headline']);
  });

  it("a stanza of the user's own is never returned", async () => {
    const { clock, host } = await start({ onExpiry: 'return' });
    await away(host, 'a');
    const self = await host.bound('romeo', 'b');
    self.write([...MESSAGES, ...OTHERS].join(''));
    await host.reported('stanzaQueued', ROMEO, 11);
    clock.advance(60_000);
    await self.write(`<r xmlns='${SM}'/>`).until(/<failed /);
    expect(errors(self)).toEqual([]);
  });

  it('a message to the bare JID that another resource received is neither returned nor delivered again (server class 16)', async () => {
    for (const onExpiry of ['return', 'offline'] as const) {
      const { clock, host, juliet } = await start({ onExpiry });
      await away(host, 'a');
      const other = await host.bound('romeo', 'b');
      await other.write('<presence/>').until(/<presence /);
      juliet.write(message('romeo@localhost', '1'));
      await other.heard(/id="1"/);
      await host.reported('stanzaQueued', ROMEO);
      clock.advance(60_000);
      await juliet.write(`<r xmlns='${SM}'/>`).until(/<failed /);
      await other.write(`<r xmlns='${SM}'/>`).until(/<failed /);
      expect(errors(juliet)).toEqual([]);
      expect(other.ids.filter((id) => id === '1')).toHaveLength(1);
    }
  });

  it('when two hibernating resources have the same message, exactly one of them returns it (server class 15)', async () => {
    const { clock, host, juliet } = await start({ onExpiry: 'return' });
    await away(host, 'a');
    await away(host, 'b');
    juliet.write(message('romeo@localhost', '1'));
    await host.reported('stanzaQueued', ROMEO);
    await host.reported('stanzaQueued', 'romeo@localhost/b');
    clock.advance(60_000);
    await juliet.write(`<r xmlns='${SM}'/>`).until(/<failed /);
    expect(host.of('expired', 'romeo@localhost/b')).toHaveLength(1);
    expect(errors(juliet)).toEqual(['1']);
  });

  it('when two hibernating resources have the same message and one returns it at its expiry, the other keeps its copy', async () => {
    const { clock, host, juliet } = await start();
    await away(host, 'a');
    clock.advance(30_000);
    const b = await away(host, 'b');
    juliet.write(message('romeo@localhost', '1'));
    await host.reported('stanzaQueued', 'romeo@localhost/b');
    clock.advance(30_000);
    expect(host.of('expired', ROMEO)).toHaveLength(1);
    const back = await host.resumed('romeo', b.smId, 1);
    await back.until(/<r /);
    expect(back.ids.filter((id) => id === '1')).toHaveLength(1);
    await juliet.write(`<r xmlns='${SM}'/>`).until(/<failed /);
    expect(errors(juliet)).toEqual([]);
  });
});

describe('the stanzas that are left when the host stops', () => {
  /** A live session that has a queue, a hibernating one that has, and a sender without one, in the worst order. */
  const stopped = async (onExpiry: HostOptions['onExpiry']) => {
    const { host, juliet } = await start({ ...(onExpiry && { onExpiry }) });
    const romeo = await host.enabled('romeo', 'b');
    await away(host, 'a');
    juliet.write(message('romeo@localhost/b', '1') + message(ROMEO, '2'));
    await romeo.until(/id="1".*<\/message>/);
    await host.reported('stanzaQueued', ROMEO);
    await host.host.close();
    await juliet.gone();
    return juliet;
  };

  it.each(['offline', 'return'] as const)(
    '%s: the senders get the errors before their own streams end',
    async (onExpiry) => {
      const juliet = await stopped(onExpiry);
      expect(errors(juliet)).toEqual(['2', '1']);
      expect(juliet.received).toMatch(/<system-shutdown [^>]*><\/stream:error><\/stream:stream>$/);
    },
  );

  it('drop: no sender gets an error', async () => {
    expect(errors(await stopped('drop'))).toEqual([]);
  });

  it('a hibernating session ends before a connected session with a queue, which still gets the error', async () => {
    const { host, juliet } = await start();
    const romeo = await host.enabled('romeo', 'b');
    juliet.write(message('romeo@localhost/b', '1'));
    await romeo.until(/id="1".*<\/message>/);
    await away(host, 'a');
    const nurse = await host.enabled('nurse', 'a');
    nurse.reset();
    await host.reported('hibernationStart', 'nurse@localhost/a');
    romeo.write(message('nurse@localhost/a', '3'));
    await host.reported('stanzaQueued', 'nurse@localhost/a');
    await host.host.close();
    await romeo.gone();
    expect(errors(romeo)).toEqual(['3']);
  });
});

describe('offline storage of the host', () => {
  it('is handed to a resource whose priority is not negative', async () => {
    const { host, juliet } = await start();
    juliet.write(message('romeo@localhost', '1'));
    await juliet.write(`<r xmlns='${SM}'/>`).until(/<failed /);
    const available = (priority: number): string => `<presence><priority>${priority}</priority></presence>`;
    const romeo = await host.bound('romeo', 'a');
    await romeo.write(available(-1)).until(/<presence .*?<\/presence>/);
    await romeo.write(`<r xmlns='${SM}'/>`).until(/<failed /);
    expect(romeo.ids).not.toContain('1');
    await romeo.write(available(0)).until(/id="1".*<\/message>/);
    expect(romeo.ids.filter((id) => id === '1')).toHaveLength(1);
  });
});

describe('the delay stamp (A-12)', () => {
  it('is added once, with the time of the first attempt, through two expiries and offline storage (server class 26)', async () => {
    const { clock, host, juliet } = await start();
    await away(host, 'a');
    clock.advance(1_000);
    juliet.write(message(ROMEO, '1'));
    await host.reported('stanzaQueued', ROMEO);
    clock.advance(60_000);
    const second = await host.enabled('romeo', 'a');
    second.write('<presence/>');
    await second.until(/<message [^>]*id="1".*?<\/message>/);
    second.reset();
    await host.reported('hibernationStart', ROMEO, 2);
    clock.advance(60_000);
    const third = await host.bound('romeo', 'a');
    third.write('<presence/>');
    const [stanza] = await third.until(/<message [^>]*id="1".*?<\/message>/);
    expect(stanza.match(DELAY)).toEqual([
      '<delay xmlns="urn:xmpp:delay" from="localhost" stamp="2024-02-29T12:00:01.000Z"/>',
    ]);
  });

  it('is not added when the stanza has one', async () => {
    const { clock, host, juliet } = await start();
    await away(host, 'a');
    const stamp = "<delay xmlns='urn:xmpp:delay' stamp='2001-01-01T00:00:00Z'/>";
    juliet.write(message(ROMEO, '1').replace('<body>', `${stamp}<body>`));
    await host.reported('stanzaQueued', ROMEO);
    clock.advance(60_000);
    const back = await host.bound('romeo', 'a');
    back.write('<presence/>');
    const [stanza] = await back.until(/<message [^>]*id="1".*?<\/message>/);
    expect(stanza.match(DELAY)).toEqual(['<delay xmlns="urn:xmpp:delay" stamp="2001-01-01T00:00:00Z"/>']);
  });
});
