import { describe, expect, it } from 'vitest';
import type { HostOptions } from '../../src/host/host.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { message, type RawClient, SM } from '../support/raw-client.js';
import { startHost, type TestHost } from '../support/test-host.js';

const ROMEO = 'romeo@localhost/a';
const APP_SERVER = 'nurse@localhost/push';
const A = (h: number): string => `<a xmlns='${SM}' h='${h}'/>`;

const SECRET = `<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var='secret'><value>eruio</value></field></x>`;

/** @returns the whole answer */
const request = async (client: RawClient, id: string, payload: string, to = ''): Promise<string> => {
  client.write(`<iq type='set' id='${id}'${to && ` to='${to}'`}>${payload}</iq>`);
  return (await client.until(new RegExp(`<iq [^>]*id="${id}"[^>]*?(?:/>|>.*?</iq>)`)))[0];
};

const enable = (node = 'n', jid = APP_SERVER, form = SECRET): string =>
  `<enable xmlns='urn:xmpp:push:0' jid='${jid}' node='${node}'>${form}</enable>`;
const disable = (attributes: string): string => `<disable xmlns='urn:xmpp:push:0' ${attributes}/>`;

const start = async (options: Partial<HostOptions> = {}) => {
  const clock = createVirtualClock(Date.now());
  const policy = { maxUnackedStanzas: 0, maxAckDelay: 30, deadAfter: 60, hibernationTime: 60, ...options.policy };
  const host = await startHost({ clock, push: true, ...options, policy });
  const app = await host.bound('nurse', 'push');
  const juliet = await host.bound('juliet', 'a');
  return { clock, host, app, juliet };
};

/** A client that is told of by push. */
const mobile = async (host: TestHost, resource = 'a', node = 'n') => {
  const romeo = await host.enabled('romeo', resource);
  expect(await request(romeo, 'enable', enable(node))).toContain('type="result"');
  romeo.write(A(1));
  await romeo.ask();
  return romeo;
};

/** It has lost its connection with an empty queue. */
const away = async (host: TestHost, resource = 'a', node = 'n') => {
  const romeo = await mobile(host, resource, node);
  romeo.reset();
  await host.reported('hibernationStart', `romeo@localhost/${resource}`);
  return romeo;
};

let pings = 0;
/** Everything a client wrote before is dealt with, and so is what came of it. */
const settled = async (client: RawClient): Promise<void> => {
  pings += 1;
  client.write(`<iq type='get' id='ping-${pings}'><ping xmlns='urn:xmpp:ping'/></iq>`);
  await client.heard(new RegExp(`id="ping-${pings}"`));
};

/** The notifications that an app server got, in order. */
const notifications = async (app: RawClient, ...writers: readonly RawClient[]): Promise<readonly string[]> => {
  for (const client of [...writers, app]) await settled(client);
  return [...app.received.matchAll(/<iq [^>]*type="set"[^>]*>.*?<\/iq>/g)]
    .map(([iq]) => iq)
    .filter((iq) => iq.includes('urn:xmpp:push:0'));
};

const counts = (iqs: readonly string[]): readonly string[] =>
  iqs.map((iq) => /var="message-count"><value>(\d+)</.exec(iq)?.[1] ?? '');

const nodes = (iqs: readonly string[]): readonly string[] => iqs.map((iq) => / node="([^"]+)"/.exec(iq)?.[1] ?? '');

const idOf = (iq: string): string => / id="([^"]+)"/.exec(iq)?.[1] ?? '';

/** The app server's answer. */
const answer = (iq: string, type: string, error = ''): string =>
  `<iq type='${type}' to='localhost' id='${idOf(iq)}'>${error}</iq>`;

const failure = (type: string): string =>
  `<error type='${type}'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`;

