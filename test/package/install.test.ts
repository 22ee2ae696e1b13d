/** The package as a user gets it: installed with npm into an empty project, and run. */
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { emptyFolder, install, linkForTest, manifest, type Project, run, runProgram } from './project.js';

const { folder, remove } = emptyFolder();
let project: Project;
beforeAll(() => {
  project = install(folder);
});
afterAll(remove);

const ACCOUNTS = ['romeo', 'juliet'];
const FOR_HOST = ACCOUNTS.flatMap((user) => ['--account', `${user}:secret`]);
const FOR_CHECK = ACCOUNTS.flatMap((user) => ['--account', `${user}@localhost:secret`]);
const SOME_CHECKS = ['--only', 'features,enable-twice-refused,resume-again'];

const smacks = (...args: readonly string[]): string => run(command(), args, folder);
const command = (): string => join(folder, 'node_modules', '.bin', 'smacks');

/** Starts a command that stays. @returns what it prints, once that matches */
const started = (pattern: RegExp, ...args: readonly string[]): Promise<RegExpExecArray> => {
  const child = spawn(process.execPath, [join(project.package, manifest.bin.smacks ?? ''), ...args], { cwd: folder });
  onTestFinished(() => void child.kill());
  return new Promise((resolve, reject) => {
    let text = '';
    const hear = (chunk: unknown): void => {
      text += String(chunk);
      const found = pattern.exec(text);
      if (found !== null) resolve(found);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('close', () => reject(new Error(`it ended: ${text}`)));
  });
};

/** How a command fails: the exit code, and what it prints on stderr. */
const failureOf = (...args: readonly string[]): { readonly code: number; readonly stderr: string } => {
  try {
    execFileSync(command(), args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    return { code: 0, stderr: '' };
  } catch (error) {
    const { status, stderr } = error as { readonly status: number; readonly stderr: string };
    return { code: status, stderr };
  }
};

describe('npm install of the tarball', () => {
  it('installs the run-time dependencies and their dependencies, and no other package', () => {
    const installed = packagesIn(join(folder, 'node_modules'));
    const kilobytes = (path: string): number => Number(run('du', ['-sk', path], folder).split('\t')[0]);
    const { size, unpackedSize, files } = project.packed;
    console.log(
      [
        `packed ${kB(size)} kB, unpacked ${kB(unpackedSize)} kB, ${files.length} files`,
        ...installed.map((name) => `${kilobytes(join(folder, 'node_modules', name))} kB  ${name}`),
        `${kilobytes(join(folder, 'node_modules'))} kB  in ${installed.length} packages`,
      ].join('\n'),
    );
    expect(Object.keys(manifest.dependencies).sort()).toEqual(['@types/ltx', 'fp-ts', 'ltx', 'saxes', 'xstate']);
    expect(installed).toEqual(['smacks', ...Object.keys(manifest.dependencies), '@types/events', 'xmlchars'].sort());
  });
});

describe('the installed command', () => {
  it('prints its version', () => {
    expect(smacks('--version').trim()).toBe(manifest.version);
  });

  it('runs a host and checks it, over TCP and over WebSocket', async () => {
    const listen = ['--listen', '127.0.0.1:0', '--ws', '127.0.0.1:0'];
    const [, tcp, ws] = await started(/listens on (\S+) and (\S+) \(WebSocket\)\n/, 'host', ...listen, ...FOR_HOST);
    for (const server of [tcp ?? '', `ws://${ws}/xmpp-websocket`])
      expect(smacks('check', '--server', server, ...FOR_CHECK, ...SOME_CHECKS)).toMatch(
        /\n(\d+) checks: \1 pass, 0 fail, 0 warn, 0 skip;/,
      );
  });

  it('shows the page of the inspector', async () => {
    const listen = ['--listen', '127.0.0.1:0', '--inspect', '127.0.0.1:0'];
    const [, url] = await started(/shown at (\S+)\n/, 'host', ...listen, ...FOR_HOST);
    for (const path of ['', 'places.css', 'main.js', 'chart.js', 'pictures.json'])
      expect((await fetch(`${url}${path}`)).status, path).toBe(200);
    const [, again] = await started(/shown at (\S+)\n/, 'inspect', url ?? '');
    expect((await fetch(`${again}main.js`)).status).toBe(200);
  });

  it('prints a diagram', () => {
    expect(smacks('diagram', 'client')).toContain('stateDiagram-v2');
  });

  it('says in one line what to install for the demo, and runs the demo after that', () => {
    expect(failureOf('demo')).toEqual({
      code: 1,
      stderr: 'smacks: the demo needs @xmpp/client, which is not installed: npm install @xmpp/client\n',
    });
    linkForTest(['@xmpp/client'], folder);
    expect(JSON.parse(smacks('demo', '--messages', '3', '--cuts', '0', '--json'))).toMatchObject({ verdict: 'passed' });
  });

  it("says in one line what to install for Stately's inspector, and shows it after that", async () => {
    const args = ['host', '--listen', '127.0.0.1:0', ...FOR_HOST, '--inspect-stately', '--inspect', '127.0.0.1:0'];
    expect(failureOf(...args)).toEqual({
      code: 1,
      stderr:
        'smacks: --inspect-stately needs @statelyai/inspect, which is not installed: npm install @statelyai/inspect\n',
    });
    linkForTest(['@statelyai/inspect'], folder);
    const [, url] = await started(/shown at (\S+)stately.html\n/, ...args);
    expect((await fetch(`${url}stately.html`)).status).toBe(200);
    expect((await fetch(`${url}stately.json`)).status).toBe(200);
  });
});

describe('a program', () => {
  const host = `
    import { createHost } from 'smacks/host';
    import { checkServer, checksNamed } from 'smacks/check';
    const users = ['romeo', 'juliet'];
    const host = await createHost({ accounts: users.map((user) => ({ user, password: 'secret' })) });
    const accounts = users.map((user) => ({ jid: user + '@localhost', password: 'secret' }));
    const checks = checksNamed('features');
    const check = async (server) => console.log((await checkServer({ server, accounts, checks })).counts);
    const listen = (how) => host.listen({ host: '127.0.0.1', port: 0, ...how });
    const reasonOf = ({ message }) => console.log(message);
  `;

  it('runs a host and checks it', () => {
    const program = `${host}
      const { port } = await listen({});
      await check('127.0.0.1:' + port);
      await host.close();`;
    expect(runProgram(folder, program)).toBe('{ pass: 3, fail: 0, warn: 0, skip: 0 }\n');
  });

  it('gets an error of one line when WebSockets need ws, and works after the installation', () => {
    const program = `${host}
      const listening = await listen({ websocket: true }).catch(reasonOf);
      await check('ws://127.0.0.1:' + (listening?.port ?? 1) + '/xmpp-websocket').catch(reasonOf);
      await host.close();`;
    expect(runProgram(folder, program).split('\n')).toEqual([
      'a host of WebSockets needs the package ws, which is not installed: npm install ws',
      'cannot connect to ws://127.0.0.1:1/xmpp-websocket: a WebSocket needs the package ws, which is not installed: npm install ws',
      '',
    ]);
    linkForTest(['ws'], folder);
    expect(runProgram(folder, program)).toBe('{ pass: 3, fail: 0, warn: 0, skip: 0 }\n');
  });

  it('steps the session of a client', () => {
    const program = `
      import { open, policy, step } from 'smacks/client';
      const events = [{ type: 'link.opened' }, { type: 'app.authenticated', owner: 'a@b' }, { type: 'app.bound' }, { type: 'app.enable' }];
      let state = open('client', policy());
      let effects = [];
      for (const event of events) [state, effects] = step(state, { at: 0, epoch: 1, ...event });
      console.log(effects.map(({ type }) => type).join());`;
    expect(runProgram(folder, program)).toContain('write');
  });
});

/** The names of installed packages. */
const packagesIn = (modules: string): readonly string[] =>
  readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((own) => `${name}/${own}`) : [name],
    )
    .sort();

const kB = (bytes: number): number => Math.round(bytes / 1000);
