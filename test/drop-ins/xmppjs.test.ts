import { type Client, xml } from '@xmpp/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ReceiptState, UnacknowledgedError } from '../../src/drop-ins/xmppjs/stream-management.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { event, FEATURES, JID, once, type Peer, SM, Stage } from './xmppjs-server.js';

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

const message = (id: string, attrs: object = {}) =>
  xml('message', { to: 'juliet@capulet.lit', id, ...attrs }, xml('body', {}, id));

const stanzasOf = (xmpp: Client): string[] => {
  const ids: string[] = [];
  xmpp.on('stanza', (stanza: ReturnType<typeof xml>) => ids.push(stanza.attrs.id));
  return ids;
};

describe('enabling', () => {
  it('requests a session that can be resumed, right after binding and before any stanza of the application (E-2, R-1)', async () => {
    const { xmpp, sm } = stage.client({ policy: { hibernationTime: 42 } });
    xmpp.on('online', () => void xmpp.send(xml('presence', { id: 'here' })));
    const start = xmpp.start();
    const enabled = once(sm, 'enabled');
    const peer = await stage.next();
    const enable = await peer.establish();
    expect(enable.attrs).toMatchObject({ resume: 'true', max: '42' });
    expect(await peer.expectIds(1)).toEqual(['here']);
    expect(String(await start)).toBe(JID);
    await enabled;
    expect(sm.status).toBe('enabled');
  });

  it('goes on without stream management where the server does not offer it, and fails every receipt (A-13)', async () => {
    const { xmpp, sm } = stage.client();
    const receipt = sm.send(message('early'));
    const start = xmpp.start();
    const peer = await stage.next();
    await peer.authenticate(FEATURES.replace(/<sm .*/, ''));
    await peer.bind();
    await start;
    expect(await peer.expectIds(1)).toEqual(['early']);
    await expect(receipt.acked).rejects.toMatchObject({ reason: 'unmanaged', written: true });
    await expect(xmpp.send(message('later'))).resolves.toBeUndefined();
    expect(sm.status).toBe('unmanaged');
  });

  it('goes on without stream management where the server refuses it (E-11)', async () => {
    const { xmpp, sm } = stage.client();
    const refused = once(sm, 'refused');
    const start = xmpp.start();
    const peer = await stage.next();
    await peer.authenticate();
    await peer.bind();
    await peer.expect('enable');
    peer.write(`<failed xmlns='${SM}'><feature-not-implemented xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>`);
    expect(await refused).toMatchObject({ condition: 'feature-not-implemented' });
    await start;
    await xmpp.send(message('m1'));
    expect(await peer.expectIds(1)).toEqual(['m1']);
  });

  it('writes an element that is not a stanza while it waits for <enabled/>, and does not count it (A-3)', async () => {
    const { xmpp, sm } = stage.client();
    const online = event(xmpp, 'online');
    const start = xmpp.start();
    const peer = await stage.next();
    await peer.authenticate();
    await peer.bind();
    await online;
    await peer.expect('enable');
    await xmpp.send(xml('inactive', { xmlns: 'urn:xmpp:csi:0' }));
    expect((await peer.expect('inactive')).attrs.xmlns).toBe('urn:xmpp:csi:0');
    expect(sm.status).toBe('enabling');
    await start;
  });

  it('has to be set up before the client starts, on a client of xmpp.js', async () => {
    const { streamManagement } = await import('../../src/drop-ins/xmppjs/stream-management.js');
    const { xmpp } = await stage.online();
    expect(() => streamManagement(xmpp)).toThrow('before the client is started');
    const other = { start: async () => {}, stop: async () => {}, send: async () => {} };
    expect(() => streamManagement(other)).toThrow(TypeError);
  });
});