describe('a push notification (XEP-0357, M-4, server class 27)', () => {
  it('contains the number of messages and the secret of the registration, but no sender and no content', async () => {
    const { host, app, juliet } = await start();
    await away(host);
    juliet.write(message(ROMEO, 'O, speak again'));
    const [iq = '', ...more] = await notifications(app, juliet);
    expect(more).toEqual([]);
    expect(iq.replace(/ id="[^"]+"/, '')).toBe(
      '<iq type="set" from="localhost" to="nurse@localhost/push">' +
        '<pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item><notification xmlns="urn:xmpp:push:0">' +
        '<x xmlns="jabber:x:data" type="submit">' +
        '<field var="FORM_TYPE" type="hidden"><value>urn:xmpp:push:summary</value></field>' +
        '<field var="message-count"><value>1</value></field>' +
        '<field var="last-message-body"><value>New Message!</value></field>' +
        '</x></notification></item></publish><publish-options>' +
        '<x xmlns="jabber:x:data" type="submit">' +
        '<field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field>' +
        '<field var="secret"><value>eruio</value></field>' +
        '</x></publish-options></pubsub></iq>',
    );
  });

  it('is sent when the acknowledgement of a message is late (M-4, M-6)', async () => {
    const { clock, host, app, juliet } = await start();
    const romeo = await mobile(host);
    juliet.write(message(ROMEO, '1'));
    await romeo.until(/ id="1".*<r /);
    clock.advance(29_999);
    expect(await notifications(app, juliet)).toEqual([]);
    clock.advance(1);
    expect(counts(await notifications(app))).toEqual(['1']);
  });

  it('is sent for a message that was to wake an inactive client that does not answer (H7)', async () => {
    const { clock, host, app, juliet } = await start();
    const romeo = await mobile(host);
    romeo.write("<inactive xmlns='urn:xmpp:csi:0'/>");
    await romeo.ask();
    juliet.write(message(ROMEO, '1'));
    await romeo.until(/ id="1"/);
    clock.advance(2_000);
    await romeo.heard(/<r /);
    clock.advance(30_000);
    expect(host.of('ackDelayed', ROMEO)).toHaveLength(1);
    expect(counts(await notifications(app, juliet))).toEqual(['1']);
  });

  it('is sent once when a session hibernates with messages in its queue (M-4)', async () => {
    const { host, app, juliet } = await start();
    const romeo = await mobile(host);
    juliet.write(message(ROMEO, '1') + message(ROMEO, '2'));
    await romeo.until(/ id="2"/);
    romeo.reset();
    await host.reported('hibernationStart', ROMEO);
    expect(counts(await notifications(app))).toEqual(['2']);
  });

  it('is not sent when a session hibernates with an empty queue', async () => {
    const { host, app } = await start();
    await away(host);
    expect(await notifications(app)).toEqual([]);
  });

  it('is sent for each message that comes while the session hibernates (M-4)', async () => {
    const { host, app, juliet } = await start();
    await away(host);
    juliet.write(message(ROMEO, '1') + message(ROMEO, '2'));
    expect(counts(await notifications(app, juliet))).toEqual(['1', '1']);
  });

  it('is sent once for each message, also when the message is late, hibernates, is resumed and is late again (M-4, server class 27)', async () => {
    const { clock, host, app, juliet } = await start();
    const romeo = await mobile(host);
    juliet.write(message(ROMEO, '1'));
    await romeo.until(/ id="1".*<r /);
    clock.advance(30_000);
    clock.advance(30_000);
    await host.reported('hibernationStart', ROMEO);
    expect(counts(await notifications(app))).toEqual(['1']);
    juliet.write(message(ROMEO, '2'));
    expect(counts(await notifications(app, juliet))).toEqual(['1', '1']);
    const back = await host.resumed('romeo', romeo.smId, 1);
    await back.until(/ id="2".*<r /);
    clock.advance(60_000);
    await host.reported('hibernationStart', ROMEO, 2);
    expect(await notifications(app)).toHaveLength(2);
  });

  it('is sent for new messages beside announced ones, also after a part was acknowledged', async () => {
    const { host, app, juliet } = await start();
    const romeo = await away(host);
    juliet.write(message(ROMEO, '1') + message(ROMEO, '2'));
    expect(await notifications(app, juliet)).toHaveLength(2);
    const back = await host.resumed('romeo', romeo.smId, 1);
    await back.until(/ id="2".*<r /);
    back.write(A(2));
    await back.ask();
    juliet.write(message(ROMEO, '3') + message(ROMEO, '4'));
    await back.until(/ id="4"/);
    back.reset();
    await host.reported('hibernationStart', ROMEO, 2);
    expect(counts(await notifications(app))).toEqual(['1', '1', '2']);
  });

  it('is not sent for a message that was acknowledged in time', async () => {
    const { clock, host, app, juliet } = await start();
    const romeo = await mobile(host);
    juliet.write(message(ROMEO, '1'));
    await romeo.until(/ id="1".*<r /);
    romeo.write(A(2));
    await romeo.ask();
    clock.advance(60_000);
    romeo.reset();
    await host.reported('hibernationStart', ROMEO);
    expect(await notifications(app)).toEqual([]);
  });

  it('is sent once for each message, also after the session moved to another connection (server class 18)', async () => {
    const { host, app, juliet } = await start();
    const romeo = await mobile(host);
    const back = await host.resumed('romeo', romeo.smId, 1);
    juliet.write(message(ROMEO, '1'));
    await back.until(/ id="1"/);
    back.reset();
    await host.reported('hibernationStart', ROMEO);
    expect(counts(await notifications(app))).toEqual(['1']);
  });
});

