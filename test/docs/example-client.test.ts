/** `docs/examples/client.ts` over connections that break, against the reference host. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Client, ClientOptions, Outcome } from '../../docs/examples/client.js';
import { createHost, type HostOptions } from '../../src/host/host.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { type Cut, createCuttingProxy, type ProxiedLink } from '../../src/testing/cutting-proxy.js';
import { Element } from '../../src/xml.js';
import { compile, fencesIn, type Programs, runFile, textOf } from '../support/doc-programs.js';
import { connectRawWebSocket } from '../support/raw-client.js';

const source = textOf('docs/examples/client.ts');
const usage = fencesIn('docs/2-embedding-a-client.md').find(({ info }) => info.startsWith('with '))?.code ?? '';

let compiled: Programs;
let connect: (options: ClientOptions) => Client;
beforeAll(async () => {
  // Node 20 has none of its own.
  vi.stubGlobal('WebSocket', globalThis.WebSocket ?? WebSocket);
  compiled = await compile('example-client', { 'client.ts': source, 'usage.ts': usage });
  ({ connect } = await import(pathToFileURL(join(compiled.folder, 'client.js')).href));
});
afterAll(() => void vi.unstubAllGlobals());

const startHost = async (options: Partial<HostOptions> = {}, port = 0) => {
  const accounts = ['romeo', 'juliet'].map((user) => ({ user, password: 'secret' }));
  const host = await createHost({ accounts, ...options });
  onTestFinished(() => host.close());
  const address = await host.listen({ host: '127.0.0.1', port, websocket: true });
  return { host, port: address.port };
};

interface Person extends Client {
  readonly online: readonly string[];
  readonly bodies: readonly (string | null)[];
  readonly stopped: readonly string[];
  say(to: string, body: string): Promise<Outcome>;
}

/** A client that has been online once. */
const person = async (user: string, port: number, password = 'secret'): Promise<Person> => {
  const [online, bodies, stopped]: [string[], (string | null)[], string[]] = [[], [], []];
  const client = connect({
    service: `ws://127.0.0.1:${port}/xmpp-websocket`,
    jid: `${user}@localhost`,
    password,
    onOnline(jid) {
      online.push(jid);
      void client.send(new Element('presence'));
    },
    onStanza(stanza) {
      if (stanza.is('message')) bodies.push(stanza.getChildText('body'));
    },
    onStopped: (reason) => stopped.push(reason),
  });
  onTestFinished(() => client.close());
  await expect.poll(() => online.length + stopped.length).toBe(1);
  return {
    ...client,
    online,
    bodies,
    stopped,
    say(to, body) {
      const message = new Element('message', { to, type: 'chat' });
      message.c('body').t(body);
      return client.send(message);
    },
  };
};

const CUTS: readonly Cut[] = [
  { how: 'rst' },
  { how: 'fin' },
  { how: 'between', direction: 'down' },
  { how: 'inside', direction: 'up', keepBytes: 30 },
  { how: 'inside', direction: 'down', keepBytes: 40 },
];

