import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of the package's manifest. This file runs in the bundle, and in tests from its source, so it looks
 * upwards.
 */
export const packageRoot = (): string => above(dirname(fileURLToPath(import.meta.url)));

const above = (folder: string): string => (existsSync(join(folder, 'package.json')) ? folder : above(dirname(folder)));
