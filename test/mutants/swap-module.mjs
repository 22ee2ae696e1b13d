/** Hooks for Node's loader: one module of the build is replaced by the text of another file. Its imports stay as they were. */
import { readFile } from 'node:fs/promises';

/** @type {{ original: string, replacement: string }} URLs */
let swap;

export const initialize = (given) => {
  swap = given;
};

export const load = async (url, context, next) =>
  url === swap.original
    ? { format: 'module', source: await readFile(new URL(swap.replacement)), shortCircuit: true }
    : next(url, context);
