import type { Mutant } from '../mutant.js';
import { acks } from './acks.js';
import { counting } from './counting.js';
import { enabling } from './enabling.js';
import { expiry } from './expiry.js';
import { inline } from './inline.js';
import { replay } from './replay.js';
import { resumption } from './resumption.js';

export const mutants: readonly Mutant[] = [
  ...counting,
  ...acks,
  ...enabling,
  ...resumption,
  ...replay,
  ...expiry,
  ...inline,
];