describe('the client in docs/examples', () => {
  it('compiles as strict TypeScript, and imports what the package offers to browsers', () => {
    expect(compiled.faults).toBe('');
    const imported = [...source.matchAll(/ from '([^']+)'/g)].map(([, name]) => name);
    expect(imported).toEqual(['smacks/client', 'smacks/transport/websocket', 'smacks/xml']);
  });

  it('loses and doubles no message while its connection is cut again and again (R-5, R-6, R-17)', async () => {
    const { port } = await startHost();
    const proxy = await createCuttingProxy({ target: { host: '127.0.0.1', port } });
    onTestFinished(() => proxy.close());
    const [romeo, juliet] = [await person('romeo', proxy.port), await person('juliet', port)];
    const outcomes: Promise<Outcome>[] = [];
    const said: string[] = [];
    const talk = (): void => {
      for (let count = 0; count < 4; count += 1) {
        said.push(`line ${said.length}`);
        const line = said.at(-1) ?? '';
        outcomes.push(romeo.say('juliet@localhost', line), juliet.say('romeo@localhost', line));
      }
    };
    for (const [index, cut] of CUTS.entries()) {
      const newest = (): ProxiedLink | undefined => proxy.connections.find(({ id }) => id > index);
      await expect.poll(newest).toBeDefined();
      const link = newest();
      if (link === undefined) expect.fail('there is no connection');
      talk();
      const done = proxy.cut(link, cut);
      talk();
      expect(await done).toBe(true);
    }
    expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['acknowledged']));
    await expect.poll(() => [romeo.bodies.length, juliet.bodies.length]).toEqual([said.length, said.length]);
    expect(romeo.bodies).toEqual(said);
    expect(juliet.bodies).toEqual(said);
    expect([romeo.online.length, juliet.online.length]).toEqual([1, 1]);
  });

  it('binds a resource when the server does not know its session, and reports the stanzas that may be lost (R-10)', async () => {
    const first = await startHost({ onExpiry: 'drop' });
    const romeo = await person('romeo', first.port);
    await first.host.close();
    const waiting = romeo.say('juliet@localhost', 'while there is no server');
    await startHost({ store: createMemoryStore() }, first.port);
    await expect.poll(() => romeo.online.length).toBe(2);
    expect(romeo.online[1]).not.toBe(romeo.online[0]);
    expect(await waiting).toBe('acknowledged');
  });

  it('returns the stanzas that were written to a lost session, and sends the others on the next session (R-15)', async () => {
    const reports: string[] = [];
    const { port } = await startHost({
      policy: { hibernationTime: 1 },
      onEvent: ({ report }) => reports.push(report.type),
    });
    const proxy = await createCuttingProxy({ target: { host: '127.0.0.1', port } });
    onTestFinished(() => proxy.close());
    const [romeo, juliet] = [await person('romeo', proxy.port), await person('juliet', port)];
    const [link] = proxy.connections;
    if (link === undefined) expect.fail('there is no connection');
    proxy.refuse();
    const cut = proxy.cut(link, { how: 'inside', direction: 'up', keepBytes: 20 });
    const written = romeo.say('juliet@localhost', 'cut on its way');
    expect(await cut).toBe(true);
    await expect.poll(() => proxy.connections.length).toBe(0);
    const unwritten = romeo.say('juliet@localhost', 'never on its way');
    await expect.poll(() => reports).toContain('expired');
    proxy.accept();
    expect(await written).toEqual({ reason: 'resumptionFailed', written: true });
    expect(await unwritten).toBe('acknowledged');
    await expect.poll(() => juliet.bodies).toEqual(['never on its way']);
    expect(romeo.online.length).toBe(2);
  });

  it('stops at a wrong password, and returns the stanzas that wait', async () => {
    const { port } = await startHost();
    const romeo = await person('romeo', port, 'guess');
    expect(romeo.stopped).toEqual(['the server refuses the password']);
    expect(await romeo.say('juliet@localhost', 'never')).toEqual({ reason: 'closed', written: false });
  });

  it('stops when another client takes its resource', async () => {
    const { port } = await startHost();
    const romeo = await person('romeo', port);
    const other = await connectRawWebSocket(port);
    await other.login('romeo', 'secret');
    await other.bind(romeo.online[0]?.split('/')[1] ?? '');
    await expect.poll(() => romeo.stopped).toEqual(['another client has the resource']);
  });

  it('runs as docs/2-embedding-a-client.md uses it, on the WebSocket of Node', async () => {
    const { port } = await startHost();
    const elsewhere = usage.replace('127.0.0.1:5280', `127.0.0.1:${port}`);
    const { faults, folder } = await compile('example-client-usage', { 'client.ts': source, 'usage.ts': elsewhere });
    expect(faults).toBe('');
    const { stdout, code } = await runFile(join(folder, 'usage.js'), [], { NODE_OPTIONS: '--experimental-websocket' });
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^online as romeo@localhost\/./),
        'the server has it',
        'stopped: closed by the application',
      ]),
    );
  });
});
