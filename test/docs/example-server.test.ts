/** `docs/examples/server.ts`, looked at by the check and by clients that send exact bytes. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { checks } from '../../src/check.js';
import { type Place, run, troubles } from '../check/verdicts.js';
import { compile, fencesIn, type Programs, textOf } from '../support/doc-programs.js';
import { startServer } from '../support/example-server.js';
import { connectRaw, SM } from '../support/raw-client.js';

const USERS = ['romeo', 'juliet', 'mercutio', 'tybalt', 'benvolio', 'rosaline', 'paris', 'nurse'];

/** The same text with one place changed, which the text has exactly once. */
const changed = (text: string, from: string, to: string): string => {
  expect(text.split(from)).toHaveLength(2);
  return text.replace(from, to);
};

const source = textOf('docs/examples/server.ts');
const websocket = fencesIn('docs/1-embedding-a-server.md').find(({ info }) => info.startsWith('added to '))?.code;
const onTls = changed(
  source,
  'port: Number(',
  "tls: { key: process.env.KEY ?? '', cert: process.env.CERT ?? '' }, port: Number(",
);
const tls = changed(onTls, 'this.security.secure || this.security.loopback', 'this.security.secure');

let compiled: Programs;
beforeAll(async () => {
  const files = { 'server.ts': source, 'websocket.ts': `${source}\n${websocket}`, 'tls.ts': tls };
  compiled = await compile('example-server', files);
});

const start = (program = 'server.js', env: NodeJS.ProcessEnv = {}, announced?: RegExp) =>
  startServer(join(compiled.folder, program), USERS, env, announced);

const checked = (port: number, transport: Place['transport'], only: RegExp) =>
  run({
    target: { port, transport, domain: 'localhost' },
    users: USERS,
    password: 'secret',
    options: { checks: checks.filter(({ id }) => only.test(id)) },
  });

describe('the server in docs/examples', { timeout: 180_000 }, () => {
  it('compiles as strict TypeScript, also with the lines for WebSockets', () => {
    expect(compiled.faults).toBe('');
  });

  it('imports only the package and modules of Node', () => {
    const imported = [...source.matchAll(/ from '([^']+)'/g)].map(([, name]) => name);
    expect(imported).toEqual(['node:crypto', 'smacks', 'smacks/server', 'smacks/transport/node', 'smacks/xml']);
  });

  it('passes smacks check: no failure, no warning', async () => {
    const server = await start();
    const results = await checked(server.port, 'tcp', /./);
    expect(troubles(results)).toEqual([]);
    expect(results.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(180);
    expect(await server.stop()).toEqual({ code: 0, stderr: '' });
  });

  it('passes smacks check over WebSocket too, with the lines of the page', async () => {
    const server = await start('websocket.js', { WS_PORT: '0' }, /WebSockets on .* port: (\d+)/);
    const results = await checked(server.port, 'ws', /^(feature|websocket|resume$|resume-again|replay-both)/);
    expect(troubles(results)).toEqual([]);
    expect(await server.stop()).toEqual({ code: 0, stderr: '' });
  });

  it('offers PLAIN inside TLS, with a key and a certificate', async () => {
    const env = { KEY: textOf('test/support/localhost-key.pem'), CERT: textOf('test/support/localhost-cert.pem') };
    const { port } = await start('tls.js', env);
    const results = await checked(port, 'tls', /^(feature|resume$)/);
    expect(results.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass', 'pass']);
  });

  it('when it shuts down, returns the stanzas of clients that are away, and closes every stream (A-12)', async () => {
    const server = await start();
    const [romeo, juliet, stranger] = await Promise.all([
      connect(server.port),
      connect(server.port),
      connect(server.port),
    ]);
    await stranger.open();
    await romeo.login('romeo', 'secret');
    await romeo.bind('a');
    await romeo.enable();
    romeo.reset();
    await juliet.login('juliet', 'secret');
    await juliet.bind('b');
    juliet.write("<message to='romeo@localhost/a' id='m1' type='chat'><body>Wherefore</body></message>");
    juliet.write("<iq type='get' id='i1'><ping xmlns='urn:xmpp:ping'/></iq>");
    await juliet.until(/<iq [^>]*id="i1"/);
    const stopped = server.stop();
    await juliet.until(
      /<message [^>]*type="error"[^>]*id="m1".*<recipient-unavailable .*<system-shutdown .*<\/stream:stream>/s,
    );
    await stranger.until(/<system-shutdown .*<\/stream:stream>/s);
    expect(await stopped).toEqual({ code: 0, stderr: '' });
  });

  it('refuses a third login, and a login without a password (RFC 6120 section 6.4.4)', async () => {
    const { port } = await start();
    const client = await connect(port);
    await client.open();
    for (const proof of ['\0romeo\0guess', '\0nobody', '\0romeo\0'])
      client.write(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${btoa(proof)}</auth>`);
    await client.until(/(<failure .*){3}<policy-violation /s);
    await client.gone();
    expect(client.received).not.toContain('<success');
  });

  it('gives the stanzas that wait for a resource to the next client of the resource, once (A-12)', async () => {
    const { port } = await start();
    const romeo = await connect(port);
    await romeo.login('romeo', 'secret');
    await romeo.bind('a');
    const smId = await romeo.enable();
    romeo.reset();
    const juliet = await connect(port);
    await juliet.login('juliet', 'secret');
    await juliet.bind('b');
    juliet.write(
      "<message to='romeo@localhost/a' id='m1' type='chat'/><iq type='get' id='i1' to='romeo@localhost/a'/>",
    );
    juliet.write("<iq type='get' id='i2'/>");
    await juliet.until(/id="i2"/);
    const again = await connect(port);
    await again.login('romeo', 'secret');
    await again.bind('a');
    await again.until(/<message [^>]*id="m1"/);
    await juliet.until(/<iq [^>]*type="error"[^>]*id="i1".*<recipient-unavailable /s);
    const late = await connect(port);
    await late.login('romeo', 'secret');
    late.write(`<resume xmlns='${SM}' previd='${smId}' h='0'/>`);
    await late.until(/<failed .*<item-not-found /s);
    expect(again.received.match(/id="m1"/g)).toHaveLength(1);
    expect(juliet.received).not.toContain('id="m1"');
  });
});

const connect = (port: number) => connectRaw(port);
