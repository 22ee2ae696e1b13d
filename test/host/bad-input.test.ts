import { describe, expect, it } from 'vitest';
import { failed, HEADER, message, resume, SM, streamError } from '../support/raw-client.js';
import { startHost } from '../support/test-host.js';

const enable = `<enable xmlns='${SM}' resume='true'/>`;
const unexpected = failed('unexpected-request');

describe('a wrong <enable/>', () => {
  it('is refused before authentication and before bind, and the stream goes on (E-3)', async () => {
    const host = await startHost();
    const client = await host.connect();
    await client.open();
    await client.write(enable).expect(unexpected);
    await client.authenticate('romeo');
    await client.open();
    await client.write(enable).expect(unexpected);
    await client.bind('a');
    expect(await client.enable()).not.toBe('');
  });

  it('is refused the second time, and the running session goes on counting (E-9)', async () => {
    const host = await startHost();
    const client = await host.enabled('romeo', 'a');
    client.write(message('juliet@localhost', '1'));
    await client.write(enable).expect(unexpected);
    expect(await client.ask()).toBe(1);
    client.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    expect((await host.resumed('romeo', client.smId, 0)).h).toBe(1);
  });

  it('ends the stream the second time when the policy says so, and the h stays readable (E-9)', async () => {
    const host = await startHost({ policy: { secondEnable: 'close' } });
    const client = await host.enabled('romeo', 'a');
    await client.write(enable).last(streamError('policy-violation', 'Stream management is enabled already'));
    const again = await host.login('romeo');
    await again.write(resume(client.smId, 0)).expect(failed('item-not-found', { h: 0 }));
  });

  it('is refused with an invalid max or resume, and the stream can still enable (E-10, E-12)', async () => {
    const host = await startHost();
    const client = await host.bound('romeo', 'a');
    const badMax = failed('bad-request', { text: 'max must be a positive integer' });
    const badResume = failed('bad-request', { text: 'resume must be a boolean' });
    for (const max of ['0', '-1', '1.5', '', '1e3', '0x10', '1 0']) {
      await client.write(`<enable xmlns='${SM}' resume='true' max='${max}'/>`).expect(badMax);
    }
    for (const wish of ['maybe', '', 'TRUE', '2']) {
      await client.write(`<enable xmlns='${SM}' resume='${wish}'/>`).expect(badResume);
    }
    expect(await client.enable()).not.toBe('');
  });

  it("is granted at most the server's limit, however large its max is (E-6, E-12, server class 23)", async () => {
    const host = await startHost({ policy: { hibernationTime: 300 } });
    for (const [max, granted] of [
      ['99999999999999999999999999', '300'],
      ['7', '7'],
      [' 8 ', '8'],
    ]) {
      const client = await host.bound('romeo', `max-${granted}`);
      client.write(`<enable xmlns='${SM}' resume='1' max='${max}'/>`);
      const [, id] = await client.until(/^<enabled xmlns='urn:xmpp:sm:3' id='([^']+)'/);
      expect(id).toMatch(/^.{22,}$/);
      await client.expect(` resume='true' max='${granted}'/>`);
    }
  });

  it('is granted without resumption when it does not ask for it, or the host does not offer it (E-5)', async () => {
    const plain = `<enabled xmlns='${SM}'/>`;
    const client = await (await startHost()).bound('romeo', 'a');
    await client.write(`<enable xmlns='${SM}' resume='false'/>`).expect(plain);
    const off = await (await startHost({ policy: { resume: false } })).bound('romeo', 'a');
    await off.write(enable).expect(plain);
  });

  it('is read in urn:xmpp:sm:2 only with an option, and answered in the same namespace', async () => {
    const sm2 = "<enable xmlns='urn:xmpp:sm:2'/>";
    const client = await (await startHost({ acceptSm2: true })).bound('romeo', 'a');
    expect(client.received).toContain("<sm xmlns='urn:xmpp:sm:3'/><sm xmlns='urn:xmpp:sm:2'/>");
    await client.write(sm2).expect("<enabled xmlns='urn:xmpp:sm:2'/>");
    await client.write("<r xmlns='urn:xmpp:sm:2'/>").expect("<a xmlns='urn:xmpp:sm:2' h='0'/>");
    const without = await (await startHost()).bound('romeo', 'a');
    await without.write(sm2).last(streamError('unsupported-stanza-type'));
  });
});

