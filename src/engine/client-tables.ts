/** The table of a client. */
import { chart, words } from './client-words.js';
import { compile } from './compile.js';
import type { Tables } from './step.js';

export const tables: Tables<'client'> = { client: compile(chart, words) };
