/**
 * Makes `dist/cli`. Beside the run-time dependencies, the command line needs only this folder: the bundle, the licences
 * of the bundled packages, and the page of the inspector.
 */
import { chmodSync, copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { bundleCli } from './bundle-cli.mjs';
import { licencesOf } from './licences.mjs';
import { ROOT } from './root.mjs';

const FOLDER = join(ROOT, 'dist', 'cli');

/** Copies the source files of the page, and its compiled scripts. */
const copyPage = () => {
  mkdirSync(join(FOLDER, 'page'));
  for (const [folder, types] of [
    [join(ROOT, 'src', 'inspect', 'page'), ['.html', '.css', '.svg']],
    [join(ROOT, 'dist', 'src', 'inspect', 'page'), ['.js']],
  ]) {
    for (const name of readdirSync(folder)) {
      if (types.includes(extname(name))) copyFileSync(join(folder, name), join(FOLDER, 'page', name));
    }
  }
};

rmSync(FOLDER, { recursive: true, force: true });
const modules = await bundleCli(FOLDER);
chmodSync(join(FOLDER, 'main.js'), 0o755);
writeFileSync(join(FOLDER, 'LICENSES.txt'), licencesOf(modules));
copyPage();
