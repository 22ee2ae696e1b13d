import type { Socket } from 'node:net';
import { type Client, xml } from '@xmpp/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { event, FEATURES, JID, once, SM, Stage } from './xmppjs-server.js';

let stage: Stage;
const rejections: unknown[] = [];
const onRejection = (reason: unknown) => rejections.push(reason);

beforeEach(async () => {
  rejections.length = 0;
  process.on('unhandledRejection', onRejection);
  stage = await Stage.open();
});
afterEach(async () => {
  await stage.close();
  await new Promise(setImmediate);
  process.off('unhandledRejection', onRejection);
  expect(rejections).toEqual([]);
  expect(stage.misuses).toEqual([]);
});

const message = (id: string) => xml('message', { to: 'juliet@capulet.lit', id }, xml('body', {}, id));

const counted = (xmpp: Client, name: string): { count: number } => {
  const counter = { count: 0 };
  xmpp.on(name, () => {
    counter.count += 1;
  });
  return counter;
};

const FAILED = (h = '') =>
  `<failed xmlns='${SM}'${h}><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>`;

/** A session, cut off with `sent` written and `offline` sent afterwards. */
const cut = async (sent: string[], offline: string[], options: Parameters<Stage['online']>[0] = {}) => {
  const { xmpp, sm, peer } = await stage.online(options, { behind: "<message id='in1'/>" });
  const online = counted(xmpp, 'online');
  const written = sent.map((id) => sm.send(message(id)));
  await peer.expectIds(sent.length);
  const hibernating = once(sm, 'hibernationStart');
  peer.socket.destroy();
  await hibernating;
  const queued = offline.map((id) => sm.send(message(id)));
  return { xmpp, sm, online, written, queued, next: await stage.next() };
};

