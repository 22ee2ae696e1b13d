import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { failed, message, type RawClient, resume, SM, STREAM_ERRORS } from '../support/raw-client.js';
import { startHost, type TestHost } from '../support/test-host.js';

const FRAMING = "xmlns='urn:ietf:params:xml:ns:xmpp-framing'";
const OPEN = `<open ${FRAMING} to='localhost' version='1.0'/>`;
const CLOSE = `<close ${FRAMING}/>`;
const ROMEO = 'romeo@localhost/a';
const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
const AUTH = `<auth xmlns='${SASL}' mechanism='PLAIN'>${Buffer.from('\0romeo\0romeo-secret').toString('base64')}</auth>`;
const BIND =
  "<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>a</resource></bind></iq>";
const ENABLE = `<enable xmlns='${SM}' resume='true'/>`;
const R = `<r xmlns='${SM}'/>`;

/** A bare WebSocket: what it sends and gets is messages, as they are. */
class Bare {
  readonly socket: WebSocket;
  readonly messages: string[] = [];
  readonly closed: Promise<number>;

  constructor(port: number, path = '/xmpp-websocket', protocols = ['xmpp'], options: { autoPong?: boolean } = {}) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, options);
    this.socket.on('message', (data) => this.messages.push(String(data)));
    this.closed = new Promise((resolve) => this.socket.once('close', resolve));
  }

  send(...messages: readonly (string | Uint8Array)[]): this {
    for (const text of messages) this.socket.send(text);
    return this;
  }

  async until(count: number): Promise<readonly string[]> {
    while (this.messages.length < count) await once(this.socket, 'message');
    return this.messages;
  }
}

const listen = async (options: { pingInterval?: number } = {}): Promise<{ host: TestHost; port: number }> => {
  const host = await startHost();
  const { port } = await host.host.listen({ host: '127.0.0.1', port: 0, websocket: true, ...options });
  return { host, port };
};

const opened = async (port: number, options: { autoPong?: boolean } = {}): Promise<Bare> => {
  const bare = new Bare(port, '/xmpp-websocket', ['xmpp'], options);
  await once(bare.socket, 'open');
  return bare;
};

/** Logged in, bound, and enabled. */
const enabled = async (port: number): Promise<Bare & { readonly smId: string }> => {
  const bare = await opened(port);
  bare.send(OPEN, AUTH);
  await bare.until(3);
  bare.send(OPEN, BIND, ENABLE);
  const [, smId = ''] = / id='([^']+)'/.exec((await bare.until(7))[6] ?? '') ?? [];
  return Object.assign(bare, { smId });
};

const tcp = async (port: number): Promise<Socket> => {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  return socket.on('error', () => {});
};

interface Unfinished {
  readonly socket: Socket;
  /** Resolves with all that the host has said when it has closed the WebSocket. */
  readonly refusal: Promise<string>;
  /** Resolves when the host has taken all that was sent so far, and rejects when it was too much. */
  isKept(): Promise<void>;
}

