import { describe, expect, it } from 'vitest';
import type { HostOptions } from '../../src/host/host.js';
import { uint32 } from '../../src/index.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { message, type RawClient, resume, SM } from '../support/raw-client.js';
import { startHost } from '../support/test-host.js';

const ROMEO = 'romeo@localhost/a';
const R = `<r xmlns='${SM}'/>`;
const INACTIVE = "<inactive xmlns='urn:xmpp:csi:0'/>";
const ACTIVE = "<active xmlns='urn:xmpp:csi:0'/>";
const START = Date.parse('2024-02-29T12:00:00.000Z');

const typing = (id: string, to = ROMEO): string =>
  `<message to='${to}' id='${id}' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>`;
const stanza = (name: string, type: string, payload: string): string =>
  `<${name} to='${ROMEO}' id='it' ${type && `type='${type}'`}>${payload}</${name}>`;

/** A writer, and a reader who is inactive. */
const start = async (policy: HostOptions['policy'] = {}, options: Partial<HostOptions> = {}) => {
  const clock = createVirtualClock(START);
  const host = await startHost({ clock, policy, ...options });
  const juliet = await host.bound('juliet', 'a');
  const romeo = await host.enabled('romeo', 'a');
  romeo.write(INACTIVE);
  await romeo.ask();
  let sent = 0;
  /** Juliet writes it, and the host has read it. */
  const send = async (...stanzas: readonly string[]): Promise<void> => {
    sent += 1;
    juliet.write(`${stanzas.join('')}<iq type='get' id='sent-${sent}'><ping xmlns='urn:xmpp:ping'/></iq>`);
    await juliet.heard(new RegExp(`id="sent-${sent}"`));
  };
  return { clock, host, juliet, romeo, send };
};

/** The ids of the stanzas that came, but for those of the login. */
const came = (client: RawClient): readonly string[] => client.ids.filter((id) => id !== 'bind');

const WAITS: readonly (readonly [what: string, xml: string])[] = [
  ['presence that says that a contact is available', stanza('presence', '', '<show>away</show>')],
  ['presence that says that a contact is unavailable', stanza('presence', 'unavailable', '')],
  ['a chat state', typing('it')],
  ['a receipt', stanza('message', '', "<received xmlns='urn:xmpp:receipts' id='x'/>")],
  ['a chat marker', stanza('message', 'chat', "<displayed xmlns='urn:xmpp:chat-markers:0' id='x'/>")],
  ['a headline, whatever it says', stanza('message', 'headline', '<body>x</body>')],
  ['a PEP event', stanza('message', '', "<event xmlns='http://jabber.org/protocol/pubsub#event'/>")],
  [
    'a carbon of a chat state',
    stanza(
      'message',
      'chat',
      "<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'><composing xmlns='http://jabber.org/protocol/chatstates'/></message></forwarded></received>",
    ),
  ],
];

const WAKES: readonly (readonly [what: string, xml: string])[] = [
  ['a message with a body', message(ROMEO, 'it')],
  ['a message of a room', message(ROMEO, 'it', 'groupchat')],
  ['a subject', stanza('message', 'groupchat', '<subject>x</subject>')],
  ['an error', stanza('message', 'error', '')],
  ['an encrypted message', stanza('message', 'chat', "<encrypted xmlns='eu.siacs.conversations.axolotl'/>")],
  ['an invitation', stanza('message', '', "<x xmlns='http://jabber.org/protocol/muc#user'><invite/></x>")],
  ['a call', stanza('message', 'chat', "<propose xmlns='urn:xmpp:jingle-message:0' id='x'/>")],
  ['what the user asked an archive for', stanza('message', '', "<result xmlns='urn:xmpp:mam:2' id='x'/>")],
  ['what the user wrote elsewhere', stanza('message', 'chat', "<sent xmlns='urn:xmpp:carbons:2'/>")],
  [
    'a carbon of a message with a body',
    stanza(
      'message',
      'chat',
      "<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'><body>x</body></message></forwarded></received>",
    ),
  ],
  ['an iq', stanza('iq', 'get', "<ping xmlns='urn:xmpp:ping'/>")],
];