describe('a wrong <a/>', () => {
  it('with an h too high ends the session, names both counts and returns the queue (A-8, A-12)', async () => {
    const host = await startHost();
    const juliet = await host.enabled('juliet', 'a');
    const client = await host.enabled('romeo', 'a');
    juliet.write(message('romeo@localhost/a', '1', 'normal') + message('romeo@localhost/a', '2', 'groupchat'));
    await client.until(/<\/message>.*<\/message>/);
    const counts = `<handled-count-too-high xmlns='${SM}' h='3' send-count='2'/>`;
    const text = 'You acknowledged 3 stanzas, but only 2 were sent to you';
    await client.write(`<a xmlns='${SM}' h='3'/>`).last(streamError('undefined-condition', text, counts));
    await juliet.until(/<message [^>]*id="2"[^>]*type="error".*<recipient-unavailable /);
    const again = await host.login('romeo');
    await again.write(resume(client.smId, 0)).expect(failed('item-not-found', { h: 0 }));
  });

  it('with an h below the last h removes nothing, is reported, and the session goes on (A-9, A-11)', async () => {
    const host = await startHost();
    const juliet = await host.bound('juliet', 'a');
    const client = await host.enabled('romeo', 'a');
    juliet.write(['1', '2', '3'].map((id) => message('romeo@localhost/a', id)).join(''));
    await client.until(/(<message.*?<\/message>){3}/);
    client.write(`<a xmlns='${SM}' h='2'/><a xmlns='${SM}' h='2'/><a xmlns='${SM}' h='1'/>`);
    expect(await client.ask()).toBe(0);
    expect(host.of('acknowledged', 'romeo@localhost/a').map(({ stanzas }) => stanzas.length)).toEqual([2]);
    expect(host.of('toleratedViolation', 'romeo@localhost/a')).toHaveLength(1);
    client.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    const again = await host.resumed('romeo', client.smId, 2);
    await again.until(/^<message [^>]*id="3".*?<\/message><r xmlns='urn:xmpp:sm:3'\/>$/);
  });

  it.each(['', "h=''", "h='-1'", "h='+1'", "h='0x1'", "h='1 1'", "h='1.0'", "h='1e0'", "h='4294967296'", "h='one'"])(
    'with %s ends the stream with invalid-xml and removes nothing (A-7)',
    async (h) => {
      const host = await startHost();
      const juliet = await host.enabled('juliet', 'a');
      const client = await host.enabled('romeo', 'a');
      juliet.write(message('romeo@localhost/a', '1', 'groupchat'));
      await client.until(/<\/message>/);
      const text = "'h' of <a/> is not an unsignedInt";
      await client.write(`<a xmlns='${SM}' ${h}/>`).last(streamError('invalid-xml', text));
      await juliet.until(/<message [^>]*id="1"[^>]*type="error"/);
      expect(host.of('acknowledged', 'romeo@localhost/a')).toEqual([]);
    },
  );

  it('is legal with white space around the number (A-7)', async () => {
    const host = await startHost();
    const client = await host.enabled('romeo', 'a');
    client.write(`<a xmlns='${SM}' h=' \t0&#10;'/><a xmlns='${SM}' h='000'/>`);
    expect(await client.ask()).toBe(0);
  });
});

describe('elements of stream management in the wrong place (X-2)', () => {
  const a = `<a xmlns='${SM}' h='0'/>`;
  const forServers = [
    `<enabled xmlns='${SM}' id='x' resume='true'/>`,
    `<resumed xmlns='${SM}' previd='x' h='0'/>`,
    `<resumed xmlns='${SM}' previd='x' h='one'/>`,
    `<resumed xmlns='${SM}' previd='x'/>`,
    `<resumed xmlns='${SM}' h='4294967296'/>`,
    `<resumed xmlns='${SM}'/>`,
    `<failed xmlns='${SM}' h='0'/>`,
    `<failed xmlns='${SM}'/>`,
  ];
  const unknown = failed('unexpected-request', { text: 'unknown element of stream management' });

  it('<r/> and <a/> before enablement, with or without a good h, are refused, and the stream goes on', async () => {
    const host = await startHost();
    const client = await host.connect();
    const refused = async (): Promise<void> => {
      await client.write(`<r xmlns='${SM}'/>`).expect(unexpected);
      for (const element of [a, `<a xmlns='${SM}'/>`, `<a xmlns='${SM}' h='-1'/>`, `<a xmlns='${SM}' h='one'/>`])
        await client.write(element).expect(unexpected);
    };
    await client.open();
    await refused();
    await client.authenticate('romeo');
    await client.open();
    await refused();
    await client.bind('a');
    await refused();
    expect(await client.enable()).not.toBe('');
    expect(await client.ask()).toBe(0);
  });

  it('an element that only a server may send, or that is unknown, is refused in every state; h does not change', async () => {
    const host = await startHost();
    const client = await host.connect();
    const refused = async (): Promise<void> => {
      for (const element of forServers) await client.write(element).expect(unexpected);
      for (const name of ['foo', 'R', 'message', 'handled-count-too-high'])
        await client.write(`<${name} xmlns='${SM}'/>`).expect(unknown);
    };
    await client.open();
    await refused();
    await client.authenticate('romeo');
    await client.open();
    await refused();
    await client.bind('a');
    await refused();
    const smId = await client.enable();
    client.write(message('juliet@localhost', '1'));
    await refused();
    expect(await client.ask()).toBe(1);
    client.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    expect((await host.resumed('romeo', smId, 0)).h).toBe(1);
  });
});

describe('half an element', () => {
  it('ends with its link: it is not counted, and the next link reads no part of it', async () => {
    const host = await startHost();
    const juliet = await host.bound('juliet', 'a');
    await juliet.write('<presence/>').until(/<presence/);
    const old = await host.enabled('romeo', 'a');
    const whole = message('juliet@localhost/a', '2');
    for (let cut = 1; cut < whole.length; cut += 9) {
      const client = cut === 1 ? old : await host.resumed('romeo', old.smId, 0);
      client.write((cut === 1 ? message('juliet@localhost/a', '1') : '') + whole.slice(0, cut));
      if (cut === 1) await juliet.until(/id="1".*<\/message>/);
      client.fin();
      await host.reported('hibernationStart', 'romeo@localhost/a', Math.ceil(cut / 9));
    }
    const last = await host.resumed('romeo', old.smId, 0);
    expect(last.h).toBe(1);
    last.write(whole);
    expect(await last.ask()).toBe(2);
    await juliet.until(/id="2".*<\/message>/);
    expect(juliet.ids.filter((id) => id !== 'bind')).toEqual(['1', '2']);
  });

  it('of a header, or no input, ends a connection without further effect', async () => {
    const host = await startHost();
    for (const bytes of ['', '<', HEADER.slice(0, 60), HEADER]) {
      const client = await host.connect();
      client.write(bytes).fin();
      await client.gone();
    }
    await host.reported('ended', 'unauthenticated', 4);
    expect(host.events.filter(({ report }) => report.type !== 'ended')).toEqual([]);
  });
});