/** A WebSocket on which a message of a megabyte has begun. */
const unfinished = async (port: number): Promise<Unfinished> => {
  const socket = await tcp(port);
  let said = '';
  socket.setEncoding('latin1').on('data', (text) => {
    said += text;
  });
  const until = async (what: string): Promise<void> => {
    while (!said.includes(what)) await once(socket, 'data');
  };
  const headers = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' };
  const key = { 'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==', 'Sec-WebSocket-Protocol': 'xmpp', Host: 'localhost' };
  const lines = Object.entries({ ...headers, ...key }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET /xmpp-websocket HTTP/1.1\r\n${lines.join('')}\r\n`);
  await until('\r\n\r\n');
  const masked = (bytes: string): Buffer =>
    Buffer.concat([Buffer.from([0x81, 0x80 | bytes.length, 0, 0, 0, 0]), Buffer.from(bytes)]);
  socket.write(masked(OPEN));
  await until('</stream:features>');
  // A text message of 2^20 bytes, its mask, and nothing of it.
  socket.write(Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0]));
  return {
    socket,
    refusal: until('<close ').then(() => said),
    async isKept() {
      // Whoever has logged in meanwhile has been served behind it.
      const other = await opened(port);
      other.send(OPEN);
      await other.until(2);
      expect(said).not.toContain('<close ');
    },
  };
};

const streamError = (condition: string, text: string): string =>
  `<stream:error xmlns:stream='http://etherx.jabber.org/streams'><${condition} xmlns='${STREAM_ERRORS}'/><text xmlns='${STREAM_ERRORS}' xml:lang='en'>${text}</text></stream:error>`;

describe('a framed stream (RFC 7395)', () => {
  it('has one document in each message, and each document declares its namespace (3.3)', async () => {
    const { port } = await listen();
    const romeo = await enabled(port);
    romeo.send("<presence xmlns='jabber:client'/>", R);
    const messages = await romeo.until(9);
    expect(messages.map((text) => /^<[^ >]+ [^ >]+/.exec(text)?.[0])).toEqual([
      `<open ${FRAMING}`,
      "<stream:features xmlns:stream='http://etherx.jabber.org/streams'",
      `<success xmlns='${SASL}'`,
      `<open ${FRAMING}`,
      "<stream:features xmlns:stream='http://etherx.jabber.org/streams'",
      "<iq xmlns='jabber:client'",
      `<enabled xmlns='${SM}'`,
      '<presence xmlns="jabber:client"',
      `<a xmlns='${SM}'`,
    ]);
    expect(messages[0]).toMatch(/ id='[^']+' from='localhost' version='1.0' xml:lang='en'\/>$/);
    expect(messages[1]).not.toContain('starttls');
  });

  it('is closed by <close/> after the last <a/>, and then the WebSocket closes (3.6, A-10, C-1)', async () => {
    const { host, port } = await listen();
    const romeo = await enabled(port);
    romeo.send(message('nurse@localhost', '1').replace('<message', "<message xmlns='jabber:client'"), CLOSE);
    expect(await romeo.closed).toBe(1000);
    expect(romeo.messages.slice(7)).toEqual([`<a xmlns='${SM}' h='1'/>`, CLOSE]);
    expect(host.of('hibernationStart', ROMEO)).toEqual([]);
  });

  it('may be closed while the stream restarts', async () => {
    const { port } = await listen();
    const romeo = await opened(port);
    romeo.send(OPEN, AUTH);
    await romeo.until(3);
    romeo.send(CLOSE);
    await romeo.closed;
    expect(romeo.messages.slice(3)).toEqual([expect.stringContaining('<open '), CLOSE]);
  });

  it('hibernates when the WebSocket is closed without <close/> (3.6, C-2)', async () => {
    const { host, port } = await listen();
    for (const [losses, code] of [1000, 1001, undefined].entries()) {
      const romeo = await enabled(port);
      if (code === undefined) romeo.socket.terminate();
      else romeo.socket.close(code);
      await host.reported('hibernationStart', ROMEO, losses + 1);
      const again = await host.resumed('romeo', romeo.smId, 0);
      await again.write('</stream:stream>').gone();
    }
  });

  it('resumes a session that began on TCP, and the other way round (R-3)', async () => {
    const { host, port } = await listen();
    const juliet = await host.bound('juliet', 'a');
    const tcp = await host.enabled('romeo', 'a');
    tcp.reset();
    await host.reported('hibernationStart', ROMEO);
    juliet.write(message(ROMEO, '1'));
    await host.reported('stanzaQueued', ROMEO);
    const bare = await opened(port);
    bare.send(OPEN, AUTH);
    await bare.until(3);
    bare.send(OPEN, resume(tcp.smId, 0));
    const [resumed, replayed, asked] = (await bare.until(8)).slice(5);
    expect(resumed).toBe(`<resumed xmlns='${SM}' h='0' previd='${tcp.smId}'/>`);
    expect(replayed).toMatch(/^<message [^>]*xmlns="jabber:client"/);
    expect(asked).toBe(R);
    bare.socket.terminate();
    await host.reported('hibernationStart', ROMEO, 2);
    const back = await host.resumed('romeo', tcp.smId, 1);
    expect(back.h).toBe(0);
  });
});

describe('a message that is not one element (3.3)', () => {
  const half = streamError('not-well-formed', 'a message is not one whole element');
  const around = streamError('bad-format', 'a message begins with its element');
  it.each([
    ['half an element', '<presence', half],
    ['an element that is not closed', "<message xmlns='jabber:client'>", half],
    ['two elements', `${R}${R}`, streamError('not-well-formed', 'several elements in one message')],
    ['an element and a half', `${R}<presence`, half],
    ['text behind the element', `${R}hello`, half],
    ['text ahead of it', `hello${R}`, around],
    ['white space ahead of it', ` ${R}`, around],
    ['white space alone', ' ', around],
    ['nothing', '', around],
    ['an XML declaration', `<?xml version='1.0'?>${R}`, around],
    ['a processing instruction', '<?x y?>', streamError('restricted-xml', 'processing instruction')],
    ['a comment', '<!-- x -->', streamError('restricted-xml', 'comment')],
    ['bytes', Buffer.from(R), streamError('unsupported-encoding', 'a stream is in UTF-8')],
    [
      'a stanza beyond the limit',
      `<message xmlns='jabber:client'><body>${'x'.repeat(300_000)}</body></message>`,
      streamError('policy-violation', 'element too long'),
    ],
  ])(
    '%s ends the stream and the session, no part of it counts, and the last h stays readable',
    async (_name, text, answer) => {
      const { host, port } = await listen();
      const romeo = await enabled(port);
      romeo.send(text);
      expect(await romeo.closed).toBe(1000);
      expect(romeo.messages.slice(7)).toEqual([answer, CLOSE]);
      const again = await host.login('romeo');
      await again.write(resume(romeo.smId, 0)).expect(failed('item-not-found', { h: 0 }));
    },
  );

  it.each([
    ['beyond 1 MiB', ['x'.repeat((1 << 20) + 1)], 1009],
    ['that is not UTF-8', [Buffer.from([0x3c, 0xff])], 1007],
    ['in more than 128 frames', [...'x'.repeat(129)], 1008],
  ])(
    'a message %s is refused by the WebSocket itself, and ends the session all the same',
    async (_name, frames, code) => {
      const { host, port } = await listen();
      const romeo = await enabled(port);
      for (const [index, data] of frames.entries())
        romeo.socket.send(data, { binary: false, fin: index === frames.length - 1 });
      expect(await romeo.closed).toBe(code);
      await host.reported('ended', ROMEO);
      expect(host.of('hibernationStart', ROMEO)).toEqual([]);
    },
  );

  it.each([
    ['an element', R],
    ['a header of TCP, closed', "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' version='1.0'/>"],
    ['<open/> of another namespace', "<open xmlns='jabber:client'/>"],
  ])('%s in place of <open/> is answered after <open/> (3.5)', async (_name, text) => {
    const { port } = await listen();
    const bare = await opened(port);
    bare.send(text);
    await bare.closed;
    const wrong = 'a stream is opened by &lt;open/&gt; in urn:ietf:params:xml:ns:xmpp-framing';
    expect(bare.messages).toEqual([expect.stringMatching(/^<open /), streamError('invalid-namespace', wrong), CLOSE]);
  });

  it('<open/> after an XML declaration is refused', async () => {
    const { port } = await listen();
    const bare = await opened(port);
    bare.send(`<?xml version='1.0'?>${OPEN}`);
    await bare.closed;
    expect(bare.messages).toEqual([expect.stringMatching(/^<open /), around, CLOSE]);
  });

  it('<open/> to another domain, without a version, or a second time is refused as on TCP', async () => {
    const { port } = await listen();
    for (const [messages, condition] of [
      [[OPEN.replace('localhost', 'example.org')], 'host-unknown'],
      [[OPEN.replace("version='1.0'", '')], 'unsupported-version'],
      [[OPEN, OPEN], 'not-authorized'],
    ] as const) {
      const bare = await opened(port);
      bare.send(...messages);
      await bare.closed;
      expect(bare.messages.at(-2)).toContain(`<${condition} `);
    }
  });
});

describe('the WebSocket itself', () => {
  const refusal = async (bare: Bare): Promise<number | undefined> => {
    const [, response] = await once(bare.socket, 'unexpected-response');
    bare.socket.on('error', () => {});
    bare.socket.terminate();
    return response.statusCode;
  };

  it('needs the subprotocol xmpp (3.1)', async () => {
    const { port } = await listen();
    expect(await refusal(new Bare(port, '/xmpp-websocket', []))).toBe(400);
    expect(await refusal(new Bare(port, '/xmpp-websocket', ['chat']))).toBe(400);
    const bare = new Bare(port, '/xmpp-websocket', ['chat', 'xmpp']);
    await once(bare.socket, 'open');
    expect(bare.socket.protocol).toBe('xmpp');
    bare.socket.terminate();
  });

  it('is at one path, and every other path gets an error', async () => {
    const { port } = await listen();
    expect(await refusal(new Bare(port, '/'))).toBe(400);
    const response = await fetch(`http://127.0.0.1:${port}/xmpp-websocket`);
    expect(response.status).toBe(426);
  });

  it('gets pings, and is closed when a ping is not answered: the session hibernates (3.8)', async () => {
    // The pings are all that waits so: this test says when they are due.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { host, port } = await listen({ pingInterval: 30 });
    const romeo = await enabled(port);
    const deaf = await opened(port, { autoPong: false });
    const ping = async (): Promise<void> => {
      const pinged = once(romeo.socket, 'ping');
      vi.advanceTimersByTime(30_000);
      await pinged;
      // Behind this the host has read the answer.
      romeo.send(R);
      await romeo.until(romeo.messages.length + 1);
    };
    await ping();
    expect(deaf.socket.readyState).toBe(WebSocket.OPEN);
    for (let pings = 1; pings < 4; pings++) await ping();
    expect(await deaf.closed).toBe(1006);
    romeo.socket.pause();
    vi.advanceTimersByTime(30_000);
    expect(host.of('hibernationStart', ROMEO)).toEqual([]);
    vi.advanceTimersByTime(30_000);
    await host.reported('hibernationStart', ROMEO);
    romeo.socket.terminate();
  });

  it('rejects a port that is taken', async () => {
    const nothing: RequestListener = () => {};
    const taken = createServer(nothing).listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const host = await startHost();
    await expect(host.host.listen({ host: '127.0.0.1', port, websocket: true })).rejects.toThrow('EADDRINUSE');
    taken.close();
  });

  it('does not prevent the host from closing, before or after the handshake', async () => {
    const { host, port } = await listen();
    const half: RawClient[] = [await host.connect()];
    const bare = await opened(port);
    bare.send(OPEN);
    await bare.until(2);
    await host.host.close();
    expect(await bare.closed).toBe(1000);
    expect(bare.messages.slice(2)).toEqual([expect.stringContaining('<system-shutdown '), CLOSE]);
    for (const client of half) await client.gone();
  });
});