const NOTHING: readonly (readonly [what: string, xml: string])[] = [
  [
    'a chat state',
    `<message to='${ROMEO}' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>`,
  ],
  ['a message with an empty body', `<message to='${ROMEO}' type='chat'><body/></message>`],
  ['a receipt', `<message to='${ROMEO}'><received xmlns='urn:xmpp:receipts' id='x'/></message>`],
  ['an error', message(ROMEO, '1', 'error')],
  ['a headline', message(ROMEO, '1', 'headline')],
  ['a message of a room that mentions nobody', message(ROMEO, '1', 'groupchat')],
  ['the subject of a room', `<message to='${ROMEO}' type='groupchat'><subject>x</subject></message>`],
  ['a carbon', `<message to='${ROMEO}' type='chat'><body>x</body><received xmlns='urn:xmpp:carbons:2'/></message>`],
  ['a result from an archive', `<message to='${ROMEO}'><body>x</body><result xmlns='urn:xmpp:mam:2'/></message>`],
  ['presence', `<presence to='${ROMEO}'/>`],
  ['an iq', `<iq to='${ROMEO}' type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>`],
];

const SOMETHING: readonly (readonly [what: string, xml: string])[] = [
  ['a message of no type', `<message to='${ROMEO}'><body>x</body></message>`],
  [
    'an encrypted message without a body',
    `<message to='${ROMEO}'><encrypted xmlns='eu.siacs.conversations.axolotl'/></message>`,
  ],
  ['a call', `<message to='${ROMEO}'><propose xmlns='urn:xmpp:jingle-message:0' id='x'/></message>`],
  [
    'a message of a room that mentions the user',
    `<message to='${ROMEO}' type='groupchat'><body>x</body><reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:romeo@localhost'/></message>`,
  ],
];

