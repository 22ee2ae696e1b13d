import { client, xml } from '@xmpp/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { streamManagement } from '../../src/drop-ins/xmppjs/stream-management.js';
import { uint32 } from '../../src/index.js';
import { createCuttingProxy } from '../../src/testing/cutting-proxy.js';
import type { Element } from '../../src/xml.js';
import { surviveLosses } from '../support/losses.js';
import { startHost } from '../support/test-host.js';
import { identity } from '../support/tls-identity.js';
import { event, FEATURES, JID, once, type Peer, SM, Stage } from './xmppjs-server.js';

const SASL_2 = 'urn:xmpp:sasl:2';
const BIND_2 = 'urn:xmpp:bind:0';
const RESUME = `<sm xmlns='${SM}'/>`;
const BIND = `<bind xmlns='${BIND_2}'><inline><feature var='${SM}'/></inline></bind>`;
const ENABLED = `<enabled xmlns='${SM}' id='sm-1' resume='true' max='600'/>`;
const FAILED = (condition: string, h = ''): string =>
  `<failed xmlns='${SM}'${h}><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>`;
const BEHIND = '<stream:features/>';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(async () => {
  await stage.close();
  expect(stage.misuses).toEqual([]);
});

const message = (id: string): Element => xml('message', { to: 'juliet@capulet.lit', id }) as Element;

const success = (inside: string, jid = JID): string =>
  `<success xmlns='${SASL_2}'><authorization-identifier>${jid}</authorization-identifier>${inside}</success>`;

const bound = (inside = ''): string => `<bound xmlns='${BIND_2}'>${inside}</bound>`;

/** Offers SASL2, with this inside. @returns the client's request */
const offer = async (peer: Peer, inline = RESUME + BIND): Promise<Element> => {
  await peer.until(() => peer.opens > 0 || peer.isClosed);
  peer.write(
    `<stream:features><authentication xmlns='${SASL_2}'><mechanism>PLAIN</mechanism><inline>${inline}</inline></authentication></stream:features>`,
  );
  return peer.expect('authenticate');
};

/** What of stream management is inside of a request. */
const inside = (request: Element): { resume: Element | undefined; enable: Element | undefined } => ({
  resume: request.getChild('resume', SM) ?? undefined,
  enable: request.getChild('bind', BIND_2)?.getChild('enable', SM) ?? undefined,
});

/** A session that began with one request and one answer. */
const online = async () => {
  const { xmpp, sm } = stage.client();
  const enabled = once(sm, 'enabled');
  const start = xmpp.start();
  const peer = await stage.next();
  await offer(peer);
  peer.write(success(bound(ENABLED)) + BEHIND);
  await Promise.all([start, enabled]);
  return { xmpp, sm, peer };
};

/** The same, cut off with `m1` written and `m2` sent afterwards, and connected once more. */
const lost = async () => {
  const { xmpp, sm, peer } = await online();
  const m1 = sm.send(message('m1'));
  peer.write("<message id='in1'/>");
  await event(xmpp, 'stanza');
  await peer.expectIds(1);
  const hibernating = once(sm, 'hibernationStart');
  peer.socket.destroy();
  await hibernating;
  const m2 = sm.send(message('m2'));
  return { xmpp, sm, m1, m2, next: await stage.next() };
};