describe('receipts', () => {
  it('go from queued to written to acked, and report each change once (client class D)', async () => {
    const { sm, peer } = await stage.online();
    const stanza = message('m1');
    const receipt = sm.send(stanza);
    const states: ReceiptState[] = [];
    receipt.subscribe((state) => states.push(state));
    expect(receipt.stanza).toBe(stanza);
    expect(receipt.state).toBe('written');
    await peer.expect('message');
    peer.write(`<a xmlns='${SM}' h='1'/><a xmlns='${SM}' h='1'/>`);
    await receipt.acked;
    expect(receipt.state).toBe('acked');
    expect(states).toEqual(['acked']);
  });

  it('report every state of a stanza that was sent before the client was started', async () => {
    const { xmpp, sm } = stage.client();
    const receipt = sm.send(message('m1'));
    const states: ReceiptState[] = [receipt.state];
    receipt.subscribe((state) => states.push(state));
    const start = xmpp.start();
    const peer = await stage.next();
    await peer.establish();
    await start;
    peer.write(`<a xmlns='${SM}' h='1'/>`);
    await receipt.acked;
    expect(states).toEqual(['queued', 'written', 'acked']);
  });

  it('reject with the reason, whether the stanza was written, and the stanza', async () => {
    const { xmpp, sm } = stage.client({ policy: { maxQueueStanzas: 1 } });
    sm.send(message('m1'));
    const stanza = message('m2');
    const receipt = sm.send(stanza);
    await expect(receipt.acked).rejects.toBeInstanceOf(UnacknowledgedError);
    await expect(receipt.acked).rejects.toMatchObject({ reason: 'queueFull', written: false, stanza });
    await expect(xmpp.send(message('m3'))).rejects.toMatchObject({ reason: 'queueFull' });
  });

  it('exist only for stanzas', () => {
    const { sm } = stage.client();
    expect(() => sm.send(xml('r', { xmlns: SM }))).toThrow(TypeError);
  });

  it('are settled by stop(), once each, and cause no unhandled rejection when the application ignores them (client class M)', async () => {
    const clock = createVirtualClock();
    const { xmpp, sm, peer } = await stage.online({ clock });
    const receipts = [sm.send(message('m1')), sm.send(message('m2'))];
    const finals: ReceiptState[] = [];
    for (const receipt of receipts) {
      receipt.subscribe((state) => finals.push(state));
      void receipt.acked;
    }
    await peer.expectIds(2);
    const stopped = xmpp.stop();
    await peer.expect('r');
    clock.advance(2_000);
    await peer.expectClose();
    peer.write('</stream:stream>');
    peer.socket.end();
    await stopped;
    expect(finals).toEqual(['failed', 'failed']);
    await expect(receipts[0]?.acked).rejects.toMatchObject({ reason: 'closed', written: true });
  });
});

describe('stop() while a stanza is unacknowledged', () => {
  const end = async (peer: Peer): Promise<void> => {
    await peer.expectClose();
    peer.write('</stream:stream>');
    peer.socket.end();
  };

  it('sends <r/> first, and closes as soon as every stanza is acknowledged (client class D)', async () => {
    const clock = createVirtualClock();
    const { xmpp, sm, peer } = await stage.online({ clock });
    const receipt = sm.send(message('m1'));
    const stopped = xmpp.stop();
    expect((await peer.expectIds(2))[1]).toBe('r');
    expect(peer.closes).toBe(0);
    peer.write(`<a xmlns='${SM}' h='1'/>`);
    await receipt.acked;
    await end(peer);
    await stopped;
    expect(clock.pending).toBe(0);
  });

  it('sends <r/> again when the answer belongs to an earlier <r/>', async () => {
    const { xmpp, sm, peer } = await stage.online({ clock: createVirtualClock() });
    const first = sm.send(message('m1'));
    sm.probe();
    expect(await peer.expectIds(2)).toEqual(['m1', 'r']);
    const second = sm.send(message('m2'));
    const stopped = xmpp.stop();
    peer.write(`<a xmlns='${SM}' h='1'/>`);
    await first.acked;
    expect(await peer.expectIds(2)).toEqual(['m2', 'r']);
    peer.write(`<a xmlns='${SM}' h='2'/>`);
    await second.acked;
    await end(peer);
    await stopped;
  });

  it('sends <r/> also when <enabled/> has just arrived', async () => {
    const { xmpp, sm } = stage.client({ clock: createVirtualClock() });
    const receipt = sm.send(message('m1'));
    const start = xmpp.start();
    const peer = await stage.next();
    await peer.authenticate();
    await peer.bind();
    await start;
    const stopped = xmpp.stop();
    expect(await peer.expectIds(2)).toEqual(['enable', 'm1']);
    peer.write(`<enabled xmlns='${SM}' id='sm-1' resume='true'/>`);
    await peer.expect('r');
    peer.write(`<a xmlns='${SM}' h='1'/>`);
    await receipt.acked;
    await end(peer);
    await stopped;
  });

  it('waits no longer than 2 seconds for a server that does not answer', async () => {
    const clock = createVirtualClock();
    const { xmpp, sm, peer } = await stage.online({ clock });
    const receipt = sm.send(message('m1'));
    const stopped = xmpp.stop();
    await peer.expectIds(2);
    clock.advance(1_999);
    expect(receipt.state).toBe('written');
    clock.advance(1);
    await end(peer);
    await expect(receipt.acked).rejects.toMatchObject({ reason: 'closed', written: true });
    await stopped;
  });

  it('stops waiting when the connection is lost', async () => {
    const { xmpp, sm, peer } = await stage.online({ clock: createVirtualClock() });
    xmpp.reconnect.stop();
    const receipt = sm.send(message('m1'));
    const stopped = xmpp.stop();
    await peer.expectIds(2);
    peer.socket.destroy();
    await stopped;
    await expect(receipt.acked).rejects.toMatchObject({ reason: 'closed', written: true });
  });
});