describe('resumption', () => {
  it('replaces binding, and the application notices no break (R-3, R-5, client class L)', async () => {
    const { xmpp, sm, online, written, queued, next } = await cut(['m1', 'm2'], ['m3']);
    expect(sm.status).toBe('hibernating');
    const resume = await next.awaitResume();
    expect(resume.attrs).toMatchObject({ previd: 'sm-1', h: '1' });
    const resumed = once(sm, 'resumed');
    next.write(`<resumed xmlns='${SM}' previd='sm-1' h='1'/>`);
    expect(await resumed).toMatchObject({ acknowledged: 1, replayed: 2 });
    expect(await next.expectIds(3)).toEqual(['m2', 'm3', 'r']);
    expect([...written, ...queued].map(({ state }) => state)).toEqual(['acked', 'written', 'written']);
    expect([xmpp.status, String(xmpp.jid), online.count]).toEqual(['online', JID, 0]);
    next.write(`<a xmlns='${SM}' h='3'/>`);
    await queued[0]?.acked;
  });

  it('writes a stanza that is sent meanwhile only after SASL and after the replay (X11, client class F)', async () => {
    const { xmpp, sm, next } = await cut(['m1'], []);
    await next.until(() => next.opens > 0);
    sm.send(message('m2'));
    await next.awaitResume();
    await xmpp.send(message('m3'));
    await xmpp.sendMany([message('m4'), message('m5')]);
    const resumed = once(sm, 'resumed');
    sm.on('resumed', () => void sm.send(message('m6')));
    next.write(`<resumed xmlns='${SM}' previd='sm-1' h='0'/>`);
    await resumed;
    sm.send(message('m7'));
    expect(await next.expectIds(8)).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'r', 'm6', 'm7']);
    expect(next.heard.map(({ name }) => name).slice(0, 2)).toEqual(['auth', 'resume']);
  });

  it('counts and delivers stanzas in one segment with <resumed/> (X2)', async () => {
    const { xmpp, next } = await cut([], []);
    const ids: string[] = [];
    xmpp.on('stanza', (stanza: ReturnType<typeof xml>) => ids.push(stanza.attrs.id));
    await next.awaitResume();
    next.write(`<resumed xmlns='${SM}' previd='sm-1' h='0'/><message id='in2'/><message id='in3'/><r xmlns='${SM}'/>`);
    await next.expect('r');
    expect((await next.expect('a')).attrs.h).toBe('3');
    expect(ids).toEqual(['in2', 'in3']);
  });

  it('loses no stanza when the connection breaks in the middle of the replay (X10)', async () => {
    const { sm, written, next } = await cut(['m1', 'm2'], []);
    await next.awaitResume();
    const hibernating = once(sm, 'hibernationStart');
    next.write(`<resumed xmlns='${SM}' previd='sm-1' h='0'/>`);
    await next.expectIds(1);
    next.socket.destroy();
    await hibernating;
    const last = await stage.next();
    await last.awaitResume();
    last.write(`<resumed xmlns='${SM}' previd='sm-1' h='1'/>`);
    expect(await last.expectIds(2)).toEqual(['m2', 'r']);
    last.write(`<a xmlns='${SM}' h='2'/>`);
    await Promise.all(written.map(({ acked }) => acked));
  });

  it('is requested again when the connection breaks before the answer (R-17)', async () => {
    const { written, next } = await cut(['m1'], []);
    await next.awaitResume();
    next.socket.destroy();
    const last = await stage.next();
    await last.awaitResume();
    last.write(`<resumed xmlns='${SM}' previd='sm-1' h='1'/>`);
    await written[0]?.acked;
  });

  it('does not deliver a stanza a second time that was delivered but not yet handled (A-14)', async () => {
    const { xmpp, sm } = stage.client({ policy: { deferHandling: true } });
    const stanzas: ReturnType<typeof xml>[] = [];
    xmpp.on('stanza', (stanza: ReturnType<typeof xml>) => stanzas.push(stanza));
    void xmpp.start();
    const peer = await stage.next();
    await peer.establish({ behind: `<message id='in1'/><message id='in2'/><r xmlns='${SM}'/>` });
    await peer.expect('a');
    peer.socket.destroy();
    const next = await stage.next();
    expect((await next.awaitResume()).attrs.h).toBe('0');
    next.write(
      `<resumed xmlns='${SM}' previd='sm-1' h='0'/><message id='in1'/><message id='in2'/><message id='in3'/><r xmlns='${SM}'/>`,
    );
    await next.expectIds(2);
    expect(stanzas.map(({ attrs }) => attrs.id).slice(1)).toEqual(['in1', 'in2', 'in3']);
    for (const stanza of stanzas) sm.handled(stanza);
    next.write(`<r xmlns='${SM}'/>`);
    expect((await next.expect('a')).attrs.h).toBe('3');
  });

  it('does not count a stanza of an ended session for the next session (A-14)', async () => {
    const { xmpp, sm } = stage.client({ policy: { deferHandling: true } });
    const stanzas: ReturnType<typeof xml>[] = [];
    xmpp.on('stanza', (stanza: ReturnType<typeof xml>) => stanzas.push(stanza));
    void xmpp.start();
    const peer = await stage.next();
    await peer.establish({ grant: '', behind: `<message id='old'/><r xmlns='${SM}'/>` });
    await peer.expect('a');
    peer.socket.destroy();
    const next = await stage.next();
    await next.establish({ behind: `<message id='new'/><r xmlns='${SM}'/>` });
    await next.expect('a');
    const [old, fresh] = ['old', 'new'].map((id) => stanzas.find(({ attrs }) => attrs.id === id));
    if (old === undefined || fresh === undefined) throw new Error('a stanza is missing');
    sm.handled(old);
    next.write(`<r xmlns='${SM}'/>`);
    expect((await next.expect('a')).attrs.h).toBe('0');
    sm.handled(fresh);
    next.write(`<r xmlns='${SM}'/>`);
    expect((await next.expect('a')).attrs.h).toBe('1');
  });

  it('keeps IQ requests waiting', async () => {
    const { xmpp, peer } = await stage.online();
    const result = xmpp.iqCaller.request(xml('iq', { type: 'get', id: 'q1' }, xml('ping', { xmlns: 'urn:xmpp:ping' })));
    await peer.expect('iq');
    peer.socket.destroy();
    const next = await stage.next();
    await next.awaitResume();
    next.write(`<resumed xmlns='${SM}' previd='sm-1' h='1'/><iq type='result' id='q1'/>`);
    expect((await result).attrs.id).toBe('q1');
  });

  it('with an h that was never sent acknowledges nothing, and the process does not crash (X4, X3)', async () => {
    const { written, next } = await cut(['m1'], []);
    await next.awaitResume();
    next.write(`<resumed xmlns='${SM}' previd='sm-1' h='9'/>`);
    await next.expect('error');
    await next.expectClose();
    await expect(written[0]?.acked).rejects.toMatchObject({ reason: 'violation' });
  });
});

