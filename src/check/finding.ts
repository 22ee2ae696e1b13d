export type Verdict = 'pass' | 'fail' | 'warn' | 'skip';

/** A check throws a Finding when it does not pass: what the check expected, and what it found. */
export class Finding extends Error {
  constructor(
    readonly verdict: Exclude<Verdict, 'pass'>,
    readonly expected: string,
    readonly found: string,
  ) {
    super(`expected ${expected}; found ${found}`);
  }
}

/** The server breaks a MUST. In a check of level SHOULD, the run reports a warning instead. */
export const fail = (expected: string, found: string): never => {
  throw new Finding('fail', expected, found);
};

/** The server breaks a SHOULD, or its behaviour harms its users or its peers. */
export const warn = (expected: string, found: string): never => {
  throw new Finding('warn', expected, found);
};

/** The check cannot run on this server or with these options. */
export const skip = (reason: string): never => {
  throw new Finding('skip', reason, '');
};

/** The whole run cannot start; the message is one line for the user. */
export class CannotRun extends Error {}
