import { describe, expect, it } from 'vitest';
import type { HostOptions } from '../../src/host/host.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { failed, message, type RawClient, resume, SM, streamError } from '../support/raw-client.js';
import { startHost } from '../support/test-host.js';

const ROMEO = 'romeo@localhost/a';
const R = `<r xmlns='${SM}'/>`;
const OVERFLOW = streamError('policy-violation', 'Too many unacknowledged stanzas');

const start = async (policy: HostOptions['policy'] = {}) => {
  const clock = createVirtualClock(Date.now());
  const limits = { maxQueueStanzas: 10, overflowGrace: 5, maxUnackedStanzas: 1000, ackIdle: 1000, ...policy };
  const host = await startHost({ clock, policy: limits, probeIdle: 0 });
  const juliet = await host.bound('juliet', 'a');
  const romeo = await host.enabled('romeo', 'a');
  let last = 0;
  /** Groupchat: it may be returned, and is never stored. */
  const send = (count: number, size = 0): void => {
    for (let sent = 0; sent < count; sent++) {
      last += 1;
      const padding = size > 0 ? 'x'.repeat(size) : '';
      juliet.write(message('romeo@localhost/a', `${last}`, 'groupchat').replace('<body>', `<body>${padding}`));
    }
  };
  return { clock, host, juliet, romeo, send };
};

/** The ids of what came back to its sender, in order. */
const returned = ({ received }: RawClient): string[] =>
  [...received.matchAll(/<message [^>]*id="(\d+)"[^>]*type="error"><error type="wait"><recipient-unavailable /g)].map(
    ([, id]) => id ?? '',
  );

/** The ids of all errors, in order. */
const errors = ({ received }: RawClient): string[] =>
  [...received.matchAll(/<message [^>]*id="(\d+)"[^>]*type="error">/g)].map(([, id]) => id ?? '');

const upTo = (count: number): string[] => Array.from({ length: count }, (_, index) => `${index + 1}`);

describe('the queue limit (M-10, S-2)', () => {
  it('is reported at 80 %, sends <r/> at once when it is reached, and ends when the client acknowledges', async () => {
    const { clock, host, juliet, romeo, send } = await start();
    send(7);
    await juliet.write(R).until(/<failed/);
    expect(host.of('queuePressure', ROMEO)).toEqual([]);
    send(1);
    expect(await host.reported('queuePressure', ROMEO)).toMatchObject({ unacked: 8, full: false });
    send(1);
    await romeo.until(/id="9".*<\/message>/);
    expect(romeo.received).not.toContain(R);
    send(1);
    expect(await host.reported('queuePressure', ROMEO, 2)).toMatchObject({ unacked: 10, full: true });
    await romeo.until(/<message [^>]*id="10".*<\/message><r xmlns='urn:xmpp:sm:3'\/>$/);
    clock.advance(4_999);
    romeo.write(`<a xmlns='${SM}' h='10'/>`);
    expect(await romeo.ask()).toBe(0);
    clock.advance(600_000);
    send(1);
    await romeo.until(/id="11"/);
    expect(returned(juliet)).toEqual([]);
  });

  it('ends the stream after the grace period with policy-violation, and every stanza is returned in order (server class 12)', async () => {
    const { clock, host, juliet, romeo, send } = await start();
    send(12);
    await romeo.until(/id="10".*<\/message><r [^>]*>/);
    clock.advance(4_999);
    expect(host.of('returned', ROMEO)).toEqual([]);
    clock.advance(1);
    await romeo.last(OVERFLOW);
    await juliet.heard(/id="12"[^>]*type="error"/);
    expect(returned(juliet)).toEqual(upTo(10));
    expect(errors(juliet)).toEqual(upTo(12));
    expect(host.of('returned', ROMEO)).toMatchObject([{ reason: 'overflow' }]);
    const again = await host.login('romeo');
    await again.write(resume(romeo.smId, 0)).expect(failed('item-not-found', { h: 0 }));
  });

  it('slows the sender down at the limit, and after the grace period every stanza comes back once', async () => {
    const { clock, host, juliet, romeo, send } = await start();
    send(25);
    await romeo.until(/id="10".*<\/message>/);
    expect(returned(juliet)).toEqual([]);
    clock.advance(5_000);
    await romeo.gone();
    await juliet.heard(/id="25"[^>]*type="error"/);
    expect(errors(juliet)).toEqual(upTo(25));
    expect(host.of('returned', ROMEO).map(({ reason }) => reason)).toEqual(['overflow']);
  });

  it('counts characters as well as stanzas', async () => {
    const { clock, host, juliet, romeo, send } = await start({ maxQueueStanzas: 1000, maxQueueBytes: 20_000 });
    send(3, 4_000);
    await romeo.until(/id="3".*<\/message>/);
    expect(host.of('queuePressure', ROMEO)).toEqual([]);
    send(1, 4_000);
    expect((await host.reported('queuePressure', ROMEO)).full).toBe(false);
    send(1, 4_000);
    expect((await host.reported('queuePressure', ROMEO, 2)).full).toBe(true);
    clock.advance(5_000);
    await romeo.until(new RegExp(`${OVERFLOW}$`));
    await juliet.heard(/id="5"[^>]*type="error"/);
    expect(returned(juliet)).toEqual(upTo(5));
  });

  it('ends a hibernating session when a stanza has no room: every stanza is returned, and that one too', async () => {
    const { host, juliet, romeo, send } = await start();
    romeo.reset();
    await host.reported('hibernationStart', ROMEO);
    send(10);
    await host.reported('stanzaQueued', ROMEO, 10);
    send(1);
    await juliet.heard(/id="11"[^>]*type="error"/);
    expect(returned(juliet)).toEqual(upTo(11));
    const again = await host.login('romeo');
    await again.write(resume(romeo.smId, 0)).expect(failed('item-not-found', { h: 0 }));
  });

  it('also holds for a session that is resumed with a full queue', async () => {
    const { clock, host, juliet, romeo, send } = await start();
    romeo.reset();
    await host.reported('hibernationStart', ROMEO);
    send(10);
    await host.reported('stanzaQueued', ROMEO, 10);
    const again = await host.resumed('romeo', romeo.smId, 0);
    send(1);
    await again.until(/id="11".*<\/message>/);
    clock.advance(5_000);
    await again.last(OVERFLOW);
    await juliet.heard(/id="11"[^>]*type="error"/);
    expect(returned(juliet)).toEqual(upTo(11));
  });
});

