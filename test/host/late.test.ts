/** XEP-0203: a stanza that is delivered late says when it was sent first. */
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../src/testing.js';
import { message, type RawClient, SM } from '../support/raw-client.js';
import { startHost } from '../support/test-host.js';
import { CAPULET, startTwoServers, TO_CAPULET } from '../support/two-servers.js';

const ROMEO = 'romeo@localhost/a';
const START = Date.parse('2024-02-29T12:00:00.000Z');
const STAMP = '<delay xmlns="urn:xmpp:delay" from="localhost" stamp="2024-02-29T12:00:00.000Z"/>';

/** The delay stamps in the last copy of a stanza. */
const stampsOf = ({ received }: RawClient, id: string): readonly string[] => {
  const copies = received.match(new RegExp(`<(message|presence|iq)\\b[^>]* id=["']${id}["'].*?(</\\1>|/>)`, 'g')) ?? [];
  return copies.at(-1)?.match(/<delay [^>]*>/g) ?? [];
};

const start = async () => {
  const clock = createVirtualClock(START);
  const host = await startHost({ clock, policy: { hibernationTime: 600 } });
  const juliet = await host.bound('juliet', 'a');
  const romeo = await host.enabled('romeo', 'a');
  const cut = async (client: RawClient): Promise<void> => {
    client.reset();
    await host.reported('hibernationStart', ROMEO, host.of('hibernationStart', ROMEO).length + 1);
  };
  return { clock, host, juliet, romeo, cut };
};

describe('a stanza that waited in a hibernating session (XEP-0203, H8)', () => {
  it('carries the time of its first attempt when it is written after <resumed/>, and an iq carries none', async () => {
    const { clock, host, juliet, romeo, cut } = await start();
    await cut(romeo);
    juliet.write(message(ROMEO, 'chat'));
    juliet.write(`<presence to='${ROMEO}' id='presence'/>`);
    juliet.write(`<iq to='${ROMEO}' id='iq' type='get'><x xmlns='y'/></iq>`);
    await host.reported('stanzaQueued', ROMEO, 3);
    clock.advance(90_000);
    const back = await host.resumed('romeo', romeo.smId, 0);
    await back.until(/<r xmlns/);
    expect(stampsOf(back, 'chat')).toEqual([STAMP]);
    expect(back.received).toContain(`from="juliet@localhost/a">${STAMP}</presence>`);
    expect(stampsOf(back, 'iq')).toEqual([]);
  });

  it('carries one stamp, of the first attempt, however often it is written again', async () => {
    const { clock, host, juliet, romeo, cut } = await start();
    juliet.write(message(ROMEO, 'written'));
    await romeo.heard(/id="written"/);
    expect(stampsOf(romeo, 'written')).toEqual([]);
    await cut(romeo);
    clock.advance(10_000);
    const second = await host.resumed('romeo', romeo.smId, 0);
    await second.until(/<r xmlns/);
    expect(stampsOf(second, 'written')).toEqual([STAMP]);
    await cut(second);
    clock.advance(10_000);
    const third = await host.resumed('romeo', romeo.smId, 0);
    await third.until(/<r xmlns/);
    expect(stampsOf(third, 'written')).toEqual([STAMP]);
  });

  it('keeps the stamp with which it came, and gets one when only a forwarded message inside has one', async () => {
    const { clock, host, juliet, romeo, cut } = await start();
    await cut(romeo);
    const old = "<delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z'/>";
    juliet.write(`<message to='${ROMEO}' id='old'><body>x</body>${old}</message>`);
    juliet.write(
      `<message to='${ROMEO}' id='carrier'><forwarded xmlns='urn:xmpp:forward:0'>${old}<message xmlns='jabber:client' id='in'/></forwarded></message>`,
    );
    juliet.write(message(ROMEO, 'room', 'groupchat'));
    await host.reported('stanzaQueued', ROMEO, 3);
    clock.advance(90_000);
    const back = await host.resumed('romeo', romeo.smId, 0);
    await back.until(/<r xmlns/);
    expect(stampsOf(back, 'old')).toEqual(['<delay xmlns="urn:xmpp:delay" stamp="2020-01-01T00:00:00Z"/>']);
    expect(back.received).toContain(`</forwarded>${STAMP}</message>`);
    expect(stampsOf(back, 'room')).toEqual(['<delay xmlns="urn:xmpp:delay" stamp="2024-02-29T12:00:00.000Z"/>']);
  });

  it('has one stamp when the session expires after such a resumption and the message is stored', async () => {
    const { clock, host, juliet, romeo, cut } = await start();
    await cut(romeo);
    juliet.write(message(ROMEO, 'stored'));
    await host.reported('stanzaQueued', ROMEO);
    clock.advance(10_000);
    const second = await host.resumed('romeo', romeo.smId, 0);
    await second.until(/<r xmlns/);
    await cut(second);
    clock.advance(600_000);
    const later = await host.bound('romeo', 'b');
    later.write('<presence/>');
    await later.heard(/id="stored".*<\/message>/);
    expect(stampsOf(later, 'stored')).toEqual([STAMP]);
  });
});

it('a stanza that waited for another server carries the time of its first attempt (XEP-0203, M-9, H8)', async () => {
  const juliet = `juliet@${CAPULET}/a`;
  const servers = await startTwoServers({ policy: { maxUnackedStanzas: 0 } });
  const romeo = await servers.montague.bound('romeo', 'a');
  const reader = await servers.capulet.bound('juliet', 'a');
  romeo.write(message(juliet, 'm0'));
  await servers.montague.reported('enabled', TO_CAPULET);
  await reader.heard(/id="m0".*<\/message>/);
  servers.toCapulet.refuse();
  for (const link of servers.toCapulet.connections) await servers.toCapulet.cut(link, { how: 'rst' });
  await servers.montague.reported('hibernationStart', TO_CAPULET);
  romeo.write(message(juliet, 'm1'));
  await romeo.write(`<r xmlns='${SM}'/>`).until(/<failed [^>]*>/);
  servers.toCapulet.accept();
  await reader.heard(/id="m1".*<\/message>/);
  expect(stampsOf(reader, 'm1')).toEqual([expect.stringContaining('from="montague.example"')]);
  expect(stampsOf(reader, 'm0')).toEqual([]);
});
