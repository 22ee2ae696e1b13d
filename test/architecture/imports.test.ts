import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importDrawing } from '../support/import-drawing.js';

const root = new URL('../../', import.meta.url).pathname;

/** Who may import what. A room is a folder; what it may name is a folder, one file, a package, or `node:`. */
interface Room {
  readonly may: readonly string[];
  /** One file may do more. */
  readonly but?: Readonly<Record<string, readonly string[]>>;
}

/** What a third party could name: adapters name nothing else, so that others can write the same. */
const PUBLIC = ['src/index.ts', 'src/client.ts', 'src/xml.ts', 'src/ports'];

const rooms: Readonly<Record<string, Room>> = {
  'src/core': { may: [], but: { 'src/core/fp-ts.ts': ['fp-ts'] } },
  // Checks of arguments, which every outer edge uses.
  'src/arguments': { may: [] },
  machines: { may: ['src/core'], but: { 'machines/xstate.ts': ['xstate'] } },
  'src/ports': { may: ['src/core'] },
  'src/engine': { may: ['machines', 'src/core', 'src/ports', 'src/arguments'] },
  'src/xml': {
    may: ['src/core', 'src/arguments'],
    but: {
      'src/xml/element.ts': ['ltx'],
      'src/xml/own-element.ts': ['ltx/src/escape.js'],
      'src/xml/tokenizer.ts': ['saxes'],
    },
  },
  'src/session': {
    may: [
      'src/index.ts',
      'src/engine/client.ts',
      'src/arguments',
      'src/xml.ts',
      'src/xml/client.ts',
      'src/ports',
      'node:',
    ],
  },
  'src/transports': { may: ['src/ports', 'src/arguments', 'node:'] },
  'src/stores': { may: ['src/index.ts', 'src/ports', 'src/arguments', 'node:'] },
  'src/drop-ins': { may: [...PUBLIC, 'src/session', 'src/arguments', '@xmpp'] },
  'src/clauses': { may: [] },
  'src/inspect': {
    may: [
      'machines',
      'src/machines.ts',
      'src/core',
      'src/clauses',
      'src/engine/layout.ts',
      'src/engine/trace.ts',
      'src/index.ts',
    ],
  },
  // Runs in the browser that looks, and knows of the rest what it is sent.
  'src/inspect/page': { may: ['src/inspect/messages.ts'] },
  'src/testing': { may: [...PUBLIC, 'src/session', 'src/stores', 'src/arguments', 'node:'] },
  'src/host': {
    // Authors copy from the host: it imports what they can import, and one file of checks.
    may: [
      'src/index.ts',
      'src/client.ts',
      'src/server.ts',
      'src/xml.ts',
      'src/sasl2.ts',
      'src/transport-node.ts',
      'src/transport-websocket.ts',
      'node:',
    ],
    but: {
      'src/host/arguments.ts': ['src/arguments'],
      'src/host/websocket.ts': ['ws'],
      'src/host/unread-limit.ts': ['ws'],
    },
  },
  'src/check': {
    may: ['src/clauses', 'node:', 'saxes'],
    but: { 'src/check/wire/websocket.ts': ['ws'] },
  },
  'src/cli': {
    may: ['src', 'machines', 'node:', '@xmpp', 'cli-progress', 'commander', 'fp-ts'],
  },
};

/** The entries: one file each, of re-exports only. What an entry may name is its room, and what its room may name. */
const entries: Readonly<Record<string, readonly string[]>> = {
  'src/index.ts': ['src/core', 'src/engine'],
  'src/server.ts': ['src/index.ts', 'src/session', 'src/stores', 'src/ports'],
  'src/client.ts': ['src/core', 'src/engine', 'src/session', 'src/ports'],
  'src/xmppjs.ts': ['src/drop-ins/xmppjs'],
  'src/xml.ts': ['src/xml'],
  'src/sasl2.ts': ['src/session/sasl2.ts'],
  'src/transport-node.ts': ['src/transports/node.ts', 'src/ports'],
  'src/transport-websocket.ts': ['src/transports/websocket.ts', 'src/ports'],
  'src/machines.ts': ['machines'],
  'src/host.ts': ['src/host'],
  'src/check.ts': ['src/check', 'src/clauses'],
  'src/testing.ts': ['src/testing'],
};

