import { describe, expect, it } from 'vitest';
import { failed, message, type RawClient, resume, SM, streamError } from '../support/raw-client.js';
import { startHost, type TestHost } from '../support/test-host.js';

const conflict = streamError('conflict', 'The session was resumed on another stream');
const R = `<r xmlns='${SM}'/>`;

/** Someone who sees romeo's presence and must see nothing of his losses. */
const contact = async (host: TestHost): Promise<RawClient> => {
  const nurse = await host.bound('nurse', 'a');
  await nurse.write("<presence/><presence to='romeo@localhost' type='subscribe'/>").until(/subscribed"/);
  return nurse;
};

describe('<resume/> while the old link is alive (R-11)', () => {
  it('ends the old stream with conflict, continues on the new stream, and contacts see no change', async () => {
    const host = await startHost();
    const nurse = await contact(host);
    const old = await host.enabled('romeo', 'a');
    old.write('<presence/>');
    await old.until(/<presence [^>]*\/>/);
    await nurse.until(/<presence [^>]*from="romeo@localhost\/a"/);
    nurse.write(message('romeo@localhost/a', '1'));
    await old.until(/<\/message>/);
    const client = await host.resumed('romeo', old.smId, 1);
    expect(client.h).toBe(1);
    await old.last(conflict);
    await client.until(/^<message [^>]*id="1".*?<\/message>/);
    await client.expect(R);
    nurse.write(message('romeo@localhost/a', '2'));
    await client.until(/id="2".*<\/message>/);
    client.write(message('nurse@localhost/a', '3'));
    await nurse.until(/id="3".*<\/message>/);
    expect(nurse.received).not.toContain('unavailable');
  });

  it('succeeds for exactly one of two clients at the same time; the other gets conflict (server class 8)', async () => {
    const host = await startHost();
    const nurse = await contact(host);
    const old = await host.enabled('romeo', 'a');
    old.write('<presence/>');
    await old.until(/<presence [^>]*\/>/);
    for (let round = 1; round <= 20; round++) {
      const [one, two] = [await host.login('romeo'), await host.login('romeo')];
      nurse.write(message('romeo@localhost/a', `${round}`));
      one.write(resume(old.smId, 1));
      two.write(resume(old.smId, 1));
      await Promise.all([one.until(/<resumed |<conflict /), two.until(/<resumed |<conflict /)]);
      const refused = [one, two].filter((client) => client.received.includes('<failed '));
      const replaced = [one, two].filter((client) => client.received.includes('<resumed '));
      if (refused.length === 0) await Promise.race([one.gone(), two.gone()]);
      const winner = replaced.find((client) => client.ended === undefined);
      if (winner === undefined) expect.fail('nobody has the session');
      expect([one, two].filter((client) => client.received.includes('<conflict '))).toHaveLength(1);
      await winner.until(new RegExp(`id="${round}"`));
      winner.write(`<a xmlns='${SM}' h='1'/>`);
      expect(await winner.ask()).toBe(1);
      const ids = winner.ids.map(Number);
      expect(ids).toEqual(Array.from({ length: round }, (_, index) => index + 1));
    }
    await nurse.write(R).until(/<failed /);
    expect(nurse.received).not.toContain('unavailable');
  });

  it('under traffic loses and doubles no stanza, in either direction', async () => {
    const host = await startHost({ policy: { maxUnackedStanzas: 3 } });
    const juliet = await host.enabled('juliet', 'a');
    const first = await host.enabled('romeo', 'a');
    const got: string[] = [];
    let next = 0;
    let handed = 0;
    let client: RawClient = first;
    const outbox: string[] = [];
    const TURNS = 40;
    for (let turn = 0; turn < TURNS; turn++) {
      for (let burst = 0; burst < 5; burst++) {
        juliet.write(message('romeo@localhost/a', `to-${next}`));
        outbox.push(`from-${next}`);
        client.write(message('juliet@localhost/a', `from-${next}`));
        next += 1;
      }
      if (turn % 3 === 0) await client.until(/<message [^>]*>/);
      // What this client has read is its h; whatever comes on this link later is void.
      const seen = complete(client);
      got.push(...seen);
      const again: RawClient = await host.login('romeo');
      const h = await again.resume(first.smId, got.length);
      for (const id of outbox.splice(0, h - handed)) expect(id).toBe(`from-${handed++}`);
      for (const id of outbox) again.write(message('juliet@localhost/a', id));
      client = again;
    }
    await juliet.ask();
    await client.heard(new RegExp(`id="to-${next - 1}".*?</message>`));
    got.push(...complete(client));
    const numbers = Array.from({ length: next }, (_, index) => index);
    expect(got).toEqual(numbers.map((n) => `to-${n}`));
    expect(await client.ask()).toBe(next);
    await juliet.heard(new RegExp(`id="from-${next - 1}"`));
    expect(juliet.ids.filter((id) => id !== 'bind')).toEqual(numbers.map((n) => `from-${n}`));
  });
});

describe('the output after <resumed/> (R-4)', () => {
  it('is the replay in order, then <r/>, then newer stanzas', async () => {
    const host = await startHost();
    const juliet = await host.bound('juliet', 'a');
    const old = await host.enabled('romeo', 'a');
    juliet.write(message('romeo@localhost/a', '1'));
    await old.until(/<\/message>/);
    old.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    juliet.write(message('romeo@localhost/a', '2') + message('romeo@localhost/a', '3'));
    await host.reported('stanzaQueued', 'romeo@localhost/a', 2);
    const client = await host.login('romeo');
    client.write(resume(old.smId, 0));
    juliet.write(message('romeo@localhost/a', '4'));
    const [order] = await client.until(/<resumed .*?(?:id="4".*<r |<r .*id="4")/);
    expect(order.match(/<resumed|<r |id="\d"/g)).toEqual(
      // The newer one may have reached the host ahead of the claim.
      order.indexOf('id="4"') < order.indexOf('<r ')
        ? ['<resumed', 'id="1"', 'id="2"', 'id="3"', 'id="4"', '<r ']
        : ['<resumed', 'id="1"', 'id="2"', 'id="3"', '<r ', 'id="4"'],
    );
  });

  it('has an <r/> also when there was no stanza to replay', async () => {
    const host = await startHost();
    const old = await host.enabled('romeo', 'a');
    old.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    const client = await host.login('romeo');
    await client.write(resume(old.smId, 0)).expect(`<resumed xmlns='${SM}' h='0' previd='${old.smId}'/>${R}`);
  });

  it('is the same after any number of breaks during the replay (R-17)', async () => {
    const host = await startHost();
    const juliet = await host.bound('juliet', 'a');
    const old = await host.enabled('romeo', 'a');
    old.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    const ids = Array.from({ length: 30 }, (_, index) => `m${index}`);
    juliet.write(ids.map((id) => message('romeo@localhost/a', id)).join(''));
    await host.reported('stanzaQueued', 'romeo@localhost/a', 30);
    const got: string[] = [];
    for (let round = 0; got.length < ids.length; round++) {
      const client = await host.login('romeo');
      client.write(resume(old.smId, got.length));
      await client.until(/<resumed /);
      await client.until(/<message .*?<\/message>/);
      got.push(...complete(client).slice(0, 7));
      client.reset();
      await host.reported('hibernationStart', 'romeo@localhost/a', round + 2);
    }
    expect(got).toEqual(ids);
  });
});

describe('a bind of a resource that is taken', () => {
  it('ends the session of that resource while it hibernates, and its stanzas go to the new session (server class 8)', async () => {
    const host = await startHost();
    const nurse = await contact(host);
    const old = await host.enabled('romeo', 'a');
    old.write('<presence/>');
    await old.ask();
    old.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    nurse.write(message('romeo@localhost/a', '1'));
    await host.reported('stanzaQueued', 'romeo@localhost/a');
    const client = await host.enabled('romeo', 'a');
    await nurse.until(/<presence [^>]*type="unavailable"/);
    client.write('<presence/>');
    const [, stamps] = await client.until(/<message [^>]*id="1".*?<\/body>(.*?)<\/message>/);
    expect(stamps?.match(/<delay /g)).toHaveLength(1);
    const other = await host.login('romeo');
    await other.write(resume(old.smId, 0)).expect(failed('item-not-found', { h: 1 }));
  });

  it('ends the stream of that resource with conflict while it is open', async () => {
    const host = await startHost();
    const old = await host.enabled('romeo', 'a');
    await host.bound('romeo', 'a');
    await old.last(`<a xmlns='${SM}' h='0'/>${streamError('conflict')}`);
    const plain = await host.bound('romeo', 'b');
    await host.bound('romeo', 'b');
    await plain.last(streamError('conflict'));
  });
});

/** The ids of the messages that came whole. */
const complete = ({ received }: RawClient): string[] =>
  [...received.matchAll(/<message [^>]*id="([^"]+)"[^>]*>.*?<\/message>/gs)].map(([, id]) => id ?? '');
