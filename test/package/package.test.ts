import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const manifest: Manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const entries = Object.entries(manifest.exports).map(([path, file]) => ({ name: join('smacks', path), file }));
const code = entries.filter(({ file }) => file.endsWith('.js'));
/** What has to run in a browser too. */
const core = ['smacks', 'smacks/client', 'smacks/machines', 'smacks/xml'];
const coreDependencies = ['fp-ts', 'ltx', 'saxes', 'xstate'];

// A project that has installed the packed package with its dependencies, and nothing else of this checkout.
const project = realpathSync(mkdtempSync(join(tmpdir(), 'smacks-package-')));
const installed = join(project, 'node_modules', 'smacks');
let tarball = '';
let shipped: readonly string[] = [];

beforeAll(() => {
  if (!existsSync(join(root, 'dist'))) throw new Error('dist is missing: npm run build');
  const packed: [Packed] = JSON.parse(
    run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', project], root),
  );
  tarball = join(project, packed[0].filename);
  shipped = packed[0].files.map(({ path }) => path);
  mkdirSync(installed, { recursive: true });
  run('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'], project);
  link(Object.keys(manifest.dependencies), project);
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('the packed package', () => {
  it('holds its README, licence and manifest', () => {
    expect(shipped).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'package.json']));
  });

  it('holds nothing but what `files` names, and no tests', () => {
    const folders = manifest.files.filter((entry) => !entry.startsWith('!'));
    const always = ['README.md', 'LICENSE', 'package.json'];
    const strays = shipped.filter(
      (path) => !always.includes(path) && !folders.some((folder) => path.startsWith(`${folder}/`)),
    );
    expect(strays).toEqual([]);
    expect(shipped.filter((path) => /(^|\/)test\/|\.test\.|\.tsbuildinfo$/.test(path))).toEqual([]);
  });

  it('holds the page of the inspector, and serves it', async () => {
    for (const file of ['src/inspect/page/index.html', 'src/inspect/page/places.css', 'dist/src/inspect/page/main.js'])
      expect(shipped).toContain(file);
    const main = join(installed, manifest.bin.smacks ?? '');
    const args = ['host', '--listen', '127.0.0.1:0', '--account', 'a:b', '--inspect', '127.0.0.1:0'];
    const host = spawn(process.execPath, [main, ...args], { cwd: project, timeout: 40_000 });
    try {
      let text = '';
      for await (const chunk of host.stdout.setEncoding('utf8')) {
        text += chunk;
        if (text.split('\n').length > 2) break;
      }
      const [, url] = /shown at (\S+)/.exec(text) ?? [];
      for (const path of ['', 'places.css', 'main.js', 'chart.js', 'pictures.json'])
        expect((await fetch(`${url}${path}`)).status, path).toBe(200);
    } finally {
      host.kill();
    }
  });

  it('finds no fault with publint', async () => {
    const { buffer, byteOffset, byteLength } = readFileSync(tarball);
    const { messages, pkg } = await publint({
      pack: { tarball: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer },
    });
    const errors = messages.filter(({ type }) => type === 'error');
    expect(errors.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  it('says its version on the command line', () => {
    for (const file of Object.values(manifest.bin)) {
      expect(run(process.execPath, [join(installed, file), '--version'], project).trim()).toBe(manifest.version);
    }
  });
});

describe.each(code)('the entry $name', ({ name, file }) => {
  it('is imported by plain Node', () => {
    expect(importIn(project, name)).toContain('imported');
  });

  it('has its types beside it', () => {
    expect(shipped).toContain(join(file));
    expect(shipped).toContain(join(file.replace(/\.js$/, '.d.ts')));
  });
});

it('package.json is imported by plain Node', () => {
  const source = "import manifest from 'smacks/package.json' with { type: 'json' }; console.log(manifest.version);";
  expect(run(process.execPath, ['--no-warnings', '--input-type=module', '-e', source], project).trim()).toBe(
    manifest.version,
  );
});

describe('the types', () => {
  it('of every entry resolve for a strict consumer under nodenext, declarations checked too', () => {
    link(['@types/node'], project);
    expect(
      typeCheck(
        project,
        code.map(({ name }) => name),
        ['node'],
      ),
    ).toBe('');
  });

  it('of the core need neither those of Node nor of a browser', () => {
    expect(typeCheck(project, core, [])).toBe('');
  });
});

describe('the core loads nothing that only the command line and the host need', () => {
  const small = join(project, 'core-only');

  beforeAll(() => {
    mkdirSync(join(small, 'node_modules'), { recursive: true });
    run('cp', ['-R', installed, join(small, 'node_modules', 'smacks')], project);
    link(coreDependencies, small);
    writeFileSync(join(small, 'trace.mjs'), TRACE);
    writeFileSync(join(small, 'hooks.mjs'), HOOKS);
  });

  it.each(core)('%s', (name) => {
    expect(existsSync(join(project, 'node_modules', 'commander'))).toBe(true);
    const trace = join(small, `${name.replaceAll('/', '-')}.trace`);
    appendFileSync(trace, '');
    importIn(small, name, ['--import', './trace.mjs'], { TRACE: trace });
    const loads = readFileSync(trace, 'utf8')
      .trim()
      .split('\n')
      .map((line): Load => JSON.parse(line));
    expect(loads.some(({ url }) => url.includes('/node_modules/smacks/dist/'))).toBe(true);

    const packages = new Set(
      loads.flatMap(
        ({ url }) =>
          /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url.replace(/^.*(?=\/node_modules\/)/, ''))?.[1] ?? [],
      ),
    );
    expect([...packages].filter((used) => !['smacks', ...coreDependencies, 'xmlchars'].includes(used))).toEqual([]);
    if (name !== 'smacks/machines') expect([...packages]).not.toContain('xstate');
    // ltx asks for `events`, which bundlers supply.
    expect(
      loads.filter(
        ({ url, parent }) => url.startsWith('node:') && !(url === 'node:events' && parent.includes('/ltx/')),
      ),
    ).toEqual([]);
    expect(
      loads.filter(({ url }) =>
        /\/smacks\/dist\/src\/(cli|host|transports|drop-ins|stores|testing|inspect|check)\//.test(url),
      ),
    ).toEqual([]);
  });
});