describe('a push notification is sent for (server class 27)', () => {
  it.each(NOTHING)('not %s (server class 27)', async (_what, xml) => {
    const { host, app, juliet } = await start();
    await away(host);
    juliet.write(xml);
    await host.reported('stanzaQueued', ROMEO);
    expect(await notifications(app, juliet)).toEqual([]);
  });

  it.each(SOMETHING)('%s (server class 27)', async (_what, xml) => {
    const { host, app, juliet } = await start();
    await away(host);
    juliet.write(xml);
    await host.reported('stanzaQueued', ROMEO);
    expect(counts(await notifications(app, juliet))).toEqual(['1']);
  });

  it('not a message that the user wrote with another client', async () => {
    const { host, app } = await start();
    await away(host);
    const self = await host.bound('romeo', 'b');
    self.write(message(ROMEO, '1'));
    await host.reported('stanzaQueued', ROMEO);
    expect(await notifications(app, self)).toEqual([]);
  });

  it('not a stanza in a queue that needs no notification: only the others are counted', async () => {
    const { host, app, juliet } = await start();
    const romeo = await mobile(host);
    juliet.write(NOTHING.map(([, xml]) => xml).join('') + message(ROMEO, 'last'));
    await romeo.until(/ id="last"/);
    romeo.reset();
    await host.reported('hibernationStart', ROMEO);
    expect(counts(await notifications(app))).toEqual(['1']);
  });
});