describe('closing', () => {
  it('sends <a/> before </stream:stream> (A-10, server class 28)', async () => {
    const { xmpp, peer } = await stage.online({}, { behind: "<message id='in1'/>" });
    const stopped = xmpp.stop();
    const a = await peer.expect('a');
    expect(a.attrs.h).toBe('1');
    await peer.expectClose();
    peer.write('</stream:stream>');
    peer.socket.end();
    await stopped;
    expect(peer.text.split('</stream:stream>')).toHaveLength(2);
    expect(xmpp.status).toBe('offline');
  });

  it('by disconnect() also ends the session, and xmpp.js connects again', async () => {
    const { xmpp, sm, peer } = await stage.online();
    const receipt = sm.send(message('m1'));
    void xmpp.disconnect();
    await peer.expectIds(2);
    await peer.expectClose();
    peer.write('</stream:stream>');
    peer.socket.end();
    await expect(receipt.acked).rejects.toMatchObject({ reason: 'closed', written: true });
    expect(peer.heard.at(-1)?.name).toBe('a');
    const next = await stage.next();
    await next.establish();
  });

  it('keeps a stanza that is sent after stop() for the next start()', async () => {
    const { xmpp, sm, peer } = await stage.online();
    const stopped = xmpp.stop();
    await peer.expectClose();
    peer.write('</stream:stream>');
    peer.socket.end();
    await stopped;
    const receipt = sm.send(message('later'));
    expect(receipt.state).toBe('queued');
    const start = xmpp.start();
    const next = await stage.next();
    await next.establish();
    await start;
    expect(await next.expectIds(1)).toEqual(['later']);
  });

  it('settles a session that hibernates', async () => {
    const { xmpp, sm, peer } = await stage.online();
    xmpp.reconnect.stop();
    const hibernating = once(sm, 'hibernationStart');
    peer.socket.destroy();
    await hibernating;
    const receipt = sm.send(message('m1'));
    await xmpp.stop();
    await expect(receipt.acked).rejects.toMatchObject({ reason: 'closed', written: false });
  });

  it('by the peer is answered with <a/> and a close, and ends the session (C-1)', async () => {
    const { xmpp, sm, peer } = await stage.online();
    const receipt = sm.send(message('m1'));
    await peer.expect('message');
    const ended = once(sm, 'ended');
    peer.write('</stream:stream>');
    await ended;
    await peer.expect('a');
    await peer.expectClose();
    await expect(receipt.acked).rejects.toMatchObject({ reason: 'closed' });
    peer.socket.end();
    const next = await stage.next();
    await next.establish();
    expect(xmpp.status).toBe('online');
  });

  it('does not wait for a peer that reads no more (X14)', async () => {
    const { xmpp, sm, peer } = await stage.online({ policy: { maxQueueBytes: 1e9 } });
    peer.socket.pause();
    const receipt = sm.send(message('x'.repeat(32 * 1024 * 1024)));
    xmpp.timeout = 50;
    await xmpp.stop();
    expect(receipt.state).toBe('failed');
    expect(xmpp.status).toBe('offline');
  });
});