interface Manifest {
  readonly version: string;
  readonly bin: Record<string, string>;
  readonly files: readonly string[];
  readonly exports: Record<string, string>;
  readonly dependencies: Record<string, string>;
}

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** One module that another one asked for. */
interface Load {
  readonly url: string;
  readonly parent: string;
}

/** Links packages of this checkout; each finds its own dependencies from where it really is. */
function link(packages: readonly string[], into: string): void {
  for (const name of packages) {
    const path = join(into, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    if (!existsSync(path)) symlinkSync(join(root, 'node_modules', name), path, 'junction');
  }
}

/** Imports an entry in a fresh process that has to come to an end by itself. */
function importIn(folder: string, name: string, options: readonly string[] = [], env: NodeJS.ProcessEnv = {}): string {
  const source = `const entry = await import('${name}'); console.log('imported', Object.keys(entry).length);`;
  return run(process.execPath, [...options, '--input-type=module', '-e', source], folder, env);
}

/**
 * What the compiler finds wrong with a file that imports these entries, and with our declarations.
 * Our dependencies' have faults of their own (saxes breaks a constraint, xstate wants AbortSignal), which are not ours to mend.
 */
function typeCheck(folder: string, names: readonly string[], types: readonly string[]): string {
  const used = names.map(
    (name, index) =>
      `import * as entry${index} from '${name}';\nexport type Entry${index} = keyof typeof entry${index};`,
  );
  writeFileSync(join(folder, 'consumer.ts'), used.join('\n'));
  const compilerOptions = {
    module: 'nodenext',
    moduleResolution: 'nodenext',
    target: 'es2022',
    lib: ['es2023'],
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    types,
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
  try {
    return run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder], folder);
  } catch (error) {
    if (!(error instanceof Error && 'stdout' in error)) throw error;
    const faults = String(error.stdout).split(/\n(?=\S)/);
    return faults
      .filter((fault) => !/^[^(]*node_modules\/(?!smacks\/)[^(]*\(/.test(fault))
      .join('\n')
      .trim();
  }
}

function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): string {
  return execFileSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: 'pipe',
    timeout: 50_000,
  });
}

/** Sees every import, and what CommonJS modules require. */
const TRACE = `
import { appendFileSync } from 'node:fs';
import Module, { createRequire, register } from 'node:module';
register('./hooks.mjs', import.meta.url);
const load = Module._load;
Module._load = function (request, parent, ...rest) {
  const found = createRequire(parent?.filename ?? import.meta.url).resolve(request);
  const url = Module.isBuiltin(found) ? 'node:' + found.replace('node:', '') : 'file://' + found;
  appendFileSync(process.env.TRACE, JSON.stringify({ url, parent: parent?.filename ?? '' }) + '\\n');
  return load.call(this, request, parent, ...rest);
};
`;
const HOOKS = `
import { appendFileSync } from 'node:fs';
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  appendFileSync(process.env.TRACE, JSON.stringify({ url: found.url, parent: context.parentURL ?? '' }) + '\\n');
  return found;
}
`;
