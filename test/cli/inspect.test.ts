import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, request, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { feedList } from '../../src/cli/inspect/feed.js';
import { openInspector } from '../../src/cli/inspect/live.js';
import type { ListMessage } from '../../src/inspect/messages.js';
import { createWatch } from '../../src/inspect/watch.js';
import { rounds } from '../support/effort.js';
import { enabledSession } from '../support/inspected.js';
import { smacks, start, startIn } from './smacks.js';

const root = resolve(import.meta.dirname, '../..');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'smacks-inspect-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HOST = ['host', '--listen', '127.0.0.1:0', '--account', 'romeo:secret'];
const LOOPBACK = { host: '127.0.0.1', port: 0 };

/** Starts a command; it is stopped when the test is over. */
const running = (...args: readonly string[]) => {
  const started = start(...args);
  onTestFinished(() => void started.process.kill('SIGKILL'));
  return started;
};

/** The address that a command prints for the page. What it prints later is read too: a program whose output nobody takes ends. */
const urlOf = ({ process }: ReturnType<typeof start>): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    process.stdout?.on('data', (chunk) => {
      text += String(chunk);
      const [, url] = /shown at (http:\/\/\S+\/)\n/.exec(text) ?? [];
      if (url !== undefined) resolve(url);
    });
    process.once('close', () => reject(new Error(`no address in ${text}`)));
  });

/** What a server answers to a request with these headers. */
const answer = async (url: string, headers: Readonly<Record<string, string>>, method = 'GET') => {
  const asked = request(url, { method, headers }).end();
  const [response] = await once(asked, 'response');
  response.resume();
  return { status: response.statusCode as number, headers: response.headers as Readonly<Record<string, string>> };
};

/** The first message of a stream. */
const firstOf = async (url: string): Promise<ListMessage> => {
  const response = await fetch(url);
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += new TextDecoder().decode(chunk);
    const [, message] = /data: (.*)\n\n/.exec(text) ?? [];
    if (message !== undefined) return JSON.parse(message);
  }
  return expect.fail(`${url} ended`);
};

describe('a host with --inspect', () => {
  it('prints the address of the page, and the page ends when the host ends', async () => {
    const host = running(...HOST, '--inspect', '127.0.0.1:0');
    const url = await urlOf(host);
    expect((await fetch(url)).headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await firstOf(`${url}sessions`)).toEqual({ anew: true, steps: 0, of: null, sessions: [], gone: [] });
    host.process.kill('SIGTERM');
    expect(await host.ended).toMatchObject({ stderr: '', code: 0 });
  });

  it('prints one line and fails when the address of the page is in use', async () => {
    const url = new URL(await urlOf(running(...HOST, '--inspect', '127.0.0.1:0')));
    const outcome = await smacks(...HOST, '--inspect', url.host);
    expect(outcome).toEqual({
      stdout: '',
      stderr: `smacks: the inspector cannot listen on ${url.host}: address already in use\n`,
      code: 1,
    });
  });

  it('ends with an error when an account is not valid', async () => {
    const outcome = await smacks('host', '--listen', '127.0.0.1:0', '--account', 'a b:c', '--inspect', '127.0.0.1:0');
    expect(outcome).toMatchObject({ code: 2, stderr: expect.stringContaining('--account') });
  });

  it("says what to install for Stately's inspector, and allows only its address in a frame", async () => {
    const project = join(folder, 'without');
    for (const name of ['dist', 'src/inspect/page', 'package.json'])
      cpSync(join(root, name), join(project, name), { recursive: true });
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    for (const name of Object.keys(dependencies)) {
      mkdirSync(dirname(join(project, 'node_modules', name)), { recursive: true });
      symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name), 'junction');
    }
    expect(await startIn(project, ...HOST, '--inspect-stately').ended).toEqual({
      stdout: '',
      stderr:
        'smacks: --inspect-stately needs @statelyai/inspect, which is not installed: npm install @statelyai/inspect\n',
      code: 1,
    });
    const host = running(...HOST, '--inspect', '127.0.0.1:0', '--inspect-stately', 'http://127.0.0.1:9/inspect');
    const url = await urlOf(host);
    const page = await answer(`${url}stately.html`, {});
    expect(page.headers['content-security-policy']).toContain('frame-src http://127.0.0.1:9;');
    expect(await (await fetch(`${url}stately.json`)).json()).toEqual({ page: 'http://127.0.0.1:9/inspect' });
  });
});

it('a demo with --inspect shows its sessions, and stays after its end until the user interrupts it', async () => {
  const demo = running('demo', '--messages', '5', '--cuts', '0', '--inspect', '127.0.0.1:0');
  let told = '';
  demo.process.stderr?.on('data', (chunk) => (told += chunk));
  await demo.line;
  await expect.poll(() => told).toContain('until you press Ctrl-C');
  const [, url] = /shown at (\S+)/.exec(told) ?? [];
  const { sessions } = await firstOf(`${url}sessions`);
  expect(sessions.map(({ role, name }) => `${role} ${name}`).sort()).toEqual([
    'client juliet',
    'client romeo',
    'server juliet@localhost/demo',
    'server romeo@localhost/demo',
  ]);
  demo.process.kill('SIGINT');
  expect(await demo.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('passed') });
});

