import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHost, type Host } from '../../src/host/host.js';
import { DEFAULT_POLICY, peerViolation } from '../../src/index.js';
import { parseElement } from '../../src/xml.js';

const readme = readFileSync('README.md', 'utf8');
const programsIn = (page: string): readonly string[] =>
  [...page.matchAll(/```js\n([\s\S]*?)```/g)].map(([, text = '']) => text);
const programs = programsIn(readme);

/** In dist, where `smacks` means the built package, as it does for users. */
const write = (name: string, text: string): string => {
  mkdirSync('dist/readme', { recursive: true });
  writeFileSync(`dist/readme/${name}`, text);
  return new URL(`../../dist/readme/${name}`, import.meta.url).href;
};

/** What a program printed, and its exit code. */
const runNode = async (program: string, variables: NodeJS.ProcessEnv) => {
  const env = { ...process.env, ...variables };
  const child = promisify(execFile)('node', [new URL(program).pathname], { env, timeout: 60_000 });
  const { stdout, stderr } = await child.catch((failed) => failed);
  return { stdout, stderr, code: child.child.exitCode };
};

const runClient = (variables: NodeJS.ProcessEnv) => runNode(write('client.mjs', programs[0] ?? ''), variables);

describe('the programs in README.md', () => {
  let host: Host;
  let port: number;

  beforeAll(async () => {
    const accounts = ['romeo', 'juliet'].map((user) => ({ user, password: 'secret' }));
    host = await createHost({ accounts });
    ({ port } = await host.listen({ host: '127.0.0.1', port: 0 }));
  });

  afterAll(() => host.close());

  it('are two: a client and a server', () => {
    expect(programs.map((text) => text.split('\n').length > 15)).toEqual([true, true]);
  });

  it('the client runs without changes, and its receipt settles', async () => {
    expect(await runClient({ XMPP_SERVICE: `xmpp://127.0.0.1:${port}`, XMPP_PASSWORD: 'secret' })).toEqual({
      stdout: 'the server has it\n',
      stderr: '',
      code: 0,
    });
  });

  it('the client prints two lines for a wrong password, and when there is no server', async () => {
    const stdout = 'not acknowledged: closed, written: false\n';
    expect(await runClient({ XMPP_SERVICE: `xmpp://127.0.0.1:${port}`, XMPP_PASSWORD: 'guess' })).toEqual({
      stdout,
      stderr: expect.stringMatching(/^not-authorized.*\n$/),
      code: 1,
    });
    expect(await runClient({ XMPP_SERVICE: 'xmpp://127.0.0.1:1', XMPP_PASSWORD: 'secret' })).toEqual({
      stdout,
      stderr: 'connect ECONNREFUSED 127.0.0.1:1\n',
      code: 1,
    });
  });

  it('the server binds, enables, counts and acknowledges, all in wire order', async () => {
    const { createServer } = await import(write('server.mjs', programs[1] ?? ''));
    const written: string[] = [];
    const handled: string[] = [];
    const heard: string[] = [];
    const nothing = (): void => {};
    let isBound = false;
    const accept = createServer({
      take(_session: unknown, stanza: { name: string; toString(): string }) {
        if (isBound) handled.push(stanza.toString());
        else heard.push(`bind ${stanza.name}`);
      },
      hear: (_session: unknown, report: { type: string }) => heard.push(report.type),
      negotiate: (_session: unknown, element: { name: string }) => heard.push(`negotiate ${element.name}`),
    });
    const { session, element, violation } = accept({
      write: (xml: string) => written.push(xml),
      close: nothing,
      destroy: nothing,
      pause: nothing,
      resume: nothing,
    });
    const receive = (xml: string): void => {
      const parsed = parseElement(xml);
      if (parsed._tag === 'Right') element(parsed.right);
    };
    session.authenticated('juliet@example.net');
    receive("<iq xmlns='jabber:client' type='set'/>");
    session.bound();
    isBound = true;
    receive("<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    receive("<active xmlns='urn:xmpp:csi:0'/>");
    await expect.poll(() => heard).toEqual(['bind iq', 'enabled', 'negotiate active']);
    receive("<message xmlns='jabber:client'/>");
    receive("<r xmlns='urn:xmpp:sm:3'/>");
    expect(handled).toEqual(['<message xmlns="jabber:client"/>']);
    expect(written.at(-1)).toBe("<a xmlns='urn:xmpp:sm:3' h='1'/>");
    violation(peerViolation('not-well-formed', ''));
    expect(written.at(-1)).toContain('<not-well-formed ');
  });
});

describe('docs/2-embedding-a-client.md', () => {
  it('has a program with xmpp.js that runs without changes', async () => {
    const host = await createHost({ accounts: [{ user: 'romeo', password: 'secret' }] });
    const { port } = await host.listen({ host: '127.0.0.1', port: 0 });
    const [program = ''] = programsIn(readFileSync('docs/2-embedding-a-client.md', 'utf8'));
    const outcome = await runNode(write('xmppjs.mjs', program), { XMPP_SERVICE: `xmpp://127.0.0.1:${port}` });
    await host.close();
    expect(outcome).toEqual({ stdout: 'can be resumed for 300 s\n', stderr: '', code: 0 });
  });
});

describe('docs/4-what-an-ack-means.md', () => {
  it('explains every reason of a returned stanza', () => {
    const page = readFileSync('docs/4-what-an-ack-means.md', 'utf8');
    const effects = readFileSync('src/core/effects.ts', 'utf8');
    const [, union = ''] = /export type ReturnReason =([^;]*);/.exec(effects) ?? [];
    const reasons = [...union.matchAll(/'(\w+)'/g)].map(([, reason = '']) => reason);
    expect(reasons.length).toBeGreaterThan(0);
    expect([...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, reason]) => reason)).toEqual(expect.arrayContaining(reasons));
  });
});

describe('docs/3-policy.md', () => {
  const page = readFileSync('docs/3-policy.md', 'utf8');

  it('gives every option its default and its reason', () => {
    for (const [name, value] of Object.entries(DEFAULT_POLICY)) {
      expect(page, name).toContain(`| \`${name}\` | ${value} |`);
      expect(page, name).toMatch(new RegExp(`^## .*\\b${name}\\b`, 'm'));
    }
  });
});