describe('stream errors', () => {
  it('that do not end the session are followed by a resumption (R-15)', async () => {
    const { sm, peer } = await stage.online();
    const receipt = sm.send(message('m1'));
    await peer.expect('message');
    peer.write(
      "<stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>",
    );
    await peer.expectClose();
    peer.socket.end();
    const next = await stage.next();
    expect((await next.awaitResume()).attrs.previd).toBe('sm-1');
    next.write(`<resumed xmlns='${SM}' previd='sm-1' h='1'/>`);
    await receipt.acked;
    expect(stage.errors.map(({ name }) => name)).toEqual(['StreamError']);
    expect(sm.status).toBe('enabled');
  });

  it('that end the session settle its receipts', async () => {
    const { sm, peer } = await stage.online();
    const receipt = sm.send(message('m1'));
    peer.write("<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>");
    await expect(receipt.acked).rejects.toMatchObject({ reason: 'closed', written: true });
  });

  it('are sent for XML that cannot be read, and the session is over (S-3)', async () => {
    const { sm, peer } = await stage.online();
    const receipt = sm.send(message('m1'));
    await peer.expect('message');
    const violation = once(sm, 'violation');
    peer.write('<message><body></message>');
    expect(await violation).toMatchObject({ failure: { condition: 'not-well-formed' } });
    await peer.expect('error');
    await peer.expectClose();
    await expect(receipt.acked).rejects.toMatchObject({ reason: 'violation' });
  });
});

describe('xmpp.js', () => {
  it('does not change the element that the application sends (X17)', async () => {
    const { xmpp, sm } = await stage.online();
    const stanza = message('m1');
    const before = stanza.toString();
    sm.send(stanza);
    await xmpp.send(stanza);
    await xmpp.sendMany([stanza]);
    expect(stanza.toString()).toBe(before);
    expect(stanza.parent).toBeNull();
    expect(stanza.attrs).not.toHaveProperty('xmlns');
  });

  it('calls its outgoing filters once for each stanza', async () => {
    const { xmpp, sm, peer } = await stage.online();
    const filtered: string[] = [];
    xmpp.middleware.filter(({ stanza }, next) => {
      filtered.push(stanza.attrs.id);
      return next();
    });
    sm.send(message('m1'));
    await xmpp.send(message('m2'));
    await xmpp.sendMany([message('m3'), message('m4')]);
    expect(await peer.expectIds(4)).toEqual(['m1', 'm2', 'm3', 'm4']);
    expect(filtered).toEqual(['m1', 'm2', 'm3', 'm4']);
  });

  it('has a stream management module of its own, which writes nothing', async () => {
    const { xmpp, sm, peer } = await stage.online();
    sm.send(message('m1'));
    await peer.expect('message');
    peer.write(`<message id='in1'/><r xmlns='${SM}'/><a xmlns='${SM}' h='1'/><r xmlns='${SM}'/>`);
    expect((await peer.expect('a')).attrs.h).toBe('1');
    expect((await peer.expect('a')).attrs.h).toBe('1');
    expect(xmpp.streamManagement).toMatchObject({
      enabled: false,
      enableSent: false,
      id: '',
      outbound: 0,
      outbound_q: [],
    });
    expect(peer.heard.filter((element) => element.getNS() === SM).map((element) => element.name)).toEqual([
      'enable',
      'a',
      'a',
    ]);
    expect(stage.errors).toEqual([]);
  });
});

describe('deferred handling', () => {
  it('acknowledges the stanzas that the application has handled, in whatever order (A-14, client class B)', async () => {
    const { xmpp, sm } = stage.client({ policy: { deferHandling: true } });
    const stanzas: ReturnType<typeof xml>[] = [];
    xmpp.on('stanza', (stanza: ReturnType<typeof xml>) => stanzas.push(stanza));
    void xmpp.start();
    const peer = await stage.next();
    await peer.establish({ behind: "<message id='in1'/><message id='in2'/>" });
    const ask = async (): Promise<string> => {
      peer.write(`<r xmlns='${SM}'/>`);
      return (await peer.expect('a')).attrs.h;
    };
    expect(await ask()).toBe('0');
    const [, first, second] = stanzas;
    if (first === undefined || second === undefined) throw new Error('two stanzas were sent');
    sm.handled(second);
    expect(await ask()).toBe('0');
    sm.handled(first);
    expect(await ask()).toBe('2');
  });
});

