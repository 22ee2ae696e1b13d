/** What an application loads in a browser: one minified module, as bundlers make it of what `npm run build` made. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';

/**
 * @param entry the text of the module that the application is: it names `smacks` as any application does, and `@/` is this checkout
 * @param without packages that are not bundled
 */
export const bundled = async (entry: string, without: readonly string[] = []): Promise<string> => {
  const application = join(root, 'application.js');
  const bundle = await rolldown({
    input: application,
    cwd: root,
    platform: 'browser',
    external: (id) => without.some((name) => id === name || id.startsWith(`${name}/`)),
    plugins: [
      {
        name: 'application',
        resolveId: (id) => (id === application ? id : id.startsWith('@/') ? join(root, id.slice(2)) : null),
        load: (id) => (id === application ? entry : null),
      },
    ],
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true, comments: false, codeSplitting: false });
  await bundle.close();
  return output.map((made) => (made.type === 'chunk' ? made.code : '')).join('');
};

/** The checkout, from where this file is or was compiled to. */
const root = ((folder: string): string => {
  let found = folder;
  while (!existsSync(join(found, 'package.json'))) found = dirname(found);
  return found;
})(import.meta.dirname);
