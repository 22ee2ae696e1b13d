/** The examples as bundlers make them: from the installed package, with esbuild and with vite, and without a setting. */
import { execSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { build as esbuild } from 'esbuild';
import { createLogger, build as vite } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fencesIn } from '../support/doc-programs.js';
import { startServer } from '../support/example-server.js';
import { emptyFolder, install, link } from './project.js';

const root = resolve(import.meta.dirname, '../..');
const { folder, remove } = emptyFolder();
beforeAll(() => {
  install(folder);
  link(['@xmpp/client', '@types/node'], folder);
  for (const name of ['client.ts', 'server.ts']) copyFileSync(join(root, 'docs/examples', name), join(folder, name));
  for (const [name, text] of Object.entries(PROGRAMS)) writeFileSync(join(folder, name), text);
});
afterAll(remove);

/** What applications are: `done` is how they tell the test. */
const PROGRAMS = {
  'parse.ts': `
    import { parseElement, print, webSocketFraming } from 'smacks/xml';
    const parsed = parseElement("<message xmlns='jabber:client' to='a&amp;b'><body>1 &lt; 2</body></message>");
    done('right' in parsed ? webSocketFraming.frame(print(parsed.right)) : parsed.left.text);`,
  'connect.ts': `
    import { connect } from './client.js';
    connect({ service: 'wss://xmpp.example/ws', jid: 'romeo@xmpp.example', password: 'secret', onOnline() {}, onStanza() {} });`,
  'xmppjs.ts': `
    import { client } from '@xmpp/client';
    import { streamManagement } from 'smacks/xmppjs';
    const sm = streamManagement(client({ service: 'wss://xmpp.example/ws' }));
    done(typeof sm.send);`,
  'empty.js': 'export default {};',
};

interface Bundle {
  readonly code: string;
  /** What the bundler complains of. */
  readonly complaints: readonly string[];
}

/** A bundle for a browser, as one script. */
type Bundler = (entry: string) => Promise<Bundle>;

const withEsbuild =
  (alias: Record<string, string> = {}): Bundler =>
  async (entry) => {
    const options = { bundle: true, minify: true, format: 'iife', write: false, logLevel: 'silent', alias } as const;
    const { outputFiles, warnings } = await esbuild({ ...options, entryPoints: [entry], absWorkingDir: folder });
    return { code: outputFiles[0]?.text ?? '', complaints: warnings.map(({ text }) => text) };
  };

const withVite: Bundler = async (entry) => {
  const complaints: string[] = [];
  const customLogger = createLogger('silent');
  for (const level of ['warn', 'warnOnce', 'error'] as const) customLogger[level] = (text) => complaints.push(text);
  const built = await vite({
    root: folder,
    configFile: false,
    customLogger,
    build: { write: false, rollupOptions: { input: join(folder, entry), output: { format: 'iife' } } },
  });
  const [output] = [built].flat();
  const code = output !== undefined && 'output' in output ? output.output[0].code : '';
  return { code, complaints };
};

const bundlers: Readonly<Record<string, Bundler>> = { esbuild: withEsbuild(), vite: withVite };

/** Runs a script where there is nothing but the language, and these globals. @returns what it was done with */
const runBare = (code: string, globals: object = {}): unknown => {
  let result: unknown;
  runInContext(code, createContext({ ...globals, done: (value: unknown) => (result = value) }));
  return result;
};

/** What a browser has and the language has not. */
const browser = (opened: string[]): object => {
  class WebSocket {
    constructor(url: string, protocol: string) {
      opened.push(`${url} ${protocol}`);
    }
  }
  return { WebSocket, TextEncoder, URL, btoa, clearTimeout, crypto, queueMicrotask, setTimeout };
};

describe.each(Object.entries(bundlers))('%s', (_name, bundle) => {
  it('makes a script from the parser that needs only the language', async () => {
    const { code, complaints } = await bundle('parse.ts');
    expect(complaints).toEqual([]);
    expect(runBare(code)).toBe('<message xmlns="jabber:client" to="a&amp;b"><body>1 &lt; 2</body></message>');
  });

  it('makes a script from docs/examples/client.ts that connects', async () => {
    const { code, complaints } = await bundle('connect.ts');
    expect(complaints).toEqual([]);
    const opened: string[] = [];
    runBare(code, browser(opened));
    expect(opened).toEqual(['wss://xmpp.example/ws xmpp']);
  });
});

describe('@xmpp/client with the drop-in', () => {
  it('needs node:dns replaced in esbuild, as docs/2-embedding-a-client.md says', async () => {
    await expect(withEsbuild()('xmppjs.ts')).rejects.toThrow('Could not resolve "node:dns"');
    const { code, complaints } = await withEsbuild({ 'node:dns': './empty.js' })('xmppjs.ts');
    expect(complaints).toEqual([]);
    expect(runBare(code, browser([]))).toBe('function');
  });

  it('needs no setting in vite', async () => {
    const { code } = await withVite('xmppjs.ts');
    expect(runBare(code, browser([]))).toBe('function');
  });
});

describe('docs/examples/server.ts', () => {
  it('is compiled, started and checked by the commands of docs/1-embedding-a-server.md', async () => {
    const [setup = '', check = ''] = fencesIn('docs/1-embedding-a-server.md').map(({ code }) => code);
    const [compile = ''] = /^npx tsc .*$/m.exec(setup) ?? [];
    const tsc = `node ${join(root, 'node_modules/typescript/bin/tsc')}`;
    execSync(compile.replace('npx tsc', tsc), { cwd: folder, stdio: 'pipe' });
    const server = await startServer(join(folder, 'server.js'), ['romeo', 'juliet']);
    const checked = execSync(`${check.trim().replace('5222', `${server.port}`)} --only features,resume-again`, {
      cwd: folder,
    });
    expect(String(checked)).toMatch(/ 4 pass, 0 fail, 0 warn, 0 skip/);
    expect(await server.stop()).toEqual({ code: 0, stderr: '' });
  });

  it('is bundled for Node by esbuild, and starts', async () => {
    const outfile = join(folder, 'server-esbuild.mjs');
    const options = { bundle: true, platform: 'node', format: 'esm', logLevel: 'silent' } as const;
    await esbuild({ ...options, entryPoints: ['server.ts'], absWorkingDir: folder, outfile });
    expect(await (await startServer(outfile, ['romeo'])).stop()).toEqual({ code: 0, stderr: '' });
  });

  it('is bundled for Node by vite, and starts', async () => {
    await vite({
      root: folder,
      configFile: false,
      logLevel: 'silent',
      ssr: { noExternal: true },
      build: {
        ssr: join(folder, 'server.ts'),
        outDir: 'server-vite',
        rollupOptions: { output: { entryFileNames: 'server.mjs' } },
      },
    });
    const server = await startServer(join(folder, 'server-vite', 'server.mjs'), ['romeo']);
    expect(await server.stop()).toEqual({ code: 0, stderr: '' });
  });
});
