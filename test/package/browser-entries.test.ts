/** What is loaded with the entries that run in a browser: each module, seen by the loader of Node. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder, install, runProgram } from './project.js';

const { folder, remove } = emptyFolder();
beforeAll(() => {
  install(folder);
  writeFileSync(join(folder, 'trace.mjs'), TRACE);
  writeFileSync(join(folder, 'hooks.mjs'), HOOKS);
});
afterAll(remove);

const DEPENDENCIES = ['fp-ts', 'ltx', 'saxes', 'xmlchars', 'xstate'];

describe('a browser loads no code for Node or for the host, with', () => {
  it.each(['smacks', 'smacks/client', 'smacks/machines', 'smacks/xml'])('%s', (name) => {
    const trace = join(folder, `${name.replaceAll('/', '-')}.trace`);
    appendFileSync(trace, '');
    runProgram(folder, `await import('${name}');`, ['--import', './trace.mjs'], { TRACE: trace });
    const loads = readFileSync(trace, 'utf8')
      .trim()
      .split('\n')
      .map((line): Load => JSON.parse(line));
    expect(loads.some(({ url }) => url.includes('/node_modules/smacks/dist/'))).toBe(true);

    const packages = new Set(
      loads.flatMap(({ url }) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/.exec(url)?.[1] ?? []),
    );
    expect([...packages].filter((used) => !['smacks', ...DEPENDENCIES].includes(used))).toEqual([]);
    if (name !== 'smacks/machines') expect([...packages]).not.toContain('xstate');
    expect(loads.filter(({ url }) => url.startsWith('node:'))).toEqual([]);
    expect(
      loads.filter(({ url }) =>
        /\/smacks\/dist\/src\/(host|transports|drop-ins|stores|testing|inspect|check)\/|\/smacks\/dist\/cli\//.test(
          url,
        ),
      ),
    ).toEqual([]);
  });
});

/** One module that another one asked for. */
interface Load {
  readonly url: string;
  readonly parent: string;
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