describe('an inactive client (XEP-0352, P-3)', () => {
  it.each(WAITS)('does not get %s at once', async (_what, xml) => {
    const { romeo, send } = await start();
    await send(xml);
    expect(await romeo.ask()).toBe(0);
    expect(came(romeo)).toEqual([]);
    await romeo.write(ACTIVE).until(/ id="it"/);
  });

  it.each(WAKES)('gets %s at once', async (_what, xml) => {
    const { romeo, send } = await start();
    await send(typing('typing'), xml);
    await romeo.until(/ id="it"/);
    expect(came(romeo)).toEqual(['typing', 'it']);
  });

  it('gets the held stanzas, in order and before any newer stanza, when it becomes active, and then an <r/>', async () => {
    const { romeo, send } = await start();
    await send(typing('1'), stanza('presence', '', ''), typing('3'));
    romeo.write(ACTIVE);
    await romeo.until(/id="1".* id="it".* id="3".*<\/message><r xmlns='urn:xmpp:sm:3'\/>$/);
    await send(typing('4'));
    await romeo.heard(/ id="4"/);
    expect(came(romeo)).toEqual(['1', 'it', '3', '4']);
  });

  it('gets the held stanzas before an important stanza, and stays inactive', async () => {
    const { romeo, send } = await start();
    await send(typing('1'), typing('2'), message(ROMEO, '3'), typing('4'));
    await romeo.until(/ id="3".*<\/message>$/);
    await romeo.ask();
    expect(came(romeo)).toEqual(['1', '2', '3']);
  });

  it('sees a time stamp on a held stanza, and none on an important stanza', async () => {
    const { clock, romeo, send } = await start();
    await send(typing('1'));
    clock.advance(90_000);
    await send(message(ROMEO, '2'));
    await romeo.until(/ id="2".*<\/message>/);
    expect(romeo.received.match(/<delay [^>]*>/g)).toEqual([
      '<delay xmlns="urn:xmpp:delay" from="localhost" stamp="2024-02-29T12:00:00.000Z"/>',
    ]);
    expect(romeo.received).toMatch(/id="1"[^>]*><composing [^>]*><delay /);
  });

  it.each(['a message with a body', 'an iq'])(
    'that vanished is found out when %s was to wake it (P-2, M-6, H7)',
    async (what) => {
      const { clock, host, romeo, send } = await start();
      await send(what === 'an iq' ? stanza('iq', 'get', "<ping xmlns='urn:xmpp:ping'/>") : message(ROMEO, 'it'));
      await romeo.heard(/ id="it"/);
      clock.advance(2_000);
      await romeo.heard(/<r /);
      clock.advance(30_000);
      expect(host.of('ackDelayed', ROMEO)).toMatchObject([{ unacked: 1 }]);
      clock.advance(30_000);
      await host.reported('hibernationStart', ROMEO);
    },
  );

  it('gets no <r/> for held stanzas, however long they are held', async () => {
    const { clock, romeo, send } = await start({ maxUnackedStanzas: 0 });
    await send(typing('1'));
    clock.advance(3600_000);
    await romeo.ask();
    expect(romeo.received).not.toContain('<r ');
  });

  it('gets every held stanza and an <r/> beyond maxInactiveUnackedStanzas (M-5)', async () => {
    const { romeo, send } = await start();
    await send(...Array.from({ length: 256 }, (_, index) => typing(`${index}`)));
    await romeo.ask();
    expect(came(romeo)).toEqual([]);
    await send(typing('256'));
    await romeo.until(/ id="256".*<\/message><r xmlns='urn:xmpp:sm:3'\/>$/);
    expect(came(romeo)).toEqual(Array.from({ length: 257 }, (_, index) => `${index}`));
  });

  it('gets every held stanza before its queue counts against it: the host reports pressure, and the grace period begins with the <r/> (M-10)', async () => {
    const { clock, host, romeo, send } = await start({ maxQueueStanzas: 10, overflowGrace: 5 });
    await send(...Array.from({ length: 9 }, (_, index) => typing(`${index}`)));
    expect(host.of('queuePressure', ROMEO)).toMatchObject([{ unacked: 8, full: false }]);
    clock.advance(3600_000);
    const last = send(typing('9'));
    await romeo.until(/ id="9".*<\/message><r xmlns='urn:xmpp:sm:3'\/>$/);
    romeo.write(`<a xmlns='${SM}' h='10'/>`);
    await last;
    clock.advance(10_000);
    expect(await romeo.ask()).toBe(0);
    expect(host.of('returned', ROMEO)).toEqual([]);
  });

  it('cannot acknowledge a held stanza (A-8)', async () => {
    const { romeo, send } = await start();
    await send(message(ROMEO, '1'), typing('2'));
    romeo.write(`<a xmlns='${SM}' h='2'/>`);
    await romeo.until(/<handled-count-too-high xmlns='urn:xmpp:sm:3' h='2' send-count='1'\/>/);
  });

  it('gets every stanza at once without stream management, because then there is no queue', async () => {
    const host = await startHost();
    const juliet = await host.bound('juliet', 'a');
    const romeo = await host.bound('romeo', 'a');
    await romeo.write(`${INACTIVE}<iq type='get' id='x'><ping xmlns='urn:xmpp:ping'/></iq>`).until(/id="x"/);
    juliet.write(typing('1'));
    await romeo.until(/ id="1"/);
    expect(romeo.received).not.toContain('<delay');
  });
});