describe('the inspector answers only requests of its own page:', () => {
  const opened = openInspector({ inspect: LOOPBACK });
  afterAll(async () => (await opened).close());

  it.each([
    ['a page of another site, by its name', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a page of another port', { 'sec-fetch-site': 'same-site' }, 403],
    ['a foreign page, by its origin', { origin: 'http://evil.example' }, 403],
    ['a page without an origin of its own', { origin: 'null' }, 403],
    ['a name that was made to point here (DNS rebinding)', { host: 'evil.example' }, 403],
    ['such a name with our port', { host: 'evil.example:PORT' }, 403],
    ['our own page', { 'sec-fetch-site': 'same-origin', origin: 'http://127.0.0.1:PORT', host: '127.0.0.1:PORT' }, 200],
    ['the user', { 'sec-fetch-site': 'none' }, 200],
    ['the user, by the name of the loopback', { host: 'localhost:PORT' }, 200],
    ['the user, behind a tunnel', { host: '127.0.0.1:9999' }, 200],
  ])('%s', async (_who, headers, status) => {
    const { url } = await opened;
    const { port } = new URL(url);
    const asked = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', port)]),
    );
    for (const path of ['', 'sessions', 'pictures.json', 'main.js'])
      expect((await answer(`${url}${path}`, asked)).status, path).toBe(status);
  });

  it('it accepts only requests that read', async () => {
    const { url } = await opened;
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) expect((await answer(url, {}, method)).status).toBe(403);
  });

  it('it serves the files of the page, and no other files', async () => {
    const { url } = await opened;
    for (const path of ['../package.json', '%2e%2e/package.json', 'main.ts', 'tsconfig.json', 'sessions/x', 'nothing'])
      expect((await answer(`${url}${path}`, {})).status, path).toBe(404);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.end('GET // HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    const [line] = await once(socket.setEncoding('utf8'), 'data');
    expect(line).toContain(' 400 ');
  });

  it('it sends a content security policy that allows nothing from other sites', async () => {
    const { url } = await opened;
    const { headers } = await answer(url, {});
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(headers['content-security-policy']).not.toMatch(/unsafe|data:|\*/);
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
  });
});

it('a browser that does not read costs the host no memory, and gets the newest state when it reads again', async () => {
  const watch = createWatch();
  const crowd = Array.from({ length: 500 }, (_, index) => enabledSession(watch.write, `user-${index}`, index));
  let response: ServerResponse | undefined;
  const server = createServer((_request, answering) => {
    response = answering;
    feedList(answering, () => ({ watch, steps: watch.steps, of: null, now: 0, disagreement: null }), 1);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close().closeAllConnections());
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const socket = connect(port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(socket, 'readable'); // and nobody reads
  // On a fast machine many rounds pass between two messages.
  for (let round = 0; round < rounds(300) || response?.writableNeedDrain !== true; round += 1) {
    for (const { tell } of crowd) tell({ type: 'peer.stanza', at: round, epoch: 1 });
    await new Promise((wake) => setImmediate(wake));
  }
  expect(response?.writableLength).toBeLessThan(500_000);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  await expect.poll(() => text.slice(-200_000)).toContain(`"steps":${watch.steps},"of":null`);
});

describe('smacks inspect', () => {
  it('shows the sessions of a host on another machine, and says so when there is no such host', async () => {
    const host = running(...HOST, '--inspect', '127.0.0.1:0');
    const there = await urlOf(host);
    const page = running('inspect', there);
    const here = await urlOf(page);
    expect(here).not.toBe(there);
    expect((await fetch(here)).status).toBe(200);
    expect(await firstOf(`${here}sessions`)).toMatchObject({ anew: true, sessions: [] });
    expect((await answer(`${here}sessions`, { origin: 'http://evil.example' })).status).toBe(403);
    page.process.kill('SIGINT');
    expect(await page.ended).toMatchObject({ stderr: '', code: 0 });
    host.process.kill('SIGTERM');
    await host.ended;
    expect(await smacks('inspect', there)).toEqual({
      stdout: '',
      stderr: `smacks: ${there}: connection refused; is there a host or a demo that runs with --inspect?\n`,
      code: 1,
    });
  });

  it('shows a record at any of its lines', async () => {
    const file = join(folder, 'record.jsonl');
    const lines: string[] = [];
    enabledSession((line) => lines.push(`${JSON.stringify(line)}\n`), 'romeo', 1);
    writeFileSync(file, lines.join(''));
    const url = await urlOf(running('inspect', file));
    const at = async (query: string) => (await firstOf(`${url}sessions${query}`)).sessions[0]?.configuration;
    expect(await at('')).toContain('enabled.acking.allAcked');
    expect(await at('?at=1')).toBe('disabled.authenticated');
    expect(await at('?at=3')).toBe('granting');
    expect(await at('?at=2')).toBe('disabled.bound');
    expect(await at('?at=0')).toBe('disabled.authenticated');
    expect(await at('?at=999')).toContain('enabled');
  });

  it.each([
    ['a file that is not there', 'nothing.jsonl', 'no such file or directory'],
    ['an empty file', 'empty.jsonl', 'it is empty'],
    ['a file that is no record', 'text.jsonl', 'this is not JSON'],
  ])('prints one line and fails for %s', async (_what, name, words) => {
    writeFileSync(join(folder, 'empty.jsonl'), '');
    writeFileSync(join(folder, 'text.jsonl'), 'O Romeo\n');
    const { stdout, stderr, code } = await smacks('inspect', join(folder, name));
    expect(stderr).toMatch(/^smacks: .+\n$/);
    expect(stderr).toContain(words);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
  });
});
