import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;

/** Who may import what. A room is a folder; what it may name is a folder, one file, a package, or `node:`. */
interface Room {
  readonly may: readonly string[];
  /** One file may do more. */
  readonly but?: Readonly<Record<string, readonly string[]>>;
}

/** A third party could write what names nothing else. */
const PUBLIC = ['src/index.ts', 'src/client.ts', 'src/xml/index.ts', 'src/ports/index.ts'];

const rooms: Readonly<Record<string, Room>> = {
  'src/core': { may: [], but: { 'src/core/either.ts': ['fp-ts'] } },
  machines: { may: ['src/core'], but: { 'machines/xstate.ts': ['xstate'] } },
  'src/ports': { may: ['src/core'] },
  'src/engine': { may: ['machines', 'src/core', 'src/ports'] },
  'src/xml': { may: ['src/core', 'ltx'], but: { 'src/xml/tokenizer.ts': ['saxes'] } },
  'src/adapters': { may: [...PUBLIC, 'src/stores', 'node:', '@xmpp'] },
  'src/stores': { may: [...PUBLIC, 'src/adapters', 'node:'] },
  'src/clauses.ts': { may: [] },
  'src/inspect': { may: ['machines', 'src/clauses.ts', 'src/engine/layout.ts', 'src/engine/trace.ts', 'src/index.ts'] },
  // Runs in the browser that looks, and knows of the rest what it is sent.
  'src/inspect/page': { may: ['src/inspect/messages.ts'] },
  'src/testing': { may: [...PUBLIC, 'src/adapters', 'src/stores', 'node:'] },
  'src/host': {
    may: [...PUBLIC, 'src/adapters', 'src/stores', 'node:', 'ltx'],
    but: { 'src/host/websocket.ts': ['ws'], 'src/host/stranger.ts': ['ws'] },
  },
  'src/conformance': {
    may: ['src/clauses.ts', 'node:', 'saxes'],
    but: { 'src/conformance/wire/websocket.ts': ['ws'] },
  },
  'src/cli': {
    may: ['src', 'machines', 'node:', '@xmpp', 'cli-progress', 'commander', 'ltx'],
  },
  'src/index.ts': { may: ['src/core', 'src/engine'] },
  'src/client.ts': { may: ['src/core', 'src/engine'] },
};

describe('the rooms of the project', () => {
  const files = [...filesUnder('src'), ...filesUnder('machines')];

  it('import only what the table allows', () => {
    const breaches = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => !mayImport(file, target))
        .map((target) => `${file} imports ${target}`),
    );
    expect(breaches).toEqual([]);
  });

  it('are all in the table', () => {
    expect(files.filter((file) => roomOf(file) === undefined)).toEqual([]);
  });

  it('name xstate in one file, fp-ts in one file, and nowhere else', () => {
    const naming = (name: string) =>
      files.filter((file) => importsOf(file).some((target) => target === name || target.startsWith(`${name}/`)));
    expect(naming('fp-ts')).toEqual(['src/core/either.ts']);
    expect(naming('xstate')).toEqual(['machines/xstate.ts']);
  });

  it('load no other library from an adapter or a store: it is passed in, or named as a type', () => {
    const files = [...filesUnder('src/adapters'), ...filesUnder('src/stores')];
    const loading = /^(?:import|export) (?!type)[^;]*?from '(?!\.|node:)([^']+)'/gm;
    expect(
      files.flatMap((file) => [...textOf(file).matchAll(loading)].map(([, name]) => `${file} loads ${name}`)),
    ).toEqual([]);
  });

  it('give the page of the inspector modules that a browser finds without a bundler', () => {
    const loading = /^(?:import|export) (?!type)[^;]*?from '([^']+)'/gm;
    for (const file of filesUnder('src/inspect/page'))
      for (const [, target = ''] of textOf(file).matchAll(loading)) expect(target, file).toMatch(/^[.]\/[\w-]+[.]js$/);
  });

  it('run in a browser as far as core, machines, engine, xml, ports and inspect reach', () => {
    const entries = files.filter(
      (file) => /^(src\/(core|engine|xml|ports|inspect)|machines)\//.test(file) || file === 'src/index.ts',
    );
    expect(reachOf(entries).filter((target) => target.startsWith('node:'))).toEqual([]);
  });
});

