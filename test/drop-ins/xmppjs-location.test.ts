import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serviceAt } from '../../src/drop-ins/xmppjs/location.js';
import { createHost, type Host } from '../../src/host/host.js';
import { once, SM, Stage } from './xmppjs-server.js';

const FAILED = `<failed xmlns='${SM}'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>`;

/** A port that is nobody's, and that nobody is given meanwhile. */
const NOBODY = '127.0.0.1:1';

let here: Stage;
let there: Stage;

beforeEach(async () => {
  here = await Stage.open();
  there = await Stage.open();
});
afterEach(() => Promise.all([here.close(), there.close()]));

/** A session whose server named this location, at the moment it has lost its connection. */
const cut = async (location = there.service.replace('xmpp://', '')) => {
  const grant = `id='sm-1' resume='true' max='600' location='${location}'`;
  const { xmpp, sm, peer } = await here.online({}, { grant });
  const hibernating = once(sm, 'hibernationStart');
  peer.socket.destroy();
  await hibernating;
  return { xmpp, sm };
};

describe('a session whose server named a location (E-7, R-16)', () => {
  it('is resumed at that location first, each time its connection is lost', async () => {
    const { sm } = await cut();
    for (const _time of [1, 2]) {
      const next = await there.next();
      const resumed = once(sm, 'resumed');
      await next.awaitResume();
      next.write(`<resumed xmlns='${SM}' previd='sm-1' h='0'/>`);
      await resumed;
      next.socket.destroy();
    }
  });

  it('is resumed at the usual service when the connection to that location breaks before the answer', async () => {
    const { sm } = await cut();
    const next = await there.next();
    await next.awaitResume();
    next.socket.destroy();
    const last = await here.next();
    const resumed = once(sm, 'resumed');
    await last.awaitResume();
    last.write(`<resumed xmlns='${SM}' previd='sm-1' h='0'/>`);
    await resumed;
  });

  it('is resumed at the usual service when no server listens at that location', async () => {
    const { sm } = await cut(NOBODY);
    const next = await here.next();
    const resumed = once(sm, 'resumed');
    await next.awaitResume();
    next.write(`<resumed xmlns='${SM}' previd='sm-1' h='0'/>`);
    await resumed;
  });

  it('does not try that location again when the server there did not resume it', async () => {
    const { sm } = await cut();
    const next = await there.next();
    await next.awaitResume();
    next.write(FAILED);
    const enabled = once(sm, 'enabled');
    await next.bind();
    await next.expect('enable');
    next.write(`<enabled xmlns='${SM}' id='sm-2' resume='true'/>`);
    await enabled;
    next.socket.destroy();
    expect((await (await here.next()).awaitResume()).attrs.previd).toBe('sm-2');
  });

  it('does not change the options of the client', async () => {
    const { xmpp } = await cut();
    await (await there.next()).awaitResume();
    expect(Reflect.get(xmpp, 'options')).toMatchObject({ service: here.service });
  });
});

describe('a host that names a location', () => {
  const hosts: Host[] = [];
  afterEach(() => Promise.all(hosts.splice(0).map((host) => host.close())));

  it('sends its client there; the other host does not know the session, so the client begins a new session', async () => {
    const accounts = [{ user: 'romeo', password: 'pw' }];
    const listen = async (location: string | null): Promise<number> => {
      const host = await createHost({ domain: 'capulet.lit', accounts, policy: { location } });
      hosts.push(host);
      return (await host.listen({ host: '127.0.0.1', port: 0 })).port;
    };
    const other = await listen(null);
    const { xmpp, sm } = here.client({}, `xmpp://127.0.0.1:${await listen(`127.0.0.1:${other}`)}`);
    const enabled = once(sm, 'enabled');
    await xmpp.start();
    expect(await enabled).toMatchObject({ location: `127.0.0.1:${other}` });
    const failed = once(sm, 'resumptionFailed');
    const again = once(sm, 'enabled');
    Reflect.get(Object(xmpp.socket), 'destroy').call(xmpp.socket);
    expect(await failed).toMatchObject({ condition: 'item-not-found' });
    expect(await again).toMatchObject({ location: null });
  });
});

describe('the service at a location', () => {
  it('has the scheme of the usual service', () => {
    expect(serviceAt('b.example', 'xmpp://a.example:5222')).toBe('xmpp://b.example');
    expect(serviceAt('[::1]:5223', 'xmpps://a.example')).toBe('xmpps://[::1]:5223');
  });

  it('is undefined without a location, over WebSocket, with an invalid location, and when the service is a domain to look up or is not set', () => {
    expect(serviceAt(null, 'xmpp://a.example')).toBeUndefined();
    expect(serviceAt('b.example', 'wss://a.example/ws')).toBeUndefined();
    expect(serviceAt('b.example', 'a.example')).toBeUndefined();
    expect(serviceAt('b.example', undefined)).toBeUndefined();
    for (const location of ['', 'b c', 'b.example/x', 'user@b.example', 'b.example:port', '[::1'])
      expect(serviceAt(location, 'xmpp://a.example'), location).toBeUndefined();
  });
});
