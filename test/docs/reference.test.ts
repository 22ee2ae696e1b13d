/** The tables of docs/1 and docs/2 name what the types have. */
import { describe, expect, it } from 'vitest';
import { textOf } from '../support/doc-programs.js';

const server = textOf('docs/1-embedding-a-server.md');
const client = textOf('docs/2-embedding-a-client.md');

/** What an interface declares: its methods, or its properties. */
const membersOf = (file: string, name: string, pattern: RegExp): readonly string[] => {
  const [, body = ''] = new RegExp(`^export interface ${name}\\b[^{]*\\{\\n(.*?)^\\}`, 'ms').exec(textOf(file)) ?? [];
  return [...body.matchAll(pattern)].map(([, member = '']) => member);
};
const methodsOf = (file: string, name: string) => membersOf(file, name, /^ {2}(\w+)\??\(/gm);
const gettersOf = (file: string, name: string) => membersOf(file, name, /^ {2}readonly (\w+):/gm);

/** The text of a page under a heading, up to the next one. */
const under = (page: string, heading: string): string => page.split(`\n${heading}\n`)[1]?.split(/^#+ /m)[0] ?? '';

const missing = (names: readonly string[], text: string, form = (name: string) => `\`${name}(`): readonly string[] => {
  expect(names.length).toBeGreaterThan(0);
  return names.filter((name) => !text.includes(form(name)));
};

describe('docs/1-embedding-a-server.md names', () => {
  it('every method and getter of a session', () => {
    const section = under(server, '### Methods of a session');
    const methods = ['RunningSession', 'ServerSession'].flatMap((name) => [
      ...methodsOf('src/session/running-session.ts', name),
      ...methodsOf('src/session/server-session.ts', name),
    ]);
    expect(missing(methods, section)).toEqual([]);
    const getters = gettersOf('src/session/running-session.ts', 'RunningSession');
    expect(missing(getters, section, (name) => `\`${name}\``)).toEqual([]);
  });

  it('every method of a link, of a stream, and every handler', () => {
    const link = methodsOf('src/session/running-session.ts', 'LinkHandle');
    expect(missing(link, under(server, '### Methods of a link'))).toEqual([]);
    const stream = methodsOf('src/session/running-session.ts', 'Stream').filter((name) => name !== 'carry');
    expect(missing(stream, under(server, '### 3. Your own stream'))).toEqual([]);
    const handlers = methodsOf('src/session/server-session.ts', 'ServerHandlers');
    expect(missing(handlers, under(server, '### Handlers'))).toEqual([]);
  });

  it('every method that a subclass of XmlStream defines or calls', () => {
    const [, body = ''] = textOf('src/session/xml-stream.ts').split('export abstract class XmlStream');
    const abstracts = [...body.matchAll(/^ {2}(?:protected )?abstract (\w+)\(/gm)];
    const [, forSubclasses = ''] = body.split('// For subclasses.');
    const calls = [...forSubclasses.matchAll(/^ {2}protected (\w+)\(/gm)];
    const names = [...abstracts, ...calls].map(([, name = '']) => name);
    expect(missing(names, under(server, '### 2. A connection'))).toEqual([]);
  });

  it('every report of a server, and docs/2 names the report that only a client has', () => {
    const [, union = ''] =
      /^export type Report =\n(.*?)^export interface ReportEffect/ms.exec(textOf('src/core/effects.ts')) ?? [];
    const types = [...union.matchAll(/readonly type: '(\w+)'/g)].map(([, type = '']) => type);
    const quoted = (name: string) => `\`${name}\``;
    expect(types).toContain('ended');
    expect(missing(types, under(server, '### Reports') + under(client, '### Reports'), quoted)).toEqual([]);
  });
});

describe('docs/2-embedding-a-client.md names', () => {
  it('every method and getter that only a client has', () => {
    const section = under(client, '### Methods');
    expect(missing(methodsOf('src/session/client-session.ts', 'ClientSession'), section)).toEqual([]);
    const getters = gettersOf('src/session/client-session.ts', 'ClientSession').filter((name) => name !== 'state');
    expect(missing(getters, section, (name) => `\`${name}\``)).toEqual([]);
  });
});

describe('docs/10-xml.md names', () => {
  it('everything that smacks/xml exports, except types', () => {
    const names = [...textOf('src/xml.ts').matchAll(/export \{([^}]*)\}/g)]
      .flatMap(([, list = '']) => list.split(','))
      .map((name) => name.trim())
      .filter((name) => name !== '' && !name.startsWith('type '));
    expect(missing(names, textOf('docs/10-xml.md'), (name) => `\`${name}`)).toEqual([]);
  });
});
