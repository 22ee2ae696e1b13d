/** Every check, by subject, in the order of a session's life. */
import type { Check } from '../check.js';
import { acks } from './acks.js';
import { closing } from './closing.js';
import { counting } from './counting.js';
import { enabling } from './enabling.js';
import { expiry } from './expiry.js';
import { features } from './features.js';
import { handover } from './handover.js';
import { inline } from './inline.js';
import { limits } from './limits.js';
import { nonsense } from './nonsense.js';
import { presence } from './presence.js';
import { refusals } from './refusals.js';
import { remains } from './remains.js';
import { replay } from './replay.js';
import { resumption } from './resumption.js';
import { rollover } from './rollover.js';
import { security } from './security.js';
import { wrongH } from './wrong-h.js';

/** The checks by subject. The name of a subject selects its checks on the command line. */
export const subjects: Readonly<Record<string, readonly Check[]>> = {
  features,
  enabling,
  counting,
  acks,
  nonsense,
  resumption,
  refusals,
  'wrong-h': wrongH,
  replay,
  handover,
  presence,
  expiry,
  remains,
  closing,
  limits,
  security,
  inline,
  rollover,
};

export const checks: readonly Check[] = Object.values(subjects).flat();

/**
 * The checks of a subject (`resumption`), the check with an id (`resume-h-missing`), or the checks that cite a clause (`R-5`).
 *
 * @throws TypeError when no check has this name
 */
export const checksNamed = (name: string): readonly Check[] => {
  const named = findChecks(name);
  if (named.length === 0)
    throw new TypeError(`name must be a subject, the id of a check or of a clause, not ${JSON.stringify(name)}`);
  return named;
};

/** The same as `checksNamed`, but an empty list when no check has this name. */
export const findChecks = (name: string): readonly Check[] =>
  Object.hasOwn(subjects, name)
    ? (subjects[name] ?? [])
    : checks.filter(({ id, clauses }) => id === name || clauses.includes(name));