describe('a WebSocket whose client has not authenticated (S-2)', () => {
  it.each([
    ['size', 'x'.repeat(16 * 1024), 'element too long'],
    ['depth', '<a>'.repeat(8) + '</a>'.repeat(8), 'elements nested deeper than 8'],
    ['elements', '<a/>'.repeat(64), 'more than 64 elements'],
  ])('has a small limit of %s', async (_, content, text) => {
    const { port } = await listen();
    const stranger = await opened(port);
    stranger.send(OPEN, `<auth xmlns='${SASL}'>${content}</auth>`);
    await stranger.closed;
    expect(stranger.messages.slice(2)).toEqual([streamError('policy-violation', text), CLOSE]);
  });

  it('leaves little memory in the host for a message that does not end, and few of its frames', async () => {
    const { port } = await listen();
    const [long, chopped] = [await unfinished(port), await unfinished(port)];
    long.socket.write('x'.repeat(15_000));
    await long.isKept();
    long.socket.write('x'.repeat(4_000));
    expect(await long.refusal).toContain('message too long');
    for (let pieces = 0; pieces < 400; pieces++) {
      chopped.socket.write('x');
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await chopped.refusal).toContain('message too long');
  });

  it('may send more than that in several messages', async () => {
    const { port } = await listen();
    const stranger = await opened(port);
    const long = OPEN.replace('<open', `<open${' '.repeat(15_000)}`);
    stranger.send(long);
    await stranger.until(2);
    stranger.send(long);
    await stranger.closed;
    expect(stranger.messages.at(-2)).toContain('<not-authorized '); // it was read, and is the second <open/>
  });

  it('counts for maxUnauthenticated during its handshake', async () => {
    const host = await startHost({ maxUnauthenticated: 2 });
    const { port } = await host.host.listen({ host: '127.0.0.1', port: 0, websocket: true });
    const silent = [await tcp(port), await tcp(port)];
    const third = connect(port, '127.0.0.1').on('error', () => {});
    await once(third, 'close');
    for (const socket of silent) socket.destroy();
    await expect.poll(() => opened(port).then(({ socket }) => socket.readyState)).toBe(WebSocket.OPEN);
  });

  it('has the limits of stanzas after it has authenticated', async () => {
    const { port } = await listen();
    const romeo = await enabled(port);
    const payload = `${'<a/>'.repeat(64)}${'x'.repeat(16 * 1024)}`;
    romeo.send(`<message xmlns='jabber:client' to='nurse@localhost'><x xmlns='y'>${payload}</x></message>`, R);
    expect((await romeo.until(8))[7]).toBe(`<a xmlns='${SM}' h='1'/>`);
  });

  it('counts for maxUnauthenticated, together with connections over TCP', async () => {
    const host = await startHost({ maxUnauthenticated: 1 });
    const { port } = await host.host.listen({ host: '127.0.0.1', port: 0, websocket: true });
    const first = await opened(port);
    const dropped = new Bare(port);
    dropped.socket.on('error', () => {});
    expect(await dropped.closed).toBe(1006);
    const heard = host.connect().then(
      async (tcp) => {
        await tcp.gone();
        return tcp.received;
      },
      () => '', // dropped before it knows that it was accepted
    );
    expect(await heard).toBe('');
    first.send(OPEN, AUTH);
    await first.until(3);
    await opened(port);
  });
});
