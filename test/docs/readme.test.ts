import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHost, type Host } from '../../src/host/index.js';
import { DEFAULT_POLICY } from '../../src/index.js';
import { parseElement } from '../../src/xml/index.js';

const readme = readFileSync('README.md', 'utf8');
const programs = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map(([, text = '']) => text);

/** In dist, where `smacks` means the built package, as it does for users. */
const write = (name: string, text: string): string => {
  mkdirSync('dist/readme', { recursive: true });
  writeFileSync(`dist/readme/${name}`, text);
  return new URL(`../../dist/readme/${name}`, import.meta.url).href;
};

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

  it('the client runs as it stands, and its receipt settles', async () => {
    const program = write('client.mjs', programs[0] ?? '');
    const env = { ...process.env, XMPP_SERVICE: `xmpp://127.0.0.1:${port}`, XMPP_PASSWORD: 'secret' };
    const { stdout, stderr } = await promisify(execFile)('node', [new URL(program).pathname], { env, timeout: 20_000 });
    expect({ stdout, stderr }).toEqual({ stdout: 'the server has it\n', stderr: '' });
  });

  it('the server enables, counts and acknowledges', async () => {
    const { serve } = await import(write('server.mjs', programs[1] ?? ''));
    const written: string[] = [];
    const handled: string[] = [];
    const heard: string[] = [];
    const nothing = (): void => {};
    const connection = {
      write: (xml: string) => written.push(xml),
      close: nothing,
      destroy: nothing,
      pause: nothing,
      resume: nothing,
      onElement: (_element: unknown): unknown => undefined,
    };
    const session = serve(connection, {
      handle: (stanza: { toString(): string }) => handled.push(stanza.toString()),
      hear: (report: { name: string }) => heard.push(report.name),
      negotiate: nothing,
    });
    const receive = (xml: string): void => {
      const element = parseElement(xml);
      if (element._tag === 'Right') connection.onElement(element.right);
    };
    session.tell({ type: 'app.authenticated', owner: 'juliet@example.net' });
    session.tell({ type: 'app.bound' });
    receive("<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    await expect.poll(() => heard).toContain('enabled');
    receive("<message xmlns='jabber:client'/>");
    receive("<r xmlns='urn:xmpp:sm:3'/>");
    expect(handled).toEqual(['<message xmlns="jabber:client"/>']);
    expect(written.at(-1)).toBe("<a xmlns='urn:xmpp:sm:3' h='1'/>");
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
