/** Collects the licences of packages whose code is in a bundle. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param {readonly string[]} modules the files of a bundle
 * @returns {string} name, version and licence text of each package that a module is from
 * @throws Error when a package has no licence file: such a package may not be bundled
 */
export const licencesOf = (modules) => {
  const folders = new Set(modules.map(packageFolder).filter((folder) => folder !== undefined));
  const parts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} has no licence file`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  });
  const head = 'The files of this folder hold code of these packages.\n';
  return [head, ...parts].join(`\n${'-'.repeat(80)}\n\n`);
};

/** @param {string} file the file of a module; the result is undefined for a module of this package */
const packageFolder = (file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file.replaceAll('\\', '/'))?.[0];
