import * as net from 'node:net';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { TransportListener } from '../../src/ports/transport.js';
import {
  connect,
  fromSocket,
  type Listening,
  listen,
  type NodeTransport,
  startTlsClient,
  startTlsServer,
  type TlsIdentity,
} from '../../src/transports/node.js';
import { identity } from '../support/tls-identity.js';

const cleanups: (() => unknown)[] = [];
const ends: (() => void)[] = [];

afterEach(() => {
  vi.useRealTimers();
  for (const end of ends.splice(0)) end();
});
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup();
});

/** A listener that keeps what it hears and lets a test wait for it. */
class Ear implements TransportListener {
  heard = '';
  calls = 0;
  ended = 0;
  reason: Error | undefined;
  onData: (text: string) => void = () => {};
  #waiting: (() => void)[] = [];

  data(text: string): void {
    if (this.ended > 0) throw new Error('data after closed');
    this.heard += text;
    this.calls += 1;
    this.onData(text);
    this.#wake();
  }

  closed(reason?: Error): void {
    this.ended += 1;
    this.reason = reason;
    this.#wake();
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  hears(text: string): Promise<void> {
    return this.until(() => this.heard.endsWith(text));
  }

  close(): Promise<void> {
    return this.until(() => this.ended > 0);
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** A listening port and the first connection made to it. */
const port = async (options: { tls?: TlsIdentity } = {}) => {
  const ear = new Ear();
  let accept: (transport: NodeTransport) => void = () => {};
  const accepted = new Promise<NodeTransport>((resolve) => {
    accept = resolve;
  });
  const listening: Listening = await listen({ port: 0, ...options }, (transport) => {
    accept(transport);
    ends.push(() => transport.destroy());
    return ear;
  });
  cleanups.push(() => listening.close());
  return { port: listening.port, ear, accepted };
};

const pair = async () => {
  const server = await port();
  const ear = new Ear();
  const client = await connect({ host: '127.0.0.1', port: server.port }, ear);
  ends.push(() => client.destroy());
  return { client: { transport: client, ear }, server: { transport: await server.accepted, ear: server.ear } };
};

/** A bare socket to a port of ours, for what a transport would not do. */
const raw = async () => {
  const { port: number, ear, accepted } = await port();
  const socket = net.connect({ host: '127.0.0.1', port: number });
  socket.on('error', () => {});
  ends.push(() => socket.destroy());
  return { socket, ear, transport: await accepted };
};

describe('a transport over TCP', () => {
  it('carries text both ways', async () => {
    const { client, server } = await pair();
    client.transport.write('<stream>');
    await server.ear.hears('<stream>');
    server.transport.write('<features/>');
    await client.ear.hears('<features/>');
    expect([client.transport.secure, client.transport.loopback, server.transport.loopback]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('sends the text of one turn in order and in one piece', async () => {
    const { client, server } = await pair();
    for (let i = 0; i < 1000; i++) client.transport.write(`${i},`);
    await server.ear.hears('999,');
    expect(server.ear.heard).toBe(Array.from({ length: 1000 }, (_, i) => `${i},`).join(''));
    expect(server.ear.calls).toBe(1);
  });

  it('sends the queued text before it ends, and no text afterwards', async () => {
    const { client, server } = await pair();
    client.transport.write('one');
    client.transport.write('two');
    client.transport.end();
    client.transport.write('three');
    await Promise.all([server.ear.close(), client.ear.close()]);
    expect(server.ear.heard).toBe('onetwo');
    expect([server.ear.reason, client.ear.reason]).toEqual([undefined, undefined]);
  });

  it('reports its close once, however often it is destroyed or ended', async () => {
    const { client, server } = await pair();
    client.transport.destroy();
    client.transport.end();
    client.transport.destroy();
    client.transport.write('late');
    await Promise.all([client.ear.close(), server.ear.close()]);
    client.transport.destroy();
    await new Promise((resolve) => setImmediate(resolve));
    expect([client.ear.ended, server.ear.ended, server.ear.heard]).toEqual([1, 1, '']);
  });

  it('destroys the connection when the peer does not answer the end in time', async () => {
    const { socket, ear, transport } = await raw();
    socket.pause();
    transport.pause();
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    transport.end();
    vi.advanceTimersByTime(1_999);
    await new Promise((resolve) => setImmediate(resolve));
    expect(ear.ended).toBe(0);
    vi.advanceTimersByTime(1);
    await ear.close();
  });

  it('gives no data after it was destroyed', async () => {
    const { client, server } = await pair();
    server.ear.onData = () => server.transport.destroy();
    client.transport.write('one');
    await server.ear.hears('one');
    client.transport.write('two');
    await server.ear.close();
    expect(server.ear.heard).toBe('one');
  });

  it('ignores an error that comes after it was destroyed', async () => {
    const socket = new net.Socket();
    const ear = new Ear();
    const transport = fromSocket(socket, ear);
    transport.destroy();
    await ear.close();
    expect(() => socket.emit('error', new Error('ETIMEDOUT'))).not.toThrow();
    expect(ear.ended).toBe(1);
  });

  it('reports why when the peer resets the connection', async () => {
    const { socket, ear } = await raw();
    socket.resetAndDestroy();
    await ear.close();
    expect(ear.reason).toMatchObject({ code: 'ECONNRESET' });
  });

  it('joins characters that arrive in parts', async () => {
    const { socket, ear } = await raw();
    const bytes = Buffer.from('né\u20ac\u{1f600}');
    for (const byte of bytes) {
      socket.write(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await ear.hears('\u{1f600}');
    expect(ear.heard).toBe('né\u20ac\u{1f600}');
  });

  it.each([
    ['a stray continuation', [0x61, 0x80]],
    ['an overlong form', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
  ])('closes on bytes that are not UTF-8 and passes none of them on: %s', async (_, bytes) => {
    const { socket, ear } = await raw();
    socket.write(Buffer.from(bytes));
    await ear.close();
    expect([ear.heard, ear.ended]).toEqual(['', 1]);
    expect(ear.reason).toMatchObject({ code: 'ERR_ENCODING_INVALID_ENCODED_DATA' });
  });

  it('closes when the peer does not read, before memory runs out', async () => {
    const { socket, ear, transport } = await raw();
    socket.pause();
    const megabyte = 'x'.repeat(2 ** 20);
    for (let i = 0; i < 64; i++) transport.write(megabyte);
    await ear.close();
    expect(ear.reason?.message).toBe('the peer does not take what is sent');
  });

  it('keeps data while it is paused', async () => {
    const { client, server } = await pair();
    server.transport.pause();
    client.transport.write('one');
    server.transport.write('ping');
    await client.ear.hears('ping');
    expect(server.ear.heard).toBe('');
    server.transport.resume();
    await server.ear.hears('one');
  });
});

describe('connect and listen', () => {
  it('reject when no server listens, or the port is taken', async () => {
    const { port: taken } = await port();
    await expect(listen({ port: taken }, () => new Ear())).rejects.toMatchObject({ code: 'EADDRINUSE' });
    const ear = new Ear();
    await expect(connect({ host: '127.0.0.1', port: 1 }, ear)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(ear.ended).toBe(0);
  });

  it('start with a handshake under direct TLS', async () => {
    const server = await port({ tls: identity });
    const ear = new Ear();
    const verification = { servername: 'localhost', ca: identity.cert };
    const client = await connect({ host: '127.0.0.1', port: server.port, tls: verification }, ear);
    client.write('<stream>');
    await server.ear.hears('<stream>');
    expect([client.secure, (await server.accepted).secure]).toEqual([true, true]);
    client.destroy();
    await Promise.all([ear.close(), server.ear.close()]);
  });

  it('refuse a certificate that no authority signed, under direct TLS', async () => {
    const server = await port({ tls: identity });
    const options = { host: '127.0.0.1', port: server.port, tls: { servername: 'localhost' } };
    await expect(connect(options, new Ear())).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });
});

describe('STARTTLS (RFC 6120 section 5)', () => {
  /** Answers `<starttls/>` as a server does, and drops what else came in the same call. */
  const offerTls = (ear: Ear, transport: NodeTransport): void => {
    ear.onData = (text) => {
      if (!text.startsWith('<starttls/>')) return;
      ear.heard = '';
      transport.write('<proceed/>');
      startTlsServer(transport, identity);
    };
  };

  const negotiated = async (servername: string, ca?: string | Buffer) => {
    const { client, server } = await pair();
    offerTls(server.ear, server.transport);
    client.transport.write('<starttls/>');
    await client.ear.hears('<proceed/>');
    startTlsClient(client.transport, { servername, ...(ca !== undefined && { ca }) });
    return { client, server };
  };

  it('encrypts both directions on the same connection', async () => {
    const { client, server } = await negotiated('localhost', identity.cert);
    client.transport.write('<stream>');
    await server.ear.hears('<stream>');
    server.transport.write('<features/>');
    await client.ear.hears('<features/>');
    expect([client.transport.secure, server.transport.secure]).toEqual([true, true]);
    client.transport.write('last words');
    client.transport.end();
    await Promise.all([client.ear.close(), server.ear.close()]);
    expect([server.ear.heard, server.ear.ended, client.ear.ended]).toEqual(['<stream>last words', 1, 1]);
  });

  it.each([
    ['is for another name', 'montague.lit', identity.cert],
    ['has nobody to vouch for it', 'localhost', undefined],
  ])('sends nothing to a server whose certificate %s', async (_, name, ca) => {
    const { client, server } = await negotiated(name, ca);
    client.transport.write('<stream>');
    await Promise.all([client.ear.close(), server.ear.close()]);
    expect(client.ear.reason).toBeInstanceOf(Error);
    expect(server.ear.heard).toBe('');
  });

  it('drops plaintext that was injected after <starttls/>, in a packet of its own', async () => {
    const { socket, ear, transport } = await raw();
    offerTls(ear, transport);
    socket.write('<starttls/>');
    socket.once('data', () => socket.write("<message to='victim@capulet.lit'>injected</message>"));
    await ear.close();
    expect([ear.heard, ear.ended]).toEqual(['', 1]);
    expect(ear.reason).toBeInstanceOf(Error);
  });

  it('drops plaintext that was unread when the upgrade began', async () => {
    const { socket, ear, transport } = await raw();
    ear.onData = () => {
      transport.pause();
      socket.write('<message>injected</message>', () => setImmediate(upgrade));
    };
    const upgrade = (): void => {
      ear.heard = '';
      transport.write('<proceed/>');
      startTlsServer(transport, identity);
    };
    socket.write('<starttls/>');
    await ear.close();
    expect([ear.heard, ear.ended]).toEqual(['', 1]);
  });

  it('reports its close once when the peer leaves, or we do, during the handshake', async () => {
    for (const leave of ['peer', 'we'] as const) {
      const { socket, ear, transport } = await raw();
      offerTls(ear, transport);
      socket.write('<starttls/>');
      socket.once('data', () => (leave === 'peer' ? socket.destroy() : transport.destroy()));
      await ear.close();
      await new Promise((resolve) => setImmediate(resolve));
      expect(ear.ended).toBe(1);
      expect(transport.secure).toBe(false);
    }
  });
});