describe('the drop-in inside SASL2 and BIND2', () => {
  it('enables in the bind request: the answer is inside <bound/> (I-5, A-1, A-2)', async () => {
    const { xmpp, sm } = stage.client();
    const early = sm.send(message('early'));
    const enabled = once(sm, 'enabled');
    const start = xmpp.start();
    const peer = await stage.next();
    const request = await offer(peer);
    expect(inside(request).resume).toBeUndefined();
    expect(inside(request).enable?.attrs).toMatchObject({ resume: 'true' });
    peer.write(`${success(bound(ENABLED))}${BEHIND}<message id='in1'/><r xmlns='${SM}'/>`);
    expect(await enabled).toMatchObject({ resumable: true, max: 300 });
    await start;
    expect(sm.status).toBe('enabled');
    expect(String(xmpp.jid)).toBe(JID);
    expect(await peer.expectIds(1)).toEqual(['early']);
    expect((await peer.expect('a')).attrs.h).toBe('1');
    peer.write(`<a xmlns='${SM}' h='1'/>`);
    await early.acked;
    expect(xmpp.streamManagement).toMatchObject({ enabled: false, id: '' });
  });

  it('goes on without stream management when <bound/> has <failed/> (I-5, E-11)', async () => {
    const { xmpp, sm } = stage.client();
    const refused = once(sm, 'refused');
    const start = xmpp.start();
    const peer = await stage.next();
    await offer(peer);
    peer.write(success(bound(FAILED('internal-server-error'))) + BEHIND);
    expect(await refused).toMatchObject({ condition: 'internal-server-error' });
    await start;
    expect(sm.status).toBe('unmanaged');
    sm.send(message('m1'));
    expect(await peer.expectIds(1)).toEqual(['m1']);
  });

  it('resumes in the login request: the replay follows, and no features follow (I-5, R-3, R-5)', async () => {
    const { xmpp, sm, m1, m2, next } = await lost();
    const request = await offer(next);
    expect(inside(request).resume?.attrs).toMatchObject({ previd: 'sm-1', h: '1' });
    expect(inside(request).enable).toBeTruthy();
    const resumed = once(sm, 'resumed');
    next.write(`${success(`<resumed xmlns='${SM}' previd='sm-1' h='1'/>`, 'romeo@capulet.lit')}<message id='in2'/>`);
    expect(await resumed).toMatchObject({ acknowledged: 1, replayed: 1 });
    expect(m1.state).toBe('acked');
    expect(await next.expectIds(2)).toEqual(['m2', 'r']);
    next.write(`<a xmlns='${SM}' h='2'/><r xmlns='${SM}'/>`);
    await m2.acked;
    expect((await next.expect('a')).attrs.h).toBe('2');
    expect(xmpp.status).toBe('online');
    expect(String(xmpp.jid)).toBe(JID);
  });

  it('begins a new session when <success/> has <failed/> and <bound/> has <enabled/>; the stanzas that h covers have arrived (I-5, R-15)', async () => {
    const { xmpp, sm, m1, m2, next } = await lost();
    const back = event(xmpp, 'online');
    await offer(next);
    next.write(success(FAILED('item-not-found', " h='1'") + bound(ENABLED.replace('sm-1', 'sm-2'))) + BEHIND);
    await back;
    expect(sm.status).toBe('enabled');
    expect(m1.state).toBe('acked');
    expect(await next.expectIds(1)).toEqual(['m2']);
    next.write(`<a xmlns='${SM}' h='1'/>`);
    await m2.acked;
  });

  it('goes on without stream management when both have <failed/> (I-5, E-11)', async () => {
    const { xmpp, sm, m1, next } = await lost();
    const back = event(xmpp, 'online');
    const refused = once(sm, 'refused');
    await offer(next);
    next.write(success(FAILED('item-not-found') + bound(FAILED('internal-server-error'))) + BEHIND);
    await Promise.all([back, refused]);
    expect(sm.status).toBe('unmanaged');
    await expect(m1.acked).rejects.toMatchObject({ reason: 'resumptionFailed', written: true });
  });

  it('requests inside the login only what the server offers there, and the rest after the login', async () => {
    const { xmpp, sm } = stage.client();
    const start = xmpp.start();
    const peer = await stage.next();
    expect(inside(await offer(peer, ''))).toEqual({ resume: undefined, enable: undefined });
    peer.write(`${success('', 'romeo@capulet.lit')}<stream:features>${FEATURES}</stream:features>`);
    await peer.bind();
    await peer.expect('enable');
    peer.write(ENABLED);
    await start;
    const resumed = once(sm, 'resumed');
    peer.socket.destroy();
    const next = await stage.next();
    expect(inside(await offer(next, ''))).toEqual({ resume: undefined, enable: undefined });
    next.write(`${success('', 'romeo@capulet.lit')}<stream:features>${FEATURES}</stream:features>`);
    await next.expect('resume');
    next.write(`<resumed xmlns='${SM}' previd='sm-1' h='0'/>`);
    await resumed;
    expect(String(xmpp.jid)).toBe(JID);
    expect(xmpp.status).toBe('online');
  });

  it('repeats its request after the login when the server did not answer it inside', async () => {
    const { sm, next } = await lost();
    await offer(next);
    next.write(`${success('', 'romeo@capulet.lit')}<stream:features>${FEATURES}</stream:features>`);
    const resume = await next.expect('resume');
    expect(resume.attrs).toMatchObject({ previd: 'sm-1', h: '1' });
    const resumed = once(sm, 'resumed');
    next.write(`<resumed xmlns='${SM}' previd='sm-1' h='0'/>`);
    await resumed;
  });

  it('enables after a <bound/> without an answer, when the stream offers it', async () => {
    const { xmpp, sm } = stage.client();
    const enabled = once(sm, 'enabled');
    const start = xmpp.start();
    const peer = await stage.next();
    await offer(peer, `<bind xmlns='${BIND_2}'/>`);
    peer.write(`${success(bound())}<stream:features>${RESUME}</stream:features>`);
    await start;
    await peer.expect('enable');
    peer.write(ENABLED);
    await enabled;
  });

  it('goes on without stream management when neither <bound/> nor the features have it', async () => {
    const { xmpp, sm } = stage.client();
    const start = xmpp.start();
    const peer = await stage.next();
    await offer(peer, `<bind xmlns='${BIND_2}'/>`);
    sm.send(message('m1'));
    peer.write(success(bound()) + BEHIND);
    await start;
    expect(await peer.expectIds(1)).toEqual(['m1']);
    expect(sm.status).toBe('unmanaged');
  });

  it('rejects a <resumed/> that it has not requested (X-2)', async () => {
    const { xmpp, sm } = stage.client();
    const violation = once(sm, 'toleratedViolation');
    const start = xmpp.start();
    const peer = await stage.next();
    await offer(peer);
    peer.write(success(`<resumed xmlns='${SM}' previd='sm-1' h='0'/>${bound(ENABLED)}`) + BEHIND);
    await Promise.all([violation, start]);
    expect(sm.status).toBe('enabled');
  });

  it('keeps its session when the connection breaks during such a login, and resumes it on the next one (R-17)', async () => {
    const { sm, m1, next } = await lost();
    await offer(next);
    next.write("<success xmlns='urn:xmpp:sasl:2'><authorization-id");
    next.socket.destroy();
    const again = await stage.next();
    expect(inside(await offer(again)).resume?.attrs).toMatchObject({ previd: 'sm-1', h: '1' });
    const resumed = once(sm, 'resumed');
    again.write(success(`<resumed xmlns='${SM}' previd='sm-1' h='1'/>`));
    await resumed;
    expect(m1.state).toBe('acked');
    expect(await again.expectIds(2)).toEqual(['m2', 'r']);
  });
});