describe('a resumption that fails', () => {
  it('acknowledges the stanzas that <failed h/> covers, fails the other written stanzas, and sends the unwritten ones (X6, R-15, client class E)', async () => {
    const { xmpp, sm, online, written, queued, next } = await cut(['m1', 'm2'], ['m3']);
    const presence = sm.send(xml('presence', { id: 'p1' }));
    const failed = once(sm, 'resumptionFailed');
    const returned = once(sm, 'returned');
    const isOnline = event(xmpp, 'online');
    await next.awaitResume();
    next.write(FAILED(" h='1'"));
    expect(await failed).toMatchObject({ condition: 'item-not-found', h: 1 });
    await next.bind();
    await next.expect('enable');
    expect(await next.expectIds(1)).toEqual(['m3']);
    await isOnline;
    expect(online.count).toBe(1);
    expect(written.map(({ state }) => state)).toEqual(['acked', 'failed']);
    expect(queued.map(({ state }) => state)).toEqual(['written']);
    await expect(written[1]?.acked).rejects.toMatchObject({ reason: 'resumptionFailed', written: true });
    await expect(presence.acked).rejects.toMatchObject({ reason: 'resumptionFailed', written: false });
    expect((await returned).stanzas.map(({ xml }) => /id="(\w+)"/.exec(xml)?.[1])).toEqual(['m2', 'p1']);
    next.write(`<enabled xmlns='${SM}' id='sm-2' resume='true'/><a xmlns='${SM}' h='1'/>`);
    await queued[0]?.acked;
  });

  it('fails every written stanza when <failed/> has no h (client class G)', async () => {
    const { written, next } = await cut(['m1', 'm2'], []);
    await next.awaitResume();
    next.write(FAILED());
    await next.bind();
    await next.expect('enable');
    for (const { acked } of written)
      await expect(acked).rejects.toMatchObject({ reason: 'resumptionFailed', written: true });
  });

  it("sends no stanza again with `resend: 'none'`", async () => {
    const { queued, next } = await cut([], ['m1'], { resend: 'none' });
    await next.awaitResume();
    next.write(FAILED());
    await expect(queued[0]?.acked).rejects.toMatchObject({ reason: 'resumptionFailed', written: false });
  });

  it('starts both counts of the new session at 0 (X8)', async () => {
    const { sm, next } = await cut(['m1', 'm2', 'm3'], []);
    await next.awaitResume();
    next.write(FAILED());
    await next.bind();
    await next.expect('enable');
    next.write(`<enabled xmlns='${SM}' id='sm-2' resume='true'/><message id='in2'/><r xmlns='${SM}'/>`);
    expect((await next.expect('a')).attrs.h).toBe('1');
    const receipt = sm.send(message('m4'));
    next.write(`<a xmlns='${SM}' h='1'/>`);
    await receipt.acked;
  });
});

describe('a session that is lost', () => {
  it('because stream management is not offered any more: the next session starts at 0 (X8)', async () => {
    const { xmpp, sm, written, queued, next } = await cut(['m1'], ['m2']);
    const isOnline = event(xmpp, 'online');
    await next.authenticate(FEATURES.replace(/<sm .*/, ''));
    await next.bind();
    await isOnline;
    expect(await next.expectIds(1)).toEqual(['m2']);
    await expect(written[0]?.acked).rejects.toMatchObject({ reason: 'resumptionFailed', written: true });
    await expect(queued[0]?.acked).rejects.toMatchObject({ reason: 'unmanaged', written: true });
    expect(sm.status).toBe('unmanaged');
  });

  it('because it cannot be resumed fails the written stanzas, and the next session counts from 0 (X7)', async () => {
    const { sm, peer } = await stage.online({}, { grant: '' });
    const receipts = ['m1', 'm2'].map((id) => sm.send(message(id)));
    await peer.expectIds(2);
    const ended = once(sm, 'ended');
    peer.socket.destroy();
    await ended;
    for (const { acked } of receipts) await expect(acked).rejects.toMatchObject({ reason: 'lost', written: true });
    const later = sm.send(message('n1'));
    const next = await stage.next();
    await next.establish();
    expect(await next.expectIds(1)).toEqual(['n1']);
    next.write(`<a xmlns='${SM}' h='1'/>`);
    await later.acked;
  });

  it('after its time is over: the server is still asked, and its answer decides (R-15, design law 10)', async () => {
    const clock = createVirtualClock();
    const { sm, written, queued, next } = await cut(['m1', 'm2'], ['m3'], { clock, negotiationTime: 0 });
    await next.until(() => next.opens > 0);
    const overdue = once(sm, 'overdue');
    clock.advance(600_000);
    await overdue;
    expect(written.map(({ state }) => state)).toEqual(['written', 'written']);
    await next.awaitResume();
    next.write(FAILED(" h='1'"));
    await written[0]?.acked;
    await expect(written[1]?.acked).rejects.toMatchObject({ reason: 'resumptionFailed', written: true });
    await next.bind();
    await next.expect('enable');
    next.write(`<enabled xmlns='${SM}' id='sm-2' resume='true'/>`);
    expect(await next.expectIds(1)).toEqual(['m3']);
    expect(queued[0]?.state).toBe('written');
  });
});

