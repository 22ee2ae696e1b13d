/** Clients that know WebSocket only, as they come, with their own stream management. */
import { createClient } from 'stanza';
import { Strophe } from 'strophe.js';
import { afterEach, beforeEach, describe, it, vi } from 'vitest';
import { createCuttingProxy } from '../../src/testing/cutting-proxy.js';
import { type ForeignClient, surviveLosses } from '../support/losses.js';
import { startHost } from '../support/test-host.js';

const cleanups: (() => unknown)[] = [];

beforeEach(() => {
  // Where stanza reports every connection that is refused.
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const ACCOUNT = { user: 'romeo@localhost', password: 'romeo-secret' };

/** Connects and enables. */
type Connect = (url: string) => Promise<ForeignClient>;

const stanza: Connect = async (url) => {
  const client = createClient({
    jid: ACCOUNT.user,
    password: ACCOUNT.password,
    transports: { websocket: url, bosh: false },
    autoReconnect: true,
    // Seconds.
    maxReconnectBackoff: 0.01,
  });
  const got: string[] = [];
  client.on('message', ({ id = '' }) => got.push(id));
  cleanups.push(() => client.disconnect());
  const enabled = new Promise<void>((resolve) => {
    client.on('sm', ({ type }) => {
      if (type === 'enabled') resolve();
    });
  });
  client.connect();
  await enabled;
  return {
    jid: client.jid,
    got,
    resumed: () => new Promise((resolve) => client.once('stream:management:resumed', () => resolve())),
    send: (to, id) => client.sendMessage({ to, id }),
  };
};

const strophe: Connect = async (url) => {
  const jid = `${ACCOUNT.user}/strophe`;
  Strophe.setLogLevel(Strophe.LogLevel.FATAL);
  const connection = new Strophe.Connection(url, { enableStreamManagement: true });
  const got: string[] = [];
  let connected = (): void => {};
  let stopped = false;
  // It leaves it to the application to connect again.
  const connect = (): void =>
    connection.connect(jid, ACCOUNT.password, (status: number) => {
      if (status === Strophe.Status.CONNECTED) {
        // It forgets its handlers with every connection.
        connection.addHandler(take, null, 'message', null, null, null);
        connected();
      }
      if (status === Strophe.Status.DISCONNECTED && !stopped) setTimeout(connect, 10);
    });
  const once = (): Promise<void> => new Promise((resolve) => (connected = resolve));
  const take = (message: { getAttribute(name: string): string | null }): boolean => {
    got.push(message.getAttribute('id') ?? '');
    return true;
  };
  cleanups.push(() => {
    stopped = true;
    connection.disconnect('');
  });
  const online = once();
  const enabled = new Promise<void>((resolve) => {
    connection.sm.onEnabled = resolve;
  });
  connect();
  await Promise.all([online, enabled]);
  return {
    jid,
    got,
    resumed: once,
    send: (to, id) => connection.send(new Strophe.Builder('message', { to, id })),
  };
};

describe.each([
  ['stanza 12', stanza],
  ['strophe.js 5', strophe],
])('%s, not modified', (_name, connect) => {
  it('enables, resumes after every kind of loss, and gets the stanzas sent meanwhile, once and in order', async () => {
    // Strophe refuses keys that were made in fewer rounds (RFC 7677 section 4).
    const host = await startHost({ scramIterations: 4096 });
    const { port } = await host.host.listen({ host: '127.0.0.1', port: 0, websocket: true });
    const proxy = await createCuttingProxy({ target: { host: '127.0.0.1', port } });
    cleanups.push(() => proxy.close());
    const client = await connect(`ws://127.0.0.1:${proxy.port}/xmpp-websocket`);
    await surviveLosses(host, proxy, await host.bound('juliet', 'a'), client);
  });
});