describe('the drop-in at our host, over TLS with SASL2 and BIND2', () => {
  const verify = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  // xmpp.js has no option for a certificate that no authority signed.
  beforeEach(() => {
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  });
  afterEach(() => {
    if (verify === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = verify;
  });

  it.each([
    ['SCRAM-SHA-1', false],
    ['PLAIN', true],
  ])(
    'resumes after every kind of loss with %s, and gets the stanzas sent meanwhile, once and in order (I-2, I-5)',
    async (mechanism, direct) => {
      const host = await startHost({ tls: identity, policy: { initialCount: uint32(-3) } });
      const { port } = direct ? await host.host.listen({ host: '127.0.0.1', port: 0, direct }) : host;
      const proxy = await createCuttingProxy({ target: { host: '127.0.0.1', port } });
      const xmpp = client({
        service: `${direct ? 'xmpps' : 'xmpp'}://127.0.0.1:${proxy.port}`,
        domain: 'localhost',
        resource: 'a',
        credentials: (authenticate: (credentials: object, mechanism: string) => Promise<void>) =>
          authenticate({ username: 'romeo', password: 'romeo-secret' }, mechanism),
      });
      xmpp.reconnect.delay = 10;
      xmpp.timeout = 20_000;
      xmpp.on('error', () => {});
      const got: string[] = [];
      xmpp.on('stanza', (stanza: Element) => {
        if (stanza.is('message')) got.push(String(stanza.attrs.id));
      });
      const sm = streamManagement(xmpp, { policy: { initialCount: uint32(-3) } });
      try {
        await Promise.all([once(sm, 'enabled'), xmpp.start()]);
        const jid = String(xmpp.jid);
        expect(jid).toMatch(/^romeo@localhost\/a\/[\w-]+$/);
        await surviveLosses(host, proxy, await host.bound('juliet', 'a'), {
          jid,
          got,
          resumed: async () => void (await once(sm, 'resumed')),
          send: (to, id) => xmpp.send(xml('message', { to, id })),
        });
      } finally {
        xmpp.reconnect.stop();
        await xmpp.stop().catch(() => {});
        await proxy.close();
      }
    },
  );
});