describe('counting', () => {
  it('counts the results of IQ requests (X1, client class A)', async () => {
    const { xmpp, peer } = await stage.online();
    for (const id of ['q1', 'q2', 'q3']) {
      const result = xmpp.iqCaller.request(xml('iq', { type: 'get', id }, xml('ping', { xmlns: 'urn:xmpp:ping' })));
      await peer.expect('iq');
      peer.write(`<iq type='result' id='${id}'/>`);
      expect((await result).attrs.id).toBe(id);
    }
    peer.write(`<iq type='get' id='bad'/><r xmlns='${SM}'/>`);
    expect((await peer.expect('a')).attrs.h).toBe('4');
  });

  it('counts stanzas in one segment with <enabled/> (X2)', async () => {
    const { xmpp } = stage.client();
    const ids = stanzasOf(xmpp);
    void xmpp.start();
    const peer = await stage.next();
    await peer.establish({ behind: `<message id='in1'/><message id='in2'/><r xmlns='${SM}'/>` });
    expect((await peer.expect('a')).attrs.h).toBe('2');
    expect(ids.slice(1)).toEqual(['in1', 'in2']);
  });

  it('answers an h that is too high with a stream error, and acknowledges nothing (X3, A-8)', async () => {
    const { sm, peer } = await stage.online();
    const receipt = sm.send(message('m1'));
    await peer.expect('message');
    peer.write(`<a xmlns='${SM}' h='7'/>`);
    expect((await peer.expect('error')).getChild('handled-count-too-high', SM)?.attrs).toMatchObject({
      h: '7',
      'send-count': '1',
    });
    await expect(receipt.acked).rejects.toMatchObject({ reason: 'violation', written: true });
    expect(stage.errors).toEqual([]);
  });

  it('continues over the roll-over of both counters (X5, A-4)', async () => {
    const { uint32 } = await import('../../src/index.js');
    const { sm, peer } = await stage.online({ policy: { initialCount: uint32(2 ** 32 - 1) } });
    const receipts = [sm.send(message('m1')), sm.send(message('m2'))];
    peer.write(`<a xmlns='${SM}' h='1'/><message id='in1'/><r xmlns='${SM}'/>`);
    await Promise.all(receipts.map(({ acked }) => acked));
    await peer.expectIds(2);
    expect((await peer.expect('a')).attrs.h).toBe('0');
  });

  it('sends <r/> while the application goes on sending stanzas (X9, M-5)', async () => {
    const { sm, peer } = await stage.online({ policy: { maxUnackedStanzas: 2 } });
    for (const id of ['m1', 'm2', 'm3', 'm4']) sm.send(message(id));
    expect(await peer.expectIds(5)).toEqual(['m1', 'm2', 'm3', 'r', 'm4']);
  });

  it('settles every receipt of one <a/>, whatever a listener throws (X16)', async () => {
    const thrown: unknown[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => thrown.push(error));
    try {
      const { sm, peer } = await stage.online();
      const receipts = ['m1', 'm2'].map((id) => sm.send(message(id)));
      receipts[0]?.subscribe(() => {
        throw new Error('the application is at fault');
      });
      await peer.expectIds(2);
      peer.write(`<a xmlns='${SM}' h='2'/>`);
      await Promise.all(receipts.map(({ acked }) => acked));
      expect(receipts.map(({ state }) => state)).toEqual(['acked', 'acked']);
      expect(thrown).toHaveLength(1);
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of listeners) process.on('uncaughtException', listener);
    }
  });

  it('handles an <a/> for 20000 stanzas without a noticeable delay (X13, client class J)', async () => {
    const { sm, peer } = await stage.online({ policy: { maxQueueStanzas: 1e5, maxQueueBytes: 1e9 } });
    const receipts = Array.from({ length: 20_000 }, (_, index) => sm.send(message(`m${index}`)));
    peer.socket.resume();
    // Work, not time: the machine may have others to serve.
    const start = process.cpuUsage();
    peer.write(`<a xmlns='${SM}' h='20000'/>`);
    await receipts.at(-1)?.acked;
    expect(receipts.every(({ state }) => state === 'acked')).toBe(true);
    const { user, system } = process.cpuUsage(start);
    expect(user + system).toBeLessThan(2_000_000);
  });
});
