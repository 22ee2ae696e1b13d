import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'ltx';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { checks, clauses } from '../../src/check.js';
import { createHost, type Host } from '../../src/host/host.js';
import { smacks } from './smacks.js';

const ROMEO = ['--account', 'romeo@localhost:secret'];
const BOTH = [...ROMEO, '--account', 'juliet@localhost:secret'];

describe('smacks check', () => {
  let host: Host;
  let server: string;
  beforeAll(async () => {
    host = await createHost({ accounts: ['romeo', 'juliet'].map((user) => ({ user, password: 'secret' })) });
    const { port } = await host.listen({ host: '127.0.0.1', port: 0 });
    server = `127.0.0.1:${port}`;
    return () => host.close();
  });

  const directory = (): string => {
    const path = mkdtempSync(join(tmpdir(), 'smacks-check-'));
    onTestFinished(() => rmSync(path, { recursive: true }));
    return path;
  };

  it('prints a line for each check, and exits with 0 when no check failed', async () => {
    const { stdout, stderr, code } = await smacks(
      'check',
      '--server',
      server,
      ...BOTH,
      '--only',
      'features,enable-twice-refused',
    );
    expect(stdout).toMatch(/^features\n {2}pass {2}Stream management is announced beside bind/);
    expect(stdout).toMatch(/enabling\n {2}pass {2}A second <enable\/> is refused/);
    expect(stdout).toMatch(/\n4 checks: 4 pass, 0 fail, 0 warn, 0 skip; \d+\.\d s\n$/);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  });

  it('says why it skips a check', async () => {
    const { stdout } = await smacks('check', '--server', server, ...BOTH, '--only', 'expiry-h', '--wait', '1');
    expect(stdout).toContain('skip');
    expect(stdout).toContain('sessions are kept for 4 s at least, and --wait allows 1 s');
  });

  it('prints for a failure what was expected and found, the clause, and what crossed the wire, and exits with 1', async () => {
    const strict = await createHost({
      accounts: ['romeo', 'juliet'].map((user) => ({ user, password: 'secret' })),
      policy: { initialCount: 5 as never },
    });
    onTestFinished(() => strict.close());
    const { port } = await strict.listen({ host: '127.0.0.1', port: 0 });
    const { stdout, code } = await smacks('check', '--server', `127.0.0.1:${port}`, ...BOTH, '--only', 'r-answered');
    expect(code).toBe(1);
    expect(stdout).toContain('fail  <r/> is answered also when nothing new came  --only r-answered');
    expect(stdout).toContain('  expected  h for nothing, twice\n  found     5 and 5\n');
    expect(stdout).toContain(`  A-5       ${clauses.find(({ id }) => id === 'A-5')?.text}`);
    expect(stdout).toMatch(/\n {4}\d\.\d{3} romeo < <a xmlns='urn:xmpp:sm:3' h='5'\/>/);
    expect(stdout).not.toContain('secret');
  });

  it('writes JSON, JUnit and a transcript for each check', async () => {
    const path = directory();
    const files = ['--json', join(path, 'r.json'), '--junit', join(path, 'r.xml'), '--transcript', join(path, 'wire')];
    const { code } = await smacks('check', '--server', server, ...BOTH, '--only', 'E-9,inline', ...files);
    expect(code).toBe(0);
    const { checks: listed } = JSON.parse(readFileSync(join(path, 'r.json'), 'utf8'));
    expect(listed[0]).toMatchObject({ id: 'enable-twice-refused', verdict: 'pass', clauses: ['E-9'], level: 'MUST' });
    const suite = parse(readFileSync(join(path, 'r.xml'), 'utf8'));
    expect(suite.attrs).toMatchObject({ tests: String(listed.length), failures: '0' });
    expect(suite.getChildren('testcase')).toHaveLength(listed.length);
    const ran = listed.filter(({ verdict }: { verdict: string }) => verdict !== 'skip');
    expect(readdirSync(join(path, 'wire')).sort()).toEqual(ran.map(({ id }: { id: string }) => `${id}.txt`).sort());
  });

  it('prints only JSON on stdout with `--json -`', async () => {
    const { stdout, stderr } = await smacks('check', '--server', server, ...BOTH, '--only', 'features', '--json', '-');
    expect(JSON.parse(stdout).checks).toHaveLength(3);
    expect(stderr).toContain('3 checks: 3 pass');
  });

  it('lists the checks with their clauses, without a server', async () => {
    const { stdout, code } = await smacks('check', '--list');
    expect(code).toBe(0);
    for (const { id } of checks) expect(stdout).toContain(`  ${id} `);
    expect(stdout).toMatch(/ {2}enable-before-bind +MUST +<enable\/> before a resource is bound .* \[E-3, X-1\]/);
  });

  it.each([
    [
      'no server listens there',
      ['--server', '127.0.0.1:1', ...BOTH],
      /^smacks: cannot connect to 127.0.0.1:1: connection refused\n$/,
    ],
    [
      // No name server is asked for an empty label: one that is slow would outlast the check's patience.
      'there is no such host',
      ['--server', 'no-such-host..invalid:5222', ...BOTH],
      /^smacks: cannot connect to .*: no such host\n$/,
    ],
    [
      'there is no WebSocket',
      ['--server', 'HERE', '--transport', 'ws', ...BOTH],
      /: there is no WebSocket on this port\n$/,
    ],
    [
      'there is no TLS',
      ['--server', 'HERE', '--transport', 'tls', ...BOTH],
      /: (there is no TLS on this port|.*closed.*)\n$/,
    ],
  ])('exits with 2 and one line when %s', async (_what, args, line) => {
    const { stdout, stderr, code } = await smacks('check', ...args.map((arg) => (arg === 'HERE' ? server : arg)));
    expect(stderr).toMatch(line);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
  });

  it('exits with 2 and one line when a password is wrong', async () => {
    const wrong = ['--account', 'romeo@localhost:wrong', '--account', 'juliet@localhost:secret'];
    const { stdout, stderr, code } = await smacks('check', '--server', server, ...wrong);
    expect(stderr).toBe('smacks: cannot log in as romeo@localhost: not-authorized\n');
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
  });

  it('exits with 2 and one line when a file cannot be written', async () => {
    const { stderr, code } = await smacks(
      'check',
      '--server',
      server,
      ...BOTH,
      '--only',
      'F-1',
      '--json',
      '/no/such/file',
    );
    expect(stderr).toBe('smacks: --json /no/such/file: no such file or directory\n');
    expect(code).toBe(2);
  });
});

describe('the checks', () => {
  it('have unique ids, one sentence each, and clauses that exist', () => {
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
    expect(new Set(checks.map(({ sentence }) => sentence)).size).toBe(checks.length);
    const known = clauses.map(({ id }) => id);
    for (const { id, clauses: cited } of checks) {
      expect(cited, id).not.toEqual([]);
      expect(known, id).toEqual(expect.arrayContaining([...cited]));
    }
  });

  it('cite every clause that a client can test from outside a server', () => {
    const cited = new Set(checks.flatMap(({ clauses: ids }) => ids));
    const unseen = clauses.filter(({ id, role }) => role !== 'client' && !cited.has(id)).map(({ id }) => id);
    expect(unseen).toEqual(UNSEEN);
  });
});

/**
 * What no client can see or cause: when an application behind the server has handled a stanza, its clock (P-2, M-6),
 * 0-RTT data (S-1), its operator's choices and events (M-3, M-4), other servers (M-9).
 */
const UNSEEN: readonly string[] = ['A-14', 'P-2', 'S-1', 'M-3', 'M-4', 'M-6', 'M-9'];
