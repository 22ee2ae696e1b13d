export type Verdict = 'pass' | 'fail' | 'warn' | 'skip';

/** A check's way of saying that it did not pass: what it wanted to see, and what it saw. */
export class Finding extends Error {
  constructor(
    readonly verdict: Exclude<Verdict, 'pass'>,
    readonly expected: string,
    readonly found: string,
  ) {
    super(`expected ${expected}; found ${found}`);
  }
}

/** The server breaks a MUST; in a check whose clause is a SHOULD, that. */
export const fail = (expected: string, found: string): never => {
  throw new Finding('fail', expected, found);
};

/** The server breaks a SHOULD, or does what its users or its peers will regret. */
export const warn = (expected: string, found: string): never => {
  throw new Finding('warn', expected, found);
};

/** The check cannot be made here. */
export const skip = (reason: string): never => {
  throw new Finding('skip', reason, '');
};

/** The check cannot run at all; the message is one line for the user. */
export class CannotRun extends Error {}