describe('a registration for push (XEP-0357 section 5)', () => {
  it('is offered by the account when the host has push, and not by the server', async () => {
    const info = "<query xmlns='http://jabber.org/protocol/disco#info'/>";
    for (const push of [true, false]) {
      const host = await startHost({ push });
      const romeo = await host.bound('romeo', 'a');
      romeo.write(
        `<iq type='get' id='own' to='romeo@localhost'>${info}</iq><iq type='get' id='host' to='localhost'>${info}</iq>`,
      );
      const [account] = await romeo.until(/<iq [^>]*id="own".*?<\/iq>/);
      const [server] = await romeo.until(/<iq [^>]*id="host".*?<\/iq>/);
      expect(account.includes('"urn:xmpp:push:0"')).toBe(push);
      expect(server).not.toContain('urn:xmpp:push:0');
      expect(await request(romeo, 'enable', enable())).toContain(push ? 'type="result"' : 'service-unavailable');
    }
  });

  it("may be sent to the user's own account only", async () => {
    const { host } = await start();
    const romeo = await host.bound('romeo', 'a');
    expect(await request(romeo, '1', enable(), 'romeo@localhost')).toContain('type="result"');
    expect(await request(romeo, '2', enable(), 'juliet@localhost')).toContain('service-unavailable');
  });

  it.each([
    ['no JID', enable().replace(/ jid='[^']+'/, ''), 'bad-request'],
    ['what is no JID', enable('n', '@'), 'bad-request'],
    ['the own JID', enable('n', ROMEO), 'bad-request'],
    ['no JID to disable', disable(''), 'bad-request'],
    ['more than is kept', enable('n'.repeat(4096)), 'not-acceptable'],
  ])('is refused when it names %s', async (_what, payload, condition) => {
    const { host } = await start();
    const romeo = await host.bound('romeo', 'a');
    expect(await request(romeo, '1', payload)).toContain(`<${condition} `);
  });

  it('needs no node and no form, and then its notifications have none', async () => {
    const { host, app, juliet } = await start();
    const romeo = await host.enabled('romeo', 'a');
    await request(romeo, '1', `<enable xmlns='urn:xmpp:push:0' jid='${APP_SERVER}'/>`);
    romeo.reset();
    await host.reported('hibernationStart', ROMEO);
    juliet.write(message(ROMEO, '1'));
    const [iq = ''] = await notifications(app, juliet);
    expect(iq).toContain('<publish><item>');
    expect(iq).not.toContain('publish-options');
  });

  it('ends with <disable/>, by any client of the account, for this node or for all', async () => {
    for (const [attributes, left] of [
      [`jid='${APP_SERVER}' node='n'`, ['m']],
      [`jid='${APP_SERVER}'`, []],
      ["jid='other@localhost'", ['n', 'm']],
    ] as const) {
      const { host, app, juliet } = await start();
      await away(host, 'a', 'n');
      await away(host, 'b', 'm');
      const other = await host.bound('romeo', 'c');
      expect(await request(other, '1', disable(attributes))).toContain('type="result"');
      juliet.write(message(ROMEO, '1') + message('romeo@localhost/b', '2'));
      expect(nodes(await notifications(app, juliet))).toEqual(left);
    }
  });

  it('outlives its session: its device is told of what goes to offline storage, until it is disabled (H9)', async () => {
    const { clock, host, app, juliet } = await start({ pushHibernationTime: 60 });
    await away(host);
    clock.advance(60_000);
    expect(host.of('expired', ROMEO)).toHaveLength(1);
    juliet.write(message(ROMEO, '1') + message('romeo@localhost', '2') + message('romeo@localhost', '3', 'headline'));
    expect(counts(await notifications(app, juliet))).toEqual(['1', '1']);
    const other = await host.bound('romeo', 'b');
    await request(other, '1', disable(`jid='${APP_SERVER}'`));
    other.write('</stream:stream>');
    await other.gone();
    juliet.write(message('romeo@localhost', '4'));
    expect(await notifications(app, juliet)).toHaveLength(2);
  });

  it('serves the next session of its resource (H9)', async () => {
    const { clock, host, app, juliet } = await start({ pushHibernationTime: 60 });
    await away(host);
    clock.advance(60_000);
    const again = await host.enabled('romeo', 'a');
    juliet.write(message(ROMEO, '1'));
    await again.until(/ id="1"/);
    again.reset();
    await host.reported('hibernationStart', ROMEO, 2);
    expect(counts(await notifications(app, juliet))).toEqual(['1']);
  });

  it('is not told twice of a message that its session had when it ended; another device is told (H9)', async () => {
    const { clock, host, app, juliet } = await start({ pushHibernationTime: 60 });
    await away(host, 'a', 'n');
    await away(host, 'b', 'm');
    juliet.write(message(ROMEO, '1'));
    await host.reported('stanzaQueued', ROMEO);
    expect(nodes(await notifications(app, juliet))).toEqual(['n']);
    clock.advance(60_000);
    expect(nodes(await notifications(app, juliet))).toEqual(['n', 'm']);
  });

  it('is told of a message that its session lost before it was told of it (H9)', async () => {
    const { host, app, juliet } = await start();
    const romeo = await host.enabled('romeo', 'a', '');
    await request(romeo, 'enable', enable());
    juliet.write(message(ROMEO, '1'));
    await romeo.until(/ id="1"/);
    romeo.reset();
    await host.reported('returned', ROMEO);
    expect(counts(await notifications(app, juliet))).toEqual(['1']);
  });

  it('keeps its session for pushHibernationTime, 72 hours, and no other session (M-1, H9)', async () => {
    const { clock, host } = await start();
    await away(host, 'a');
    const plain = await host.enabled('romeo', 'b');
    plain.reset();
    await host.reported('hibernationStart', 'romeo@localhost/b');
    clock.advance(72 * 3_600_000 - 1);
    expect(host.of('expired', 'romeo@localhost/b')).toHaveLength(1);
    expect(host.of('expired', ROMEO)).toEqual([]);
    clock.advance(1);
    expect(host.of('expired', ROMEO)).toHaveLength(1);
  });

  it('that is disabled gives its session its ordinary time back (M-1, H9)', async () => {
    const { clock, host } = await start();
    const romeo = await mobile(host);
    await request(romeo, 'disable', disable(`jid='${APP_SERVER}'`));
    romeo.reset();
    await host.reported('hibernationStart', ROMEO);
    clock.advance(60_000);
    expect(host.of('expired', ROMEO)).toHaveLength(1);
  });

  it('does not keep a session longer than its client asked for (E-5, H9)', async () => {
    const { clock, host } = await start();
    const romeo = await host.enabled('romeo', 'a', "resume='true' max='30'");
    await request(romeo, 'enable', enable());
    romeo.reset();
    await host.reported('hibernationStart', ROMEO);
    clock.advance(30_000);
    expect(host.of('expired', ROMEO)).toHaveLength(1);
  });

  it('that is repeated does not repeat its notifications', async () => {
    const { host, app, juliet } = await start();
    const romeo = await away(host);
    juliet.write(message(ROMEO, '1'));
    expect(await notifications(app, juliet)).toHaveLength(1);
    const back = await host.resumed('romeo', romeo.smId, 1);
    await request(back, '2', enable());
    back.reset();
    await host.reported('hibernationStart', ROMEO, 2);
    expect(await notifications(app)).toHaveLength(1);
  });

  it('moves to the new session of a device that comes back, so that no notification is sent twice', async () => {
    const { host, app, juliet } = await start();
    await away(host, 'a');
    await away(host, 'b');
    juliet.write(message(ROMEO, '1') + message('romeo@localhost/b', '2'));
    expect(await notifications(app, juliet)).toHaveLength(1);
  });

  it('is one of five for an account: a sixth replaces the oldest (S-2)', async () => {
    const { host, app, juliet } = await start();
    for (const node of ['1', '2', '3', '4', '5', '6']) await away(host, `r${node}`, node);
    juliet.write(['1', '2', '3', '4', '5', '6'].map((node) => message(`romeo@localhost/r${node}`, node)).join(''));
    expect(nodes(await notifications(app, juliet))).toEqual(['2', '3', '4', '5', '6']);
  });
});

describe('an app server that answers with an error (XEP-0357 section 7.1)', () => {
  /** Each message is told of, and each notification answered. */
  const told = async (answers: readonly string[]) => {
    const { host, app, juliet } = await start();
    await away(host);
    for (const [index, reply] of answers.entries()) {
      juliet.write(message(ROMEO, `${index}`));
      const iqs = await notifications(app, juliet);
      if (iqs[index] === undefined) break;
      app.write(answer(iqs[index], reply === 'result' ? 'result' : 'error', reply === 'result' ? '' : failure(reply)));
      await settled(app);
    }
    juliet.write(message(ROMEO, 'last'));
    return (await notifications(app, juliet)).length;
  };
  const times = (count: number, reply: string): readonly string[] => Array.from({ length: count }, () => reply);

  it('sixteen times in a row gets no more notifications', async () => {
    expect(await told(times(16, 'cancel'))).toBe(16);
  });

  it('fifteen times in a row still gets notifications', async () => {
    expect(await told(times(15, 'cancel'))).toBe(16);
  });

  it('now and then still gets notifications', async () => {
    expect(await told([...times(15, 'cancel'), 'result', ...times(15, 'cancel')])).toBe(32);
  });

  it('of a temporary kind still gets notifications', async () => {
    expect(await told(times(20, 'wait'))).toBe(21);
  });

  it('is ignored when the error comes from another address', async () => {
    const { host, app, juliet } = await start();
    await away(host);
    juliet.write(message(ROMEO, '0'));
    const [iq = ''] = await notifications(app, juliet);
    juliet.write(answer(iq, 'error', failure('cancel')).repeat(20) + message(ROMEO, '1'));
    expect(await notifications(app, juliet)).toHaveLength(2);
  });

  it('is not awaited: a server that does not answer delays nothing', async () => {
    const { host, app, juliet } = await start();
    const romeo = await host.enabled('romeo', 'a');
    await request(romeo, 'enable', enable('n', 'push.example.net'));
    romeo.reset();
    await host.reported('hibernationStart', ROMEO);
    juliet.write(Array.from({ length: 20 }, (_, index) => message(ROMEO, `${index}`)).join(''));
    await host.reported('stanzaQueued', ROMEO, 20);
    expect(await notifications(app, juliet)).toEqual([]);
    expect(juliet.received).not.toContain('type="error"');
  });
});
