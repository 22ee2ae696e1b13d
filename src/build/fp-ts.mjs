/**
 * Writes the fp-ts functions that this package uses in place of the compiled `src/core/fp-ts.ts`, which imports them.
 * fp-ts has ES modules for bundlers and CommonJS modules for Node. The written file loads in both, and it is small and
 * quick to load.
 */
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { ROOT } from './root.mjs';

const file = join(ROOT, 'dist', 'src', 'core', 'fp-ts.js');
const folder = dirname(createRequire(import.meta.url).resolve('fp-ts/package.json'));
const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

const bundle = await rolldown({
  input: file,
  platform: 'neutral',
  resolve: { alias: { 'fp-ts/lib': join(folder, 'es6') } },
  treeshake: { manualPureFunctions: ['dual', 'as_', 'asUnit_'], propertyReadSideEffects: false },
  onLog(_level, { message }) {
    throw new Error(message);
  },
});
await bundle.write({
  file,
  format: 'esm',
  comments: { legal: false, jsdoc: false },
  postBanner: `/*\nMade by the build, of fp-ts ${version}:\n\n${readFileSync(join(folder, 'LICENSE'), 'utf8').trim()}\n*/`,
});
await bundle.close();
rmSync(`${file}.map`, { force: true });