describe('an <r/> of the host (P-1, P-2, P-3)', () => {
  it('is sent after the stanza that makes it due, once until it is answered, and after a pause', async () => {
    const { clock, romeo, send } = await start({ maxUnackedStanzas: 2, ackIdle: 2 });
    send(2);
    await romeo.until(/id="2".*<\/message>$/);
    send(3);
    await romeo.until(/id="3".*<\/message><r xmlns='urn:xmpp:sm:3'\/>(<message.*?<\/message>){2}$/);
    romeo.write(`<a xmlns='${SM}' h='4'/>`);
    await romeo.ask();
    clock.advance(1_999);
    expect(await romeo.ask()).toBe(0);
    clock.advance(1);
    await romeo.expect(R);
  });

  it('leads to a report when its answer is late, and to a lost link when its answer is later still (M-6)', async () => {
    const { clock, host, romeo, send } = await start({ maxUnackedStanzas: 0, maxAckDelay: 30, deadAfter: 60 });
    send(1);
    await romeo.until(/<r /);
    clock.advance(29_999);
    expect(host.of('ackDelayed', ROMEO)).toEqual([]);
    clock.advance(1);
    expect(host.of('ackDelayed', ROMEO)).toMatchObject([{ unacked: 1, stanzas: [{ kind: 'message' }] }]);
    clock.advance(30_000);
    await romeo.gone();
    await host.reported('hibernationStart', ROMEO);
    const again = await host.resumed('romeo', romeo.smId, 0);
    await again.until(/id="1".*<\/message><r /);
  });

  it('is sent to an inactive client when more stanzas wait, or the client is active again, and not before ackIdle (M-5)', async () => {
    const { clock, romeo, send } = await start({ maxUnackedStanzas: 0, maxInactiveUnackedStanzas: 3, ackIdle: 2 });
    romeo.write("<inactive xmlns='urn:xmpp:csi:0'/>");
    await romeo.ask();
    send(3);
    await romeo.until(/id="3".*<\/message>$/);
    clock.advance(1_999);
    expect(await romeo.ask()).toBe(0);
    romeo.write("<active xmlns='urn:xmpp:csi:0'/>");
    await romeo.expect(R);
    romeo.write(`<a xmlns='${SM}' h='3'/><inactive xmlns='urn:xmpp:csi:0'/>`);
    await romeo.ask();
    send(4);
    await romeo.until(/id="7".*<\/message><r xmlns='urn:xmpp:sm:3'\/>$/);
  });
});
