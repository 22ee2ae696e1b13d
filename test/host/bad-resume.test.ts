import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { failed, message, resume, SM, streamError } from '../support/raw-client.js';
import { startHost } from '../support/test-host.js';

const unexpected = failed('unexpected-request');
const notFound = failed('item-not-found');

describe('a wrong <resume/>', () => {
  it('gets the same answer for an unknown SM-ID, a malformed or empty SM-ID and the SM-ID of another user (R-7, H13)', async () => {
    const host = await startHost();
    const juliet = await host.enabled('juliet', 'a');
    juliet.reset();
    await host.reported('hibernationStart', 'juliet@localhost/a');
    const client = await host.login('romeo');
    for (const previd of [
      juliet.smId,
      'unknown',
      '!&quot;&lt;\u{1F9A6} ',
      'x'.repeat(20_000),
      '__proto__',
      '',
      ' ',
      '&#10;',
    ]) {
      await client.write(resume(previd, 0)).expect(notFound);
    }
    await client.bind('b');
    expect(await client.enable()).not.toBe('');
    expect((await host.resumed('juliet', juliet.smId, 0)).h).toBe(0);
  });

  it('is refused before authentication, with an answer that does not depend on the session (R-12)', async () => {
    const host = await startHost();
    const { smId } = await host.enabled('romeo', 'a');
    const client = await host.connect();
    await client.open();
    await client.write(resume(smId, 0)).expect(unexpected);
    await client.write(resume('unknown', 0)).expect(unexpected);
  });

  it('gets the last h of an expired session each time, until the store forgets that h (R-8, M-8)', async () => {
    const clock = createVirtualClock(Date.now());
    const host = await startHost({ clock, policy: { hibernationTime: 60 }, oldSessionLifetime: 3600 });
    const old = await host.enabled('romeo', 'a');
    old.write(message('juliet@localhost', '1'));
    await old.ask();
    old.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    clock.advance(60_000);
    await host.reported('expired', 'romeo@localhost/a');
    const client = await host.login('romeo');
    for (let time = 0; time < 3; time++) {
      await client.write(resume(old.smId, 0)).expect(failed('item-not-found', { h: 1 }));
    }
    const other = await host.login('juliet');
    await other.write(resume(old.smId, 0)).expect(notFound);
    clock.advance(3_600_000);
    const late = await host.login('romeo');
    await late.write(resume(old.smId, 0)).expect(notFound);
  });

  it('is refused without previd or with an invalid h; the session that it names can be resumed, or still expires (server class 9)', async () => {
    const clock = createVirtualClock(Date.now());
    const host = await startHost({ clock, policy: { hibernationTime: 60 } });
    const [one, two] = [await host.enabled('romeo', 'one'), await host.enabled('romeo', 'two')];
    one.reset();
    two.reset();
    await host.reported('hibernationStart', 'romeo@localhost/one');
    await host.reported('hibernationStart', 'romeo@localhost/two');
    clock.advance(20_000);
    const client = await host.login('romeo');
    const badPrevid = failed('bad-request', { text: 'previd must be an SM-ID' });
    const badH = failed('bad-request', { text: 'h must be an unsignedInt' });
    await client.write(`<resume xmlns='${SM}' h='0'/>`).expect(badPrevid);
    await client.write(`<resume xmlns='${SM}' h='0' previd=''/>`).expect(notFound);
    for (const { smId } of [one, two]) {
      await client.write(`<resume xmlns='${SM}' previd='${smId}'/>`).expect(badH);
      for (const h of ['', '-1', '+0', '0x0', '1 2', 'h', '4294967296', '1.0']) {
        await client.write(resume(smId, h)).expect(badH);
      }
    }
    expect(await client.resume(one.smId, 0)).toBe(0);
    clock.advance(39_999);
    expect(host.of('expired', 'romeo@localhost/two')).toEqual([]);
    clock.advance(1);
    expect(host.of('expired', 'romeo@localhost/two')).toHaveLength(1);
  });

  it('ends the new link when its h is too high, and does not change the hibernating session (A-8, R-5, server class 7)', async () => {
    const clock = createVirtualClock(Date.now());
    const host = await startHost({ clock, policy: { hibernationTime: 60 } });
    const old = await host.enabled('romeo', 'a');
    const juliet = await host.bound('juliet', 'a');
    juliet.write(message('romeo@localhost/a', '1'));
    await old.until(/<\/message>/);
    old.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    clock.advance(30_000);
    const client = await host.login('romeo');
    const counts = `<handled-count-too-high xmlns='${SM}' h='2' send-count='1'/>`;
    const text = 'You acknowledged 2 stanzas, but only 1 were sent to you';
    await client.write(resume(old.smId, 2)).last(streamError('undefined-condition', text, counts));
    const again = await host.resumed('romeo', old.smId, 0);
    await again.until(/^<message [^>]*id="1".*?<\/message><r xmlns='urn:xmpp:sm:3'\/>/);
    again.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a', 2);
    const third = await host.login('romeo');
    await third.write(resume(old.smId, 7)).gone();
    clock.advance(59_999);
    expect(host.of('expired', 'romeo@localhost/a')).toEqual([]);
    clock.advance(1);
    expect(host.of('expired', 'romeo@localhost/a')).toHaveLength(1);
  });

  it('is refused when its h is below what was acknowledged, and a correct <resume/> still works (A-9)', async () => {
    const host = await startHost();
    const old = await host.enabled('romeo', 'a');
    const juliet = await host.bound('juliet', 'a');
    juliet.write(message('romeo@localhost/a', '1') + message('romeo@localhost/a', '2'));
    await old.until(/<\/message>.*<\/message>/);
    old.write(`<a xmlns='${SM}' h='2'/>`);
    await old.ask();
    old.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    const client = await host.login('romeo');
    await client.write(resume(old.smId, 1)).expect(failed('item-not-found', { h: 0 }));
    expect(await client.resume(old.smId, 2)).toBe(0);
  });

  it('is refused after bind, and on a stream that has a session (R-14)', async () => {
    const host = await startHost();
    const old = await host.enabled('romeo', 'a');
    old.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    const client = await host.bound('romeo', 'b');
    await client.write(resume(old.smId, 0)).expect(unexpected);
    const own = await client.enable();
    await client.write(resume(old.smId, 0)).expect(unexpected);
    await client.write(resume(own, 0)).expect(unexpected);
    const third = await host.resumed('romeo', old.smId, 0);
    await third.expect(`<r xmlns='${SM}'/>`);
    await third.write(resume(own, 0)).expect(unexpected);
  });

  it('gets feature-not-implemented when the host does not offer resumption (R-9)', async () => {
    const host = await startHost({ policy: { resume: false } });
    const client = await host.login('romeo');
    await client.write(resume('any', 0)).expect(failed('feature-not-implemented'));
    await client.bind('a');
    expect(await client.enable()).toBe('');
  });
});
