/** Every check, by subject, in the order in which a session lives. */
import type { Check } from '../check.js';
import { acks } from './acks.js';
import { counting } from './counting.js';
import { enabling } from './enabling.js';
import { features } from './features.js';
import { nonsense } from './nonsense.js';
import { refusals } from './refusals.js';
import { replay } from './replay.js';
import { resumption } from './resumption.js';

/** By subject; the name of a subject selects its checks on the command line. */
export const subjects: Readonly<Record<string, readonly Check[]>> = {
  features,
  enabling,
  counting,
  acks,
  nonsense,
  resumption,
  refusals,
  replay,
};

export const checks: readonly Check[] = Object.values(subjects).flat();
