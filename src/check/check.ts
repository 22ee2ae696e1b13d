/** A check observes one behaviour of a server from outside. */
import type { Need } from './needs.js';
import type { Server } from './server.js';

/** The level of the rule that a server breaks when the check fails: a MUST or a SHOULD. */
export type Level = 'MUST' | 'SHOULD';

export interface Check {
  /** The name of the check on the command line. */
  readonly id: string;
  /** The behaviour of a server that passes the check. */
  readonly sentence: string;
  /** Ids of the clauses that require this behaviour. */
  readonly clauses: readonly string[];
  readonly level: Level;
  readonly needs: readonly Need[];
  /**
   * `together`: beside any other checks. `inbox`: meanwhile no other check takes messages for the bare JIDs of its accounts.
   * `alone`: no other check uses its accounts. `last`: the check may break the server for all other checks.
   */
  readonly runs: 'together' | 'inbox' | 'alone' | 'last';
  /** Runs the check. @returns rejects with a Finding when the server behaves differently */
  run(server: Server): Promise<void>;
}

export interface CheckOptions {
  readonly clauses: readonly string[];
  readonly level?: Level;
  readonly needs?: readonly Need[];
  readonly runs?: Check['runs'];
}

/**
 * Makes a check of your own, for the option `checks` of `checkServer`.
 *
 * @param id the name of the check, not that of another one
 * @param sentence the behaviour of a server that passes
 * @param run the check itself: it throws a Finding (`fail`, `warn`, `skip`) when the server does not pass
 */
export const check = (
  id: string,
  sentence: string,
  { clauses, level = 'MUST', needs = [], runs = 'together' }: CheckOptions,
  run: Check['run'],
): Check => ({ id, sentence, clauses, level, needs, runs, run });
