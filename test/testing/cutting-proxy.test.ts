import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type CuttingProxy,
  type CuttingProxyOptions,
  createCuttingProxy,
  type ProxiedLink,
} from '../../src/testing/cutting-proxy.js';

/** A port that is nobody's, and that nobody is given meanwhile. */
const NOBODY = { host: '127.0.0.1', port: 1 };

/** No cut strikes because a busy machine was late with its bytes. */
const PATIENT = { patience: 30_000 };

const STANZA = "<message to='juliet@capulet.example'><body>Art thou not Romeo?</body></message>";

describe('a link without a cut', () => {
  it('carries bytes both ways and counts them', async () => {
    const { client, server, proxy, link } = await join();
    client.socket.write(STANZA);
    await server.holds(STANZA);
    server.socket.write("<a xmlns='urn:xmpp:sm:3' h='1'/>");
    await client.holds("<a xmlns='urn:xmpp:sm:3' h='1'/>");
    expect(link.bytes).toEqual({ up: STANZA.length, down: 32 });
    expect(proxy.bytes).toEqual(link.bytes);
    expect(proxy.connections).toEqual([link]);
  });

  it('forwards FIN, in each direction separately', async () => {
    const { client, server, proxy, link } = await join();
    client.socket.end('bye');
    await server.ended;
    server.socket.write('still here');
    await client.holds('still here');
    server.socket.end();
    expect(await client.closed).toBe('fin');
    await link.closed;
    expect(proxy.connections).toEqual([]);
  });

  it('forwards RST', async () => {
    const { client, server, link } = await join();
    client.socket.resetAndDestroy();
    expect(await server.closed).toBe('rst');
    await link.closed;
  });

  it('resets the client when the server cannot be reached', async () => {
    const proxy = await start({ target: NOBODY });
    expect(await peer(connect(proxy.port, '127.0.0.1')).closed).toBe('rst');
    await until(() => proxy.connections.length === 0);
  });

  it('slows a fast sender down while the receiver does not read, and loses no byte', async () => {
    const { client, server, link } = await join();
    const size = 32 * 2 ** 20;
    server.socket.pause();
    expect(link.isClear).toBe(true);
    let taken = false;
    client.socket.write(Buffer.alloc(size, 'x'), () => {
      taken = true;
    });
    let before = -1;
    // Bytes that the kernel has not brought yet do not make it quiet: the proxy has to hold the sender back.
    while (!taken && (before !== link.bytes.up || link.isClear)) {
      before = link.bytes.up;
      for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(taken).toBe(false);
    expect(link.bytes.up).toBeLessThan(size);
    expect(link.isClear).toBe(false);
    server.socket.resume();
    await until(() => server.length() === size);
    expect(link.bytes.up).toBe(size);
    expect(link.isClear).toBe(true);
  });
});

describe('a cut', () => {
  it('fin: both ends get FIN after the bytes that were sent', async () => {
    const { client, server, proxy, link } = await join();
    client.socket.write(STANZA);
    await server.holds(STANZA);
    expect(await proxy.cut(link, { how: 'fin' })).toBe(true);
    await Promise.all([client.ended, server.ended]);
    client.socket.end('too late');
    server.socket.end();
    expect(await client.closed).toBe('fin');
    expect(await server.closed).toBe('fin');
    expect(server.text()).toBe(STANZA);
    await link.closed;
  });

  it('fin: an end that does not close its side gets RST after the grace time', async () => {
    const { client, server, proxy, link } = await join({ patience: 20 });
    expect(await proxy.cut(link, { how: 'fin' })).toBe(true);
    await link.closed;
    client.socket.write('into the void');
    server.socket.write('into the void');
    expect(await client.closed).toBe('rst');
    expect(await server.closed).toBe('rst');
  });

  it('rst: both ends get RST', async () => {
    const { client, server, proxy, link } = await join();
    expect(await proxy.cut(link, { how: 'rst' })).toBe(true);
    expect(await client.closed).toBe('rst');
    expect(await server.closed).toBe('rst');
    expect(proxy.connections).toEqual([]);
  });

  it('inside: exactly keepBytes more arrive in that direction, over several chunks, then both ends get RST', async () => {
    const { client, server, proxy, link } = await join(PATIENT);
    client.socket.write(STANZA);
    await server.holds(STANZA);
    const cut = proxy.cut(link, { how: 'inside', direction: 'up', keepBytes: 12 });
    client.socket.write('<presen');
    await server.holds(`${STANZA}<presen`);
    client.socket.write("ce type='away'/>");
    expect(await cut).toBe(true);
    await server.over;
    expect(await client.closed).toBe('rst');
    expect(server.text()).toBe(`${STANZA}<presence ty`);
    expect(link.bytes.up).toBe(STANZA.length + 12);
  });

  it('inside: the other direction continues until then', async () => {
    const { client, server, proxy, link } = await join(PATIENT);
    const cut = proxy.cut(link, { how: 'inside', direction: 'down', keepBytes: 5 });
    client.socket.write(STANZA);
    await server.holds(STANZA);
    server.socket.write(STANZA);
    expect(await cut).toBe(true);
    await client.over;
    expect(client.text()).toBe(STANZA.slice(0, 5));
  });

  it.each([
    ['at the end of the stanza', STANZA, STANZA.length],
    ['beyond what comes', STANZA, 10_000],
    ['behind white space after an element', '<r/> \n<a/>', 6],
    ['behind a start tag', '<a><b/></a>', 3],
  ])('inside: is never after a whole tag (%s)', async (_, text, keepBytes) => {
    const { client, server, proxy, link } = await join(PATIENT);
    const cut = proxy.cut(link, { how: 'inside', direction: 'up', keepBytes });
    client.socket.end(text);
    expect(await cut).toBe(true);
    await server.over;
    expect(server.text()).toBe(text.slice(0, Math.min(text.length, keepBytes)).replace(/[>\s]+$/, ''));
  });

  it('between: a complete stanza arrives, and no byte of the next stanza', async () => {
    const { client, server, proxy, link } = await join(PATIENT);
    const cut = proxy.cut(link, { how: 'between', direction: 'up' });
    client.socket.write(STANZA.slice(0, 30));
    await server.holds(STANZA.slice(0, 30));
    client.socket.write(STANZA.slice(30));
    await server.holds(STANZA);
    client.socket.write('<presence/>');
    expect(await cut).toBe(true);
    await server.over;
    expect(await client.closed).toBe('rst');
    expect(server.text()).toBe(STANZA);
  });

  it.each(['inside', 'between'] as const)('%s: happens after a time when no bytes come', async (how) => {
    const { client, server, proxy, link } = await join({ patience: 20 });
    expect(await proxy.cut(link, { how, direction: 'down', keepBytes: 5 })).toBe(true);
    expect(await client.closed).toBe('rst');
    await server.over;
  });

  it.each(['inside', 'between'] as const)('%s: happens when the sender closes first', async (how) => {
    const { client, server, proxy, link } = await join(PATIENT);
    const cut = proxy.cut(link, { how, direction: 'up', keepBytes: 100 });
    client.socket.end('<presence');
    expect(await cut).toBe(true);
    await server.over;
    expect(server.text()).toBe('<presence');
  });

  it('inside: also happens when the receiver does not read', async () => {
    const { client, server, proxy, link } = await join({ patience: 20 });
    server.socket.pause();
    client.socket.write(Buffer.alloc(32 * 2 ** 20, 'x'));
    expect(await proxy.cut(link, { how: 'inside', direction: 'up', keepBytes: 2 ** 30 })).toBe(true);
    expect(await client.closed).toBe('rst');
    expect(proxy.connections).toEqual([]);
  });

  it('half-open: neither end gets a signal or a byte, until one end closes', async () => {
    const { client, server, proxy, link } = await join();
    expect(await proxy.cut(link, { how: 'half-open' })).toBe(true);
    const drained = new Promise((resolve) => client.socket.write(Buffer.alloc(8 * 2 ** 20, 'x'), resolve));
    server.socket.write("<r xmlns='urn:xmpp:sm:3'/>");
    await drained;
    expect([client.socket.readyState, server.socket.readyState]).toEqual(['open', 'open']);
    expect([client.length(), server.length(), link.bytes.up, link.bytes.down]).toEqual([0, 0, 0, 0]);
    expect(proxy.connections).toEqual([link]);
    client.socket.end();
    expect(await server.closed).toBe('rst');
    expect(await client.closed).toBe('rst');
    await link.closed;
  });

  it('half-open: rst ends it', async () => {
    const { client, server, proxy, link } = await join();
    await proxy.cut(link, { how: 'half-open' });
    expect(await proxy.cut(link, { how: 'fin' })).toBe(false);
    expect(await proxy.cut(link, { how: 'rst' })).toBe(true);
    expect(await client.closed).toBe('rst');
    expect(await server.closed).toBe('rst');
  });

  it('returns false when the link is closed, is being cut, or closes before its bytes come', async () => {
    const { client, server, proxy, link } = await join(PATIENT);
    const waiting = proxy.cut(link, { how: 'inside', direction: 'up', keepBytes: 9 });
    expect(await proxy.cut(link, { how: 'between', direction: 'up' })).toBe(false);
    server.socket.resetAndDestroy();
    expect(await waiting).toBe(false);
    expect(await proxy.cut(link, { how: 'rst' })).toBe(false);
    expect(await client.closed).toBe('rst');
  });

  it('is refused when keepBytes is less than one, and the link continues', async () => {
    const { client, server, proxy, link } = await join();
    for (const keepBytes of [0, -1, 1.5, Number.NaN]) {
      await expect(proxy.cut(link, { how: 'inside', direction: 'up', keepBytes })).rejects.toThrow(RangeError);
    }
    client.socket.write(STANZA);
    await server.holds(STANZA);
  });

  it('delivers every byte that it keeps, fifty times in a row', async () => {
    const { proxy, target } = await station(PATIENT);
    for (let keepBytes = 1; keepBytes <= 50; keepBytes++) {
      const { client, server, link } = await dial(proxy, target);
      const cut = proxy.cut(link, { how: 'inside', direction: 'up', keepBytes });
      client.socket.write('x'.repeat(60));
      expect(await cut).toBe(true);
      await server.over;
      expect(server.length()).toBe(keepBytes);
    }
  });
});

describe('the proxy', () => {
  it('resets new clients while it refuses, and does not change existing links', async () => {
    const { client, server, proxy, target } = await join();
    proxy.refuse();
    expect(await peer(connect(proxy.port, '127.0.0.1')).closed).toBe('rst');
    client.socket.write(STANZA);
    await server.holds(STANZA);
    proxy.accept();
    const second = await dial(proxy, target);
    expect(proxy.connections.map((link) => link.id)).toEqual([1, 2]);
    second.client.socket.write('hello');
    await second.server.holds('hello');
    expect(proxy.bytes.up).toBe(STANZA.length + 5);
  });

  it('rejects when it cannot listen', async () => {
    const { proxy } = await station();
    await expect(
      createCuttingProxy({ target: NOBODY, listen: { host: '127.0.0.1', port: proxy.port } }),
    ).rejects.toThrow('EADDRINUSE');
  });

  it('leaves no socket open, whatever its links were doing', async () => {
    await until(() => resources() === 0);
    const { proxy, target } = await station(PATIENT);
    const dialled = [];
    for (let count = 0; count < 6; count++) dialled.push(await dial(proxy, target));
    const [first, second, third, fourth, fifth] = proxy.connections;
    if (!first || !second || !third || !fourth || !fifth) throw new Error('links are missing');
    const waiting = [
      proxy.cut(first, { how: 'inside', direction: 'up', keepBytes: 3 }),
      proxy.cut(second, { how: 'between', direction: 'down' }),
    ];
    await proxy.cut(third, { how: 'half-open' });
    await proxy.cut(fourth, { how: 'rst' });
    await proxy.cut(fifth, { how: 'fin' });
    await proxy.close();
    await proxy.close();
    expect(await Promise.all(waiting)).toEqual([false, false]);
    expect(proxy.connections).toEqual([]);
    for (const { client, server } of dialled) {
      client.socket.destroy();
      server.socket.destroy();
      await Promise.all([client.closed, server.closed]);
    }
    await stop(target);
    await until(() => resources() === 0);
    await expect(once(connect(proxy.port, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED');
  });
});

interface Peer {
  readonly socket: Socket;
  /** Resolves at FIN. */
  readonly ended: Promise<void>;
  /** How the connection ended. */
  readonly closed: Promise<'fin' | 'rst'>;
  /** Resolves at FIN or RST: an RST that comes together with bytes reads as either. */
  readonly over: Promise<void>;
  text(): string;
  length(): number;
  /** Resolves when the text so far is this. */
  holds(text: string): Promise<void>;
}

const peer = (socket: Socket): Peer => {
  const chunks: Buffer[] = [];
  let length = 0;
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    length += chunk.length;
  });
  const text = (): string => Buffer.concat(chunks).toString();
  const ended = new Promise<void>((resolve) => {
    socket.once('end', resolve);
  });
  const closed = new Promise<'fin' | 'rst'>((resolve) => {
    let how: 'fin' | 'rst' = 'fin';
    socket.on('error', () => {
      how = 'rst';
    });
    socket.once('close', () => resolve(how));
  });
  return {
    socket,
    ended,
    closed,
    over: Promise.race([ended, closed]).then(() => undefined),
    text,
    length: () => length,
    async holds(expected) {
      while (text() !== expected) await once(socket, 'data', { signal: AbortSignal.timeout(20_000) });
    },
  };
};

const openServers = new Set<Server>();
const openProxies = new Set<CuttingProxy>();
const openSockets = new Set<Socket>();

afterEach(async () => {
  for (const socket of openSockets) socket.destroy();
  await Promise.all([...openProxies].map((proxy) => proxy.close()));
  await Promise.all([...openServers].map(stop));
  openSockets.clear();
  openProxies.clear();
});

const listen = async (): Promise<Server> => {
  const server = createServer({ allowHalfOpen: true });
  openServers.add(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
};

const stop = async (server: Server): Promise<void> => {
  if (openServers.delete(server)) await new Promise((resolve) => server.close(resolve));
};

const start = async (options: CuttingProxyOptions): Promise<CuttingProxy> => {
  const proxy = await createCuttingProxy(options);
  openProxies.add(proxy);
  return proxy;
};

type Station = { proxy: CuttingProxy; target: Server };

const station = async (options: Partial<CuttingProxyOptions> = {}): Promise<Station> => {
  const target = await listen();
  const { port } = target.address() as { port: number };
  return { target, proxy: await start({ target: { host: '127.0.0.1', port }, ...options }) };
};

const dial = async (
  proxy: CuttingProxy,
  target: Server,
): Promise<{ client: Peer; server: Peer; link: ProxiedLink }> => {
  const reached = once(target, 'connection') as Promise<[Socket]>;
  const socket = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true });
  const client = peer(socket);
  const server = peer((await reached)[0]);
  openSockets.add(client.socket).add(server.socket);
  const link = proxy.connections.at(-1);
  if (link === undefined) throw new Error('the proxy has no link');
  return { client, server, link };
};

const join = async (
  options: Partial<CuttingProxyOptions> = {},
): Promise<Station & Awaited<ReturnType<typeof dial>>> => {
  let told: ((link: ProxiedLink) => void) | undefined;
  const connected = new Promise<ProxiedLink>((resolve) => {
    told = resolve;
  });
  const { proxy, target } = await station({ ...options, onConnection: (link) => told?.(link) });
  const dialled = await dial(proxy, target);
  expect(await connected).toBe(dialled.link);
  return { proxy, target, ...dialled };
};

const until = async (condition: () => boolean): Promise<void> => {
  const end = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error('waited 20 s in vain');
    await new Promise((resolve) => setImmediate(resolve));
  }
};

const resources = (): number => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length;
