/** Public docstrings give units, ranges, errors and clauses (design section 8): this test demands that they are there. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPublicNames } from '../support/public-names.js';

const names = readPublicNames();

/**
 * Members of a union that an entry exports: `Extract<Nonza, { name: 'r' }>` names one. `Upgrade` is between the parts of a transport. The
 * classes of `smacks/check` are exported as types only: what their constructors take is not public.
 */
const PARTS =
  /(Nonza names (Enable|Enabled|Resume|Resumed|Failed|R|A)|Cut names \w+|NodeTransport names Upgrade|smacks\/check: (Client|Server|XmppStream) names \w+)$/;

describe('what the entries export', () => {
  it('has a docstring: each function, each class, and each method of an interface or a class', () => {
    expect(names.count).toBeGreaterThan(200);
    expect(names.undocumented).toEqual([]);
  });

  it('has in its signatures only types that an entry exports too', () => {
    expect(names.unexported.filter((type) => !PARTS.test(type))).toEqual([]);
  });
});

describe('this test', () => {
  const without = (path: string, text: string | RegExp): Readonly<Record<string, string>> => {
    const before = readFileSync(path, 'utf8');
    const after = before.replace(text, '');
    expect(after).not.toBe(before);
    return { [path]: after };
  };

  it('notices a function, a method and a class that lose their docstrings, and a type that is no longer exported', () => {
    const { undocumented, unexported } = readPublicNames({
      ...without('src/xml/print.ts', /\/\*\*[^/]*\*\/\n(?=export const print)/),
      ...without('src/ports/id-source.ts', /\/\*\*[^/]*\*\/\n {2}(?=smId)/),
      ...without('src/session/xml-stream.ts', /\/\*\*\n \* A subclass for[^/]*\*\/\n(?=export abstract class)/),
      ...without('src/server.ts', 'ReadingOptions'),
      ...without('src/client.ts', 'ReadingOptions, '),
    });
    expect(undocumented).toEqual(
      expect.arrayContaining(['smacks/xml: print', 'smacks/server: IdSource.smId', 'smacks/client: XmlStream']),
    );
    expect(unexported).toContain('smacks/server: SessionsOptions names ReadingOptions');
  });
});
