/** A server for tests that writes what it likes: to a host's port for servers, with an authority that says what it is told to. */
import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { connectRaw, RawClient } from './raw-client.js';

export const serverHeader = (from: string, to: string, more = "version='1.0'"): string =>
  `<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:db='jabber:server:dialback' xmlns:stream='http://etherx.jabber.org/streams' from='${from}' to='${to}' ${more}>`;

/** Connects to a host's port for servers and opens a stream. @returns the stream's id beside the connection */
export const openServer = async (
  port: number,
  from: string,
  to: string,
): Promise<RawClient & { readonly streamId: string }> => {
  const raw = await connectServer(port);
  raw.write(serverHeader(from, to));
  const [, streamId = ''] = await raw.until(/<stream:stream [^>]*\bid='([^']+)'/);
  await raw.until(/<\/stream:features>/);
  return Object.assign(raw, { streamId });
};

export const connectServer = async (port: number): Promise<RawClient> => {
  const raw = await connectRaw(port);
  onTestFinished(() => raw.reset());
  return raw;
};

export const dialbackKey = (from: string, to: string, key = 'any'): string =>
  `<db:result from='${from}' to='${to}'>${key}</db:result>`;

/** Opens a stream and is verified, by an authority that says yes. */
export const verifiedServer = async (port: number, from: string, to: string): Promise<RawClient> => {
  const raw = await openServer(port, from, to);
  raw.write(dialbackKey(from, to));
  await raw.until(/<db:result [^>]*type='valid'\/>/);
  await raw.until(/<stream:features><sm [^>]*\/><\/stream:features>/);
  return raw;
};

export interface Authority {
  readonly port: number;
  /** What it says of every key; `close` and `error` instead of an answer, `nothing` never. */
  verdict: 'valid' | 'invalid' | 'error' | 'close' | 'nothing';
  /** The keys it was asked about. */
  readonly asked: readonly string[];
}

/** Answers for a domain. */
export const startAuthority = async (domain: string): Promise<Authority> => {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    let text = '';
    sockets.add(socket);
    socket.setEncoding('utf8').on('error', () => {});
    socket.on('data', (chunk: string) => {
      if (text === '') socket.write(serverHeader(domain, '').replace(" to=''", " id='a1'"));
      text += chunk;
      const [, attributes, key] = /<db:verify ([^>]*)>([^<]*)<\/db:verify>/.exec(text) ?? [];
      if (attributes === undefined || key === undefined) return;
      asked.push(key);
      text = ' ';
      if (authority.verdict === 'close') socket.destroy();
      if (authority.verdict === 'close' || authority.verdict === 'nothing') return;
      const [from, to, id] = ['to', 'from', 'id'].map(
        (name) => new RegExp(`\\b${name}='([^']*)'`).exec(attributes)?.[1],
      );
      const error = "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
      socket.write(
        `<db:verify from='${from}' to='${to}' id='${id}' type='${authority.verdict}'>${authority.verdict === 'error' ? error : ''}</db:verify>`,
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const authority: Authority = {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    verdict: 'valid',
    asked,
  };
  return authority;
};

export interface RawServer {
  readonly port: number;
  /** The next connection to it. */
  next(): Promise<RawClient>;
  /** The next connection, with streams open in both directions. @returns it, behind the header and the key it sent */
  nextWithKey(domain: string, features?: string): Promise<RawClient>;
  /** It breaks every connection. */
  letGo(): void;
}

/** Awaits servers, and does what the test does. */
export const startRawServer = async (): Promise<RawServer> => {
  const waiting: ((raw: RawClient) => void)[] = [];
  const arrived: RawClient[] = [];
  const all: RawClient[] = [];
  const server = createServer((socket) => {
    const raw = new RawClient();
    void raw.connect(async (listener) => {
      socket.setEncoding('utf8').on('data', (text: string) => listener.data(text));
      socket.on('end', () => listener.ended('fin')).on('error', () => listener.ended('rst'));
      socket.on('close', () => listener.ended('rst'));
      return {
        write: (bytes) => void socket.write(bytes),
        fin: () => void socket.end(),
        reset: () => void socket.resetAndDestroy(),
        deaf: () => void socket.pause(),
        startTls: () => Promise.reject(new Error('there is no TLS here')),
      };
    });
    all.push(raw);
    const wake = waiting.shift();
    if (wake === undefined) arrived.push(raw);
    else wake(raw);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const letGo = (): void => {
    for (const raw of all) raw.reset();
  };
  onTestFinished(() => {
    letGo();
    server.close();
  });
  const address = server.address();
  const next = (): Promise<RawClient> => {
    const raw = arrived.shift();
    return raw === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(raw);
  };
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    next,
    letGo,
    async nextWithKey(domain, features = '') {
      const raw = await next();
      await raw.until(/<stream:stream [^>]*>/);
      raw.write(
        `${serverHeader(domain, 'localhost', "id='s1' version='1.0'")}<stream:features>${features}</stream:features>`,
      );
      await raw.until(/<db:result [^>]*>[0-9a-f]{64}<\/db:result>/);
      return raw;
    },
  };
};
