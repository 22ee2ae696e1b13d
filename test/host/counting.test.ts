import { describe, expect, it } from 'vitest';
import { uint32 } from '../../src/index.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { failed, message, resume, SM, streamError } from '../support/raw-client.js';
import { startHost } from '../support/test-host.js';

const R = `<r xmlns='${SM}'/>`;
const ENABLE = `<enable xmlns='${SM}' resume='true'/>`;

describe('the count of received stanzas contains (A-2, A-3)', () => {
  it('every stanza, also an invalid stanza or a stanza without a receiver (server class 5)', async () => {
    const host = await startHost();
    const client = await host.enabled('romeo', 'a');
    const stanzas = [
      "<iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>",
      "<iq type='nonsense' id='1'/>",
      "<iq type='set' id='2'/>",
      "<iq type='result' id='3'/>",
      message('@@@', '4'),
      message('juliet@example.org', '5'),
      message('nobody@localhost', '6'),
      "<message to='/' type='error'/>",
      '<message/>',
      "<presence type='nonsense'/>",
      "<presence to='a b@localhost'/>",
      "<c:message xmlns:c='jabber:client' to='@' id='7'/>",
    ];
    for (const [index, stanza] of stanzas.entries()) {
      client.write(stanza);
      expect(await client.ask(), stanza).toBe(index + 1);
    }
  });

  it('no other input: not white space, stream management, client state, or a refused element (server class 4)', async () => {
    const host = await startHost();
    const client = await host.enabled('romeo', 'a');
    client.write(`  \n${R}<a xmlns='${SM}' h='0'/>${ENABLE}<foo xmlns='${SM}'/>`);
    client.write("<inactive xmlns='urn:xmpp:csi:0'/><active xmlns='urn:xmpp:csi:0'/>");
    await client.until(/<text [^>]*>unknown element/);
    expect(await client.ask()).toBe(0);
  });

  it('the stanzas after <enable/> in one write, and not the stanzas before it', async () => {
    const host = await startHost();
    const client = await host.bound('romeo', 'a');
    client.write(`<presence/>${ENABLE}<presence/>${message('juliet@localhost', '1')}${R}`);
    await client.until(/^<presence [^>]*><enabled [^>]*>/);
    await client.until(/<a xmlns='urn:xmpp:sm:3' h='2'\/>/);
  });

  it('the stanzas after <resume/> in one write', async () => {
    const host = await startHost();
    const old = await host.enabled('romeo', 'a');
    old.write(message('juliet@localhost', '1'));
    await old.ask();
    old.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    const client = await host.login('romeo');
    const more = `<inactive xmlns='urn:xmpp:csi:0'/>${message('juliet@localhost', '2')}${R}`;
    client.write(resume(old.smId, 0) + more);
    await client.expect(`<resumed xmlns='${SM}' h='1' previd='${old.smId}'/>${R}<a xmlns='${SM}' h='2'/>`);
  });

  it('no stanza after a <resume/> that fails, and binding goes on (R-10)', async () => {
    const host = await startHost();
    const client = await host.login('romeo');
    const bind =
      "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>a</resource></bind></iq>";
    client.write(resume('unknown', 0) + bind + ENABLE + R);
    await client.expect(failed('item-not-found'));
    await client.until(/<jid>romeo@localhost\/a<\/jid><\/bind><\/iq><enabled [^>]*><a xmlns='urn:xmpp:sm:3' h='0'\/>$/);
  });

  it('in the other direction: every stanza after <enabled/>', async () => {
    const host = await startHost();
    const juliet = await host.bound('juliet', 'a');
    const client = await host.bound('romeo', 'a');
    juliet.write(message('romeo@localhost/a', '1'));
    await client.until(/id="1".*<\/message>/);
    await client.enable();
    juliet.write(message('romeo@localhost/a', '2'));
    await client.until(/id="2".*<\/message>/);
    client.write(`<a xmlns='${SM}' h='1'/>`);
    await client.ask();
    const counts = `<handled-count-too-high xmlns='${SM}' h='2' send-count='1'/>`;
    const text = 'You acknowledged 2 stanzas, but only 1 were sent to you';
    await client.write(`<a xmlns='${SM}' h='2'/>`).last(streamError('undefined-condition', text, counts));
  });

  it('stanzas modulo 2^32, in both directions and through a resumption (A-4, server class 6)', async () => {
    const host = await startHost({ policy: { initialCount: uint32(4294967294) } });
    const juliet = await host.bound('juliet', 'a');
    const to = (id: string): string => message('romeo@localhost/a', id);
    const from = (id: string): string => message('juliet@localhost/a', id);
    const old = await host.enabled('romeo', 'a');
    expect(await old.ask()).toBe(4294967294);
    old.write(from('1'));
    expect(await old.ask()).toBe(4294967295);
    old.write(from('2') + from('3'));
    expect(await old.ask()).toBe(1);
    juliet.write(['4', '5', '6', '7'].map(to).join(''));
    await old.until(/id="7".*<\/message>/);
    old.write(`<a xmlns='${SM}' h='4294967295'/>`);
    await old.ask();
    old.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    expect(host.of('hibernationStart', 'romeo@localhost/a')[0]).toMatchObject({ unacked: 3 });

    const high = await host.login('romeo');
    await high
      .write(resume(old.smId, 3))
      .until(/<handled-count-too-high xmlns='urn:xmpp:sm:3' h='3' send-count='2'\/>/);
    const client = await host.resumed('romeo', old.smId, 0);
    expect(client.h).toBe(1);
    await client.until(/^<message [^>]*id="6".*<message [^>]*id="7".*<\/message><r xmlns='urn:xmpp:sm:3'\/>$/);
    client.write(`${from('8')}<a xmlns='${SM}' h='2'/>`);
    expect(await client.ask()).toBe(2);
    client.write(`<a xmlns='${SM}' h='4294967294'/>`);
    expect(await client.ask()).toBe(2);
    expect(host.of('acknowledged', 'romeo@localhost/a').flatMap(({ stanzas }) => stanzas)).toHaveLength(4);
    expect(host.of('toleratedViolation', 'romeo@localhost/a')).toHaveLength(1);
  });

  it('handled stanzas, not received ones, with deferHandling: this host answers <r/> with the same h (A-14)', async () => {
    const host = await startHost({ policy: { deferHandling: true } });
    const client = await host.enabled('romeo', 'a');
    client.write(message('juliet@localhost', '1') + message('juliet@localhost', '2'));
    expect(await client.ask()).toBe(2);
    client.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    const again = await host.resumed('romeo', client.smId, 0);
    expect(again.h).toBe(2);
    again.write(message('juliet@localhost', '3'));
    expect(await again.ask()).toBe(3);
  });
});