describe('whoever only steps sessions', () => {
  it('does not load xstate', () => {
    expect(reachOf(['src/index.ts', ...filesUnder('src/adapters')])).not.toContain('xstate');
  });
});

describe('the check of servers', () => {
  it('shares no code with what it checks, however far its imports reach', () => {
    const reached = reachOf(filesUnder('src/conformance')).filter((target) => !target.startsWith('src/conformance/'));
    expect(reached.filter((target) => !target.startsWith('node:')).sort()).toEqual(['saxes', 'src/clauses.ts', 'ws']);
  });
});

describe('core and machines', () => {
  const pure = [...filesUnder('src/core'), ...filesUnder('machines')];
  const banned: Readonly<Record<string, RegExp>> = {
    clock: /\bDate\b|\bperformance\b/,
    timer: /\bset(Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/,
    randomness: /\bMath\.random\b|\bcrypto\b/,
    'process of its own': /\bprocess\b|\bglobalThis\b/,
    console: /\bconsole\b/,
    exception: /\bthrow\b|\btry\b/,
    promise: /\basync\b|\bawait\b|\bPromise\b/,
    'value that is not JSON': /\bnew (Map|Set|Date|WeakMap|Uint8Array)\b|\bBigInt\b|\bclass\b/,
  };
  for (const [name, pattern] of Object.entries(banned)) {
    it(`hold no ${name}`, () => {
      expect(pure.filter((file) => pattern.test(codeOf(file)))).toEqual([]);
    });
  }

  it('throw nothing in the engine either, except while a chart is loaded or a policy is chosen', () => {
    const throwing = filesUnder('src/engine').filter((file) => /\bthrow\b/.test(codeOf(file)));
    expect(throwing.sort()).toEqual(['src/engine/compile.ts', 'src/engine/layout.ts', 'src/engine/policy.ts']);
  });

  it('do not name a role where both roles are meant', () => {
    for (const file of ['machines/acking.ts', 'machines/inbound.ts', 'machines/capacity.ts']) {
      expect(codeOf(file)).not.toMatch(/\b(client|server)\b/i);
    }
  });
});

describe('every file that people write', () => {
  it('has 400 lines at most', () => {
    const files = [...filesUnder('src'), ...filesUnder('machines')].filter((file) => !GENERATED.includes(file));
    expect(files.filter((file) => textOf(file).trimEnd().split('\n').length > 400)).toEqual([]);
  });
});

const GENERATED = ['src/engine/client-chart.ts'];

function filesUnder(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

function textOf(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** Without comments and without what stands in quotes. */
function codeOf(file: string): string {
  return textOf(file)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");
}

/** What a file imports or exports from elsewhere, types too: files as paths from the root, packages by name. */
function importsOf(file: string): readonly string[] {
  const text = textOf(file).replace(/\/\*[\s\S]*?\*\//g, '');
  const found = [
    ...text.matchAll(/^(?:import|export|\}) ?[^;]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm),
  ];
  return found.map(([, from, bare, dynamic]) => {
    const target = from ?? bare ?? dynamic ?? '';
    if (!target.startsWith('.')) return target;
    return normalize(join(file, '..', target))
      .split(sep)
      .join('/')
      .replace(/\.js$/, '.ts');
  });
}

function roomOf(file: string): string | undefined {
  return Object.keys(rooms)
    .filter((room) => isIn(file, room))
    .sort((a, b) => b.length - a.length)[0];
}

function mayImport(file: string, target: string): boolean {
  const name = roomOf(file);
  const room = name === undefined ? undefined : rooms[name];
  if (name === undefined || room === undefined) return false;
  const allowed = [...room.may, ...(room.but?.[file] ?? []), ...(name === 'src/index.ts' ? [] : [name])];
  return allowed.some((place) => isIn(target, place));
}

function isIn(target: string, place: string): boolean {
  return target === place || target.startsWith(`${place}/`) || (place === 'node:' && target.startsWith(place));
}

/** Everything that is loaded with these files: files and packages, types left out. */
function reachOf(entries: readonly string[]): readonly string[] {
  const reached = new Set<string>();
  const waiting = [...entries];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    if (/^(src|machines)\//.test(next)) waiting.push(...importsOf(next));
  }
  return [...reached];
}