describe('stanzas held back when the stream is cut (XEP-0352 section 5, R-4)', () => {
  it('are in the queue, and come in their place after <resumed/>, to a client that counts as active', async () => {
    const { host, romeo, send } = await start();
    await send(message(ROMEO, '1'), typing('2'), typing('3'));
    romeo.reset();
    expect(await host.reported('hibernationStart', ROMEO)).toMatchObject({ unacked: 3 });
    await send(message(ROMEO, '4'), typing('5'));
    const back = await host.resumed('romeo', romeo.smId, 0);
    await back.until(/ id="5".*<\/message><r xmlns='urn:xmpp:sm:3'\/>$/);
    expect(came(back)).toEqual(['1', '2', '3', '4', '5']);
    await send(typing('6'));
    await back.until(/ id="6"/);
  });

  it('go to the client that resumes while its old stream is alive (R-11)', async () => {
    const { host, romeo, send } = await start();
    await send(message(ROMEO, '1'), typing('2'));
    const back = await host.resumed('romeo', romeo.smId, 1);
    await back.until(/ id="2".*<\/message><r xmlns='urn:xmpp:sm:3'\/>$/);
    expect(came(back)).toEqual(['2']);
    await romeo.until(/<conflict /);
    expect(came(romeo)).toEqual(['1']);
  });

  it('are not covered by the h of the resumption (A-8, R-5)', async () => {
    const { host, romeo, send } = await start();
    await send(message(ROMEO, '1'), typing('2'));
    romeo.reset();
    await host.reported('hibernationStart', ROMEO);
    const high = await host.login('romeo');
    await high.write(resume(romeo.smId, 2)).until(/<handled-count-too-high [^>]*h='2' send-count='1'\/>/);
    const back = await host.resumed('romeo', romeo.smId, 1);
    await back.until(/ id="2"/);
  });

  it('are counted correctly across 2^32 (A-4)', async () => {
    const { host, romeo, send } = await start({ initialCount: uint32(-3) });
    await send(typing('1'), typing('2'), message(ROMEO, '3'), typing('4'), typing('5'));
    await romeo.until(/ id="3".*<\/message>$/);
    romeo.write(`<a xmlns='${SM}' h='4294967295'/>`);
    await romeo.ask();
    romeo.reset();
    expect(await host.reported('hibernationStart', ROMEO)).toMatchObject({ unacked: 3 });
    const back = await host.resumed('romeo', romeo.smId, 0);
    await back.until(/ id="5".*<\/message><r xmlns='urn:xmpp:sm:3'\/>$/);
    expect(came(back)).toEqual(['4', '5']);
    back.write(`<a xmlns='${SM}' h='2'/>`);
    await back.ask();
    expect(host.of('acknowledged', ROMEO).flatMap(({ stanzas }) => stanzas)).toHaveLength(5);
    expect(host.of('violation', ROMEO)).toEqual([]);
    expect(host.of('toleratedViolation', ROMEO)).toEqual([]);
  });

  it.each(['return', 'offline'] as const)(
    'are treated once, like any other stanza, at expiry: %s (A-12)',
    async (onExpiry) => {
      const { clock, host, juliet, romeo, send } = await start({ hibernationTime: 60 }, { onExpiry });
      const receipt = stanza('message', '', "<received xmlns='urn:xmpp:receipts' id='x'/>");
      await send(receipt, stanza('presence', '', ''));
      romeo.reset();
      await host.reported('hibernationStart', ROMEO);
      clock.advance(60_000);
      const [returned, ...more] = host.of('returned', ROMEO);
      expect(more).toEqual([]);
      expect(returned).toMatchObject({ reason: 'expired', stanzas: [{ written: false }, { written: false }] });
      await send();
      const errors = [...juliet.received.matchAll(/<\w+ [^>]*id="([^"]+)"[^>]*type="error"/g)].map(([, id]) => id);
      expect(errors).toEqual(onExpiry === 'return' ? ['it'] : []);
      const again = await host.bound('romeo', 'b');
      again.write("<presence/><iq type='get' id='end'><ping xmlns='urn:xmpp:ping'/></iq>");
      await again.heard(/id="end"/);
      expect(came(again).filter((id) => id !== 'end')).toEqual(onExpiry === 'offline' ? ['it'] : []);
    },
  );
});

describe('a client that was inactive', () => {
  it('gets an <r/> for the written stanzas when it becomes inactive, and none when they are acknowledged (P-1)', async () => {
    const { juliet, romeo } = await start();
    romeo.write(ACTIVE);
    await romeo.ask();
    juliet.write(message(ROMEO, '1'));
    await romeo.until(/ id="1".*<\/message>$/);
    await romeo.write(INACTIVE).expect(R);
    romeo.write(`<a xmlns='${SM}' h='1'/>`);
    expect(await romeo.ask()).toBe(0);
    romeo.write(INACTIVE + ACTIVE);
    expect(await romeo.ask()).toBe(0);
    expect(romeo.received.match(/<r /g)).toHaveLength(1);
  });
});
