/**
 * Bundles the command line. Run-time dependencies stay imports, and so do the peers that the user chooses to install.
 * The bundle holds the code that only the command line needs. It also holds `ws`, so that `smacks host --ws` works at
 * once, and the few functions of fp-ts that are used: to load its modules separately would double the time of `smacks
 * --version`.
 */
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { manifest, ROOT } from './root.mjs';

/** The dependencies and peers that go into the bundle. */
const BUNDLED = ['fp-ts', 'ws'];

/** Native helpers that `ws` uses when they are installed. */
const NATIVE = ['bufferutil', 'utf-8-validate'];

const external = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies), ...NATIVE].filter(
  (name) => !BUNDLED.includes(name),
);

/**
 * Each command is a chunk of its own, which is loaded when the command runs.
 * @param {string} folder the folder to write to
 * @returns {Promise<readonly string[]>} the files of all modules in the bundle
 */
export const bundleCli = async (folder) => {
  const bundle = await rolldown({
    input: join(ROOT, 'dist', 'src', 'cli', 'main.js'),
    cwd: ROOT,
    platform: 'node',
    external: (id) => external.some((name) => id === name || id.startsWith(`${name}/`)),
    resolve: { alias: { 'fp-ts/lib': join(ROOT, 'node_modules', 'fp-ts', 'es6') } },
    onLog(level, { message }) {
      if (level !== 'info') throw new Error(message);
    },
  });
  const { output } = await bundle.write({
    dir: folder,
    format: 'esm',
    entryFileNames: 'main.js',
    chunkFileNames: 'chunks/[name].js',
    comments: { jsdoc: false },
  });
  await bundle.close();
  return output.flatMap((made) => (made.type === 'chunk' ? made.moduleIds : []));
};
