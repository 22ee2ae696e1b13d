/** One behaviour of a server, to be seen from outside. */
import type { Need } from './needs.js';
import type { Server } from './server.js';

/** What a failure of the check means: that a MUST is broken, or a SHOULD. */
export type Level = 'MUST' | 'SHOULD';

export interface Check {
  /** Names it on the command line. */
  readonly id: string;
  /** What a server does that passes. */
  readonly sentence: string;
  /** Ids of the clauses that ask for it. */
  readonly clauses: readonly string[];
  readonly level: Level;
  readonly needs: readonly Need[];
  /**
   * `together`: beside any others. `inbox`: no other check takes messages for the bare JIDs of its accounts meanwhile.
   * `alone`: nothing else uses its accounts. `last`: it may break the server for all others.
   */
  readonly runs: 'together' | 'inbox' | 'alone' | 'last';
  /** Rejects with a Finding when the server does something else. */
  run(server: Server): Promise<void>;
}

export interface CheckOptions {
  readonly clauses: readonly string[];
  readonly level?: Level;
  readonly needs?: readonly Need[];
  readonly runs?: Check['runs'];
}

export const check = (
  id: string,
  sentence: string,
  { clauses, level = 'MUST', needs = [], runs = 'together' }: CheckOptions,
  run: Check['run'],
): Check => ({ id, sentence, clauses, level, needs, runs, run });