describe('a dead link', () => {
  it('is destroyed although its buffers are full, and the session is resumed on another link (X14, client class I)', async () => {
    const clock = createVirtualClock();
    const { sm, peer } = await stage.online({ clock, policy: { maxQueueBytes: 1e9 } });
    peer.socket.pause();
    const receipt = sm.send(message('x'.repeat(32 * 1024 * 1024)));
    sm.probe();
    const hibernating = once(sm, 'hibernationStart');
    clock.advance(60_000);
    await hibernating;
    const next = await stage.next();
    await next.awaitResume();
    next.write(`<resumed xmlns='${SM}' previd='sm-1' h='1'/>`);
    await receipt.acked;
  });

  it('leaves a socket whose late errors cause no crash (X15)', async () => {
    const clock = createVirtualClock();
    const { xmpp, sm } = await stage.online({ clock });
    const socket = xmpp.socket as Socket;
    sm.probe();
    clock.advance(60_000);
    expect(socket.destroyed).toBe(true);
    expect(() => socket.emit('error', new Error('ETIMEDOUT'))).not.toThrow();
  });

  it('is reported as late before it is destroyed (M-6)', async () => {
    const clock = createVirtualClock();
    const { sm } = await stage.online({ clock });
    const delayed = once(sm, 'ackDelayed');
    sm.send(message('m1'));
    sm.probe();
    clock.advance(30_000);
    expect(await delayed).toMatchObject({ unacked: 1 });
    expect(sm.status).toBe('enabled');
  });
});

describe('a stream that xmpp.js opens although its connection is gone, as after STARTTLS', () => {
  it('does not prevent a new connection, and the session is resumed (client class I)', async () => {
    const { xmpp, sm, peer } = await stage.online();
    const resumed = once(sm, 'resumed');
    xmpp.once(
      'disconnect',
      () =>
        void Reflect.get(xmpp, 'restart')
          .call(xmpp)
          .catch(() => {}),
    );
    peer.socket.destroy();
    const next = await stage.next();
    await next.awaitResume();
    next.write(`<resumed xmlns='${SM}' previd='sm-1' h='0'/>`);
    await resumed;
    expect(xmpp.status).toBe('online');
  });
});

describe('sending without a connection', () => {
  it('is accepted before start(), while connecting and during SASL, in order (X12)', async () => {
    const { xmpp, sm } = stage.client();
    await xmpp.send(message('m1'));
    sm.send(message('m2'));
    const start = xmpp.start();
    sm.send(message('m3'));
    const peer = await stage.next();
    await peer.until(() => peer.opens > 0);
    sm.send(message('m4'));
    await peer.authenticate();
    await xmpp.send(message('m5'));
    await peer.bind();
    await peer.expect('enable');
    await start;
    expect(await peer.expectIds(5)).toEqual(['m1', 'm2', 'm3', 'm4', 'm5']);
  });

  it('keeps an IQ request until there is a connection', async () => {
    const { xmpp } = stage.client();
    const result = xmpp.iqCaller.request(xml('iq', { type: 'get', id: 'q1' }, xml('ping', { xmlns: 'urn:xmpp:ping' })));
    void xmpp.start();
    const peer = await stage.next();
    await peer.establish();
    await peer.expect('iq');
    peer.write("<iq type='result' id='q1'/>");
    expect((await result).attrs.id).toBe('q1');
  });

  it('refuses an element that is not a stanza', async () => {
    const { xmpp } = stage.client();
    await expect(xmpp.send(xml('inactive', { xmlns: 'urn:xmpp:csi:0' }))).rejects.toThrow('no stream');
  });
});
