import { once } from 'node:events';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Running, smacks, start } from './smacks.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'smacks-cli-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [CERT, KEY] = ['cert', 'key'].map((part) => join(import.meta.dirname, `../support/localhost-${part}.pem`));
const ACCOUNT = ['--account', 'romeo:secret'];

describe('smacks host', () => {
  it('prints one line with its real port, accepts clients there, and stops on SIGTERM', async () => {
    const host = start('host', '--listen', '127.0.0.1:0', '--domain', 'capulet.example', ...ACCOUNT);
    const line = await host.line;
    expect(line).toMatch(/^smacks host: capulet\.example listens on 127\.0\.0\.1:[1-9]\d*$/);
    const socket = await openStream(portOf(line), 'capulet.example');
    expect(await text(socket, '</stream:features>')).toContain('SCRAM-SHA-1');
    host.process.kill('SIGTERM');
    expect(await text(socket, '</stream:stream>')).toContain('</stream:stream>');
    socket.end();
    expect(await host.ended).toEqual({ stdout: `${line}\n`, stderr: '', code: 0 });
  });

  it('stops on SIGINT', async () => {
    const host = start('host', '--listen', '127.0.0.1:0', ...ACCOUNT);
    await host.line;
    host.process.kill('SIGINT');
    expect(await host.ended).toMatchObject({ stderr: '', code: 0 });
  });

  it('stops at once on a second signal, although a client keeps its connection open', async () => {
    const host = start('host', '--listen', '127.0.0.1:0', ...ACCOUNT);
    const socket = await openStream(portOf(await host.line), 'localhost');
    await text(socket, '</stream:features>');
    host.process.kill('SIGTERM');
    await text(socket, '</stream:stream>');
    host.process.kill('SIGTERM');
    expect(await host.ended).toMatchObject({ stderr: '', code: 143 });
    socket.destroy();
  });

  it('listens on an IPv6 address', async () => {
    const host = start('host', '--listen', '[::1]:0', ...ACCOUNT);
    expect(await host.line).toMatch(/ listens on \[::1\]:[1-9]\d*$/);
    await stop(host);
  });

  it('limits the connections that have not logged in, and the resources of a user', async () => {
    const host = start(
      'host',
      '--listen',
      '127.0.0.1:0',
      '--max-unauthenticated',
      '1',
      '--max-resources',
      '1',
      ...ACCOUNT,
    );
    const port = portOf(await host.line);
    const first = await openStream(port, 'localhost');
    await text(first, '</stream:features>');
    const dropped = connect({ port, host: '127.0.0.1' }).on('error', () => {});
    await new Promise((resolve) => dropped.on('close', resolve));
    for (const [resource, answer] of [
      ['a', '</jid>'],
      ['b', '<resource-constraint '],
    ] as const) {
      const socket = resource === 'a' ? first : await openStream(port, 'localhost');
      if (socket !== first) await text(socket, '</stream:features>');
      socket.write(
        `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${btoa('\0romeo\0secret')}</auth>`,
      );
      await text(socket, '<success ');
      socket.write(header('localhost'));
      await text(socket, '</stream:features>');
      socket.write(
        `<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>${resource}</resource></bind></iq>`,
      );
      expect(await text(socket, answer)).toContain(answer);
    }
    first.destroy();
    await stop(host);
  });

  it('accepts WebSockets beside TCP, or only WebSockets', async () => {
    const host = start('host', '--listen', '127.0.0.1:0', '--ws', '127.0.0.1:0', ...ACCOUNT);
    const [, port] = / listens on 127\.0\.0\.1:\d+ and 127\.0\.0\.1:(\d+) \(WebSocket\)$/.exec(await host.line) ?? [];
    const socket = new WebSocket(`ws://127.0.0.1:${port}/xmpp-websocket`, 'xmpp');
    await once(socket, 'open');
    host.process.kill('SIGTERM');
    await once(socket, 'close');
    expect(await host.ended).toMatchObject({ stderr: '', code: 0 });
    const alone = start('host', '--ws', '127.0.0.1:0', ...ACCOUNT);
    expect(await alone.line).toMatch(/ listens on 127\.0\.0\.1:\d+ \(WebSocket\)$/);
    await stop(alone);
  });

  it('appends a trace to the file', async () => {
    const trace = join(folder, 'trace.jsonl');
    writeFileSync(trace, '{"before":true}\n');
    const host = start('host', '--listen', '127.0.0.1:0', '--trace', trace, ...ACCOUNT);
    const socket = await openStream(portOf(await host.line), 'localhost');
    await text(socket, '</stream:features>');
    socket.write("<r xmlns='urn:xmpp:sm:3'/>");
    expect(await text(socket, '</failed>')).toContain('unexpected-request');
    socket.end('</stream:stream>');
    await once(socket, 'close');
    await stop(host);
    const [before, ...lines] = readFileSync(trace, 'utf8').trim().split('\n');
    expect(before).toBe('{"before":true}');
    const events = lines.map((line) => JSON.parse(line).event.type);
    expect(events).toContain('peer.r');
  });
});

describe('smacks host fails with exit code 1 and one line on stderr when', () => {
  it('the port is in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const outcome = await smacks('host', '--listen', `127.0.0.1:${port}`, ...ACCOUNT);
    taken.close();
    expect(outcome).toEqual({
      stdout: '',
      stderr: `smacks: cannot listen on 127.0.0.1:${port}: address already in use\n`,
      code: 1,
    });
  });

  it('the file of the certificate does not exist', async () => {
    const files = `${join(folder, 'cert.pem')},${KEY}`;
    expect(await failure('--tls', files)).toMatch(/cert\.pem: no such file or directory\n$/);
  });

  it('the file of the certificate contains no certificate', async () => {
    writeFileSync(join(folder, 'text'), 'no certificate');
    expect(await failure('--tls', `${join(folder, 'text')},${KEY}`)).toMatch(/text: not a certificate in PEM form\n$/);
  });

  it('the certificate and the private key are swapped', async () => {
    expect(await failure('--tls', `${KEY},${CERT}`)).toMatch(/ are swapped: write .*cert\.pem,.*key\.pem\n$/);
  });

  it('the trace cannot be written', async () => {
    expect(await failure('--trace', folder)).toContain('--trace');
  });
});

const failure = async (...args: readonly string[]): Promise<string> => {
  const { stdout, stderr, code } = await smacks('host', '--listen', '127.0.0.1:0', ...ACCOUNT, ...args);
  expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
  expect(stderr).toMatch(/^smacks: .+\n$/);
  return stderr;
};

const stop = async (host: Running): Promise<void> => {
  host.process.kill('SIGTERM');
  expect(await host.ended).toMatchObject({ stderr: '', code: 0 });
};

const portOf = (line: string): number => Number(/:(\d+)$/.exec(line)?.[1]);

const openStream = async (port: number, domain: string): Promise<Socket> => {
  // Half open, so that a test decides when the client lets go.
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).setEncoding('utf8');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(header(domain));
  return socket;
};

const header = (domain: string): string =>
  `<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='${domain}' version='1.0'>`;

/** What arrives, up to `end`. */
const text = (socket: Socket, end: string): Promise<string> => {
  let seen = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: string): void => {
      seen += chunk;
      if (!seen.includes(end)) return;
      socket.off('data', read);
      resolve(seen);
    };
    socket.on('data', read).once('close', () => reject(new Error(`closed after ${seen}`)));
  });
};