describe('the end of a stream', () => {
  it('by the client is answered with a last <a/> and </stream:stream>, and the session is over (A-10, C-1, server class 11)', async () => {
    const host = await startHost();
    const nurse = await host.bound('nurse', 'a');
    await nurse.write("<presence/><presence to='romeo@localhost' type='subscribe'/>").until(/subscribed"/);
    const client = await host.enabled('romeo', 'a');
    client.write('<presence/>');
    await nurse.until(/<presence [^>]*from="romeo@localhost\/a"/);
    await client.until(/<presence [^>]*\/>/);
    client.write(`${message('juliet@localhost', '1')}</stream:stream>`);
    await client.last(`<a xmlns='${SM}' h='2'/></stream:stream>`);
    await nurse.until(/<presence [^>]*type="unavailable"/);
    expect(host.of('hibernationStart', 'romeo@localhost/a')).toEqual([]);
    const again = await host.login('romeo');
    await again.write(resume(client.smId, 0)).expect(failed('item-not-found'));
    expect(host.store.size).toEqual({ live: 0, hibernating: 0, remembered: 0 });
  });

  it('without </stream:stream> hibernates the session, by FIN as by RST (C-2)', async () => {
    const host = await startHost();
    for (const [resource, way] of [
      ['a', 'fin'],
      ['b', 'reset'],
    ] as const) {
      const client = await host.enabled('romeo', resource);
      client[way]();
      await host.reported('hibernationStart', `romeo@localhost/${resource}`);
      expect((await host.resumed('romeo', client.smId, 0)).h).toBe(0);
    }
  });

  it('without </stream:stream> ends a session that cannot be resumed, and returns its queue at once (C-3)', async () => {
    const host = await startHost();
    const juliet = await host.bound('juliet', 'a');
    const client = await host.enabled('romeo', 'a', '');
    juliet.write(message('romeo@localhost/a', '1', 'groupchat'));
    await client.until(/<\/message>/);
    client.reset();
    await juliet.until(/id="1"[^>]*type="error".*<recipient-unavailable /);
  });

  it('by a stream error of the client hibernates the session', async () => {
    const host = await startHost();
    const client = await host.enabled('romeo', 'a');
    client.write("<stream:error><connection-timeout xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>");
    await client.last('</stream:stream>');
    expect((await host.resumed('romeo', client.smId, 0)).h).toBe(0);
  });

  it('comes when the client does not finish the negotiation in time (S-2)', async () => {
    const clock = createVirtualClock(Date.now());
    const host = await startHost({ clock, negotiationTime: 30 });
    const bound = await host.enabled('romeo', 'a');
    const resumed = await host.resumed('romeo', bound.smId, 0);
    const silent = await host.connect();
    // Connections are accepted in their order: this one knows that the host has seen the silent one.
    const unbound = await host.login('romeo');
    clock.advance(29_999);
    await unbound.write(resume('unknown', 0)).expect(failed('item-not-found'));
    clock.advance(1);
    await silent.until(/<stream:stream [^>]*>/);
    await silent.last(streamError('connection-timeout'));
    await unbound.last(streamError('connection-timeout'));
    expect(await resumed.ask()).toBe(0);
  });
});

describe('SM-IDs (R-2)', () => {
  it('are all different, have 128 random bits or more, and are not longer than 4000 bytes', async () => {
    const host = await startHost();
    const ids = new Set<string>();
    for (let count = 0; count < 50; count++) ids.add((await host.enabled('romeo', 'a')).smId);
    expect(ids.size).toBe(50);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{22,4000}$/);
    for (let at = 0; at < 22; at++) expect(new Set([...ids].map((id) => id[at])).size).toBeGreaterThan(8);
  });
});