describe('the folders of the project', () => {
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

  it('have one file for each entry that the manifest names, and such a file names only other files', () => {
    const { exports } = JSON.parse(textOf('package.json'));
    const named = Object.entries<string>(exports).filter(([path]) => path !== './package.json');
    expect(named.map(([, file]) => file.replace(/^[.][/]dist[/](.*)[.]js$/, '$1.ts')).sort()).toEqual(
      Object.keys(entries).sort(),
    );
    const beside = readdirSync(join(root, 'src')).filter((name) => name.endsWith('.ts'));
    expect(beside.map((name) => `src/${name}`).sort()).toEqual(Object.keys(entries).sort());
    for (const [path, file] of named)
      expect(file).toBe(`./dist/src/${path === '.' ? 'index' : path.slice(2).replaceAll('/', '-')}.js`);
    for (const file of Object.keys(entries)) expect(codeOf(file), file).toMatch(/^(\s*export [^;]* from '';)+\s*$/);
  });

  it('name xstate in one file, and fp-ts only in one file and in the files that read options', () => {
    const naming = (name: string) =>
      files.filter((file) => importsOf(file).some((target) => target === name || target.startsWith(`${name}/`)));
    expect(naming('fp-ts').filter((file) => !file.startsWith('src/cli/'))).toEqual(['src/core/fp-ts.ts']);
    expect(naming('xstate')).toEqual(['machines/xstate.ts']);
  });

  it('load no other library in a session, a transport, a store or a drop-in: the library is a parameter, or the code names only its types', () => {
    const files = ADAPTERS.flatMap(filesUnder);
    const loading = /^(?:import|export) (?!type)[^;]*?from '(?!\.|node:)([^']+)'/gm;
    expect(
      files.flatMap((file) => [...textOf(file).matchAll(loading)].map(([, name]) => `${file} loads ${name}`)),
    ).toEqual([]);
  });

  it('give the page of the inspector only modules that a browser finds without a bundler', () => {
    const loading = /^(?:import|export) (?!type)[^;]*?from '([^']+)'/gm;
    for (const file of filesUnder('src/inspect/page'))
      for (const [, target = ''] of textOf(file).matchAll(loading)) expect(target, file).toMatch(/^[.]\/[\w-]+[.]js$/);
  });

  it('need no module of Node in core, machines, engine, xml, ports and inspect, nor in what these import', () => {
    const inBrowsers = files.filter(
      (file) => /^(src\/(core|engine|xml|ports|inspect|drop-ins)|machines)\//.test(file) || file === 'src/index.ts',
    );
    expect(reachOf(inBrowsers).filter((target) => target.startsWith('node:'))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  it('draws the folders, with an arrow for each import that the table allows', async () => {
    const page = join(root, 'docs/architecture.md');
    const mayImport = Object.entries(rooms).map(([room, { may, but = {} }]) => [
      room,
      [may, ...Object.values(but)].flat(),
    ]);
    const drawing = `<!-- imports -->\n\`\`\`mermaid\n${importDrawing(Object.fromEntries(mayImport), entries)}\`\`\`\n<!-- end -->`;
    await expect(
      readFileSync(page, 'utf8').replace(/<!-- imports -->[\s\S]*?<!-- end -->/, drawing),
    ).toMatchFileSnapshot(page);
  });
});

describe('the files of the project', () => {
  it('import each other in one direction: no file imports itself through other files, also not for a type', () => {
    const files = [...filesUnder('src'), ...filesUnder('machines')];
    const reached = new Map(files.map((file) => [file, new Set(reachOf(importsOf(file)))]));
    const inCircles = files.filter((file) => reached.get(file)?.has(file));
    const circles = inCircles.map((file) =>
      inCircles.filter((other) => reached.get(file)?.has(other) && reached.get(other)?.has(file)).join(' <-> '),
    );
    expect([...new Set(circles)]).toEqual([]);
  });
});

describe('a program that only steps sessions', () => {
  it('does not load xstate', () => {
    expect(reachOf(['src/index.ts', ...ADAPTERS.flatMap(filesUnder)])).not.toContain('xstate');
  });
});

describe('the check of servers', () => {
  it('shares no code with the servers that it checks, neither itself nor through its imports', () => {
    const reached = reachOf(['src/check.ts', ...filesUnder('src/check')]).filter(
      (target) => !/^src[/]check[/.]/.test(target),
    );
    expect(reached.filter((target) => !target.startsWith('node:')).sort()).toEqual([
      'saxes',
      'src/clauses/table.ts',
      'ws',
    ]);
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

  it('throw no error, and the engine throws one only when it compiles a chart or reads a policy', () => {
    const throwing = filesUnder('src/engine').filter((file) => /\bthrow\b/.test(codeOf(file)));
    expect(throwing.sort()).toEqual(['src/engine/layout.ts', 'src/engine/policy.ts']);
  });

  it('name neither client nor server in code for both roles', () => {
    for (const file of ['machines/acking.ts', 'machines/inbound.ts', 'machines/capacity.ts']) {
      expect(codeOf(file)).not.toMatch(/\b(client|server)\b/i);
    }
  });
});

describe('every file written by hand', () => {
  it('has 400 lines at most', () => {
    const files = [...filesUnder('src'), ...filesUnder('machines')];
    expect(files.filter((file) => textOf(file).trimEnd().split('\n').length > 400)).toEqual([]);
  });
});

const ADAPTERS = ['src/session', 'src/transports', 'src/stores', 'src/drop-ins'];

const filesUnder = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();

const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Without comments and without what stands in quotes. */
const codeOf = (file: string): string => {
  return textOf(file)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");
};

/** What a file imports or exports from elsewhere, types too: files as paths from the root, packages by name. */
const importsOf = (file: string): readonly string[] => {
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
};

const roomOf = (file: string): string | undefined => {
  if (Object.hasOwn(entries, file)) return file;
  return Object.keys(rooms)
    .filter((room) => isIn(file, room))
    .sort((a, b) => b.length - a.length)[0];
};

const mayImport = (file: string, target: string): boolean => {
  const name = roomOf(file);
  if (entries[file] !== undefined) return entries[file].some((place) => isIn(target, place));
  const room = name === undefined ? undefined : rooms[name];
  if (name === undefined || room === undefined) return false;
  const allowed = [...room.may, ...(room.but?.[file] ?? []), name];
  return allowed.some((place) => isIn(target, place));
};

const isIn = (target: string, place: string): boolean =>
  target === place || target.startsWith(`${place}/`) || (place === 'node:' && target.startsWith(place));

/** Everything that these files name, and what that names in turn: files and packages. */
const reachOf = (entries: readonly string[]): readonly string[] => {
  const reached = new Set<string>();
  const waiting = [...entries];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    if (/^(src|machines)\//.test(next)) waiting.push(...importsOf(next));
  }
  return [...reached];
};
