/** The clauses by their ids: XEP-0198 by section, then what mod_smacks adds. The ids are cited by charts, tests and docs. */
import type { Clause } from './clause.js';
import { modSmacks } from './mod-smacks.js';
import { sections2to4 } from './sections-2-4.js';
import { sections5to10 } from './sections-5-10.js';

export type { Clause } from './clause.js';

export const clauses: readonly Clause[] = [...sections2to4, ...sections5to10, ...modSmacks];

export const CLAUSES: readonly string[] = clauses.map(({ id }) => id);
