import { getSystemErrorMap } from 'node:util';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { Checked } from './options.js';

/**
 * What the command tells the user, in one or more lines. The exit code is 1 when the command fails, 2 when its options
 * are wrong.
 */
export class Failure extends Error {
  readonly lines: readonly string[];

  constructor(
    said: string | readonly string[],
    readonly exitCode: 1 | 2 = 1,
  ) {
    const lines = typeof said === 'string' ? [said] : said;
    super(lines.join('\n'));
    this.lines = lines;
  }
}

const orThrow =
  (exitCode: 1 | 2) =>
  <A>(checked: Checked<A>): A => {
    if (isLeft(checked)) throw new Failure(checked.left, exitCode);
    return checked.right;
  };

/**
 * Wrong options are misuse.
 * @throws Failure with a line for each fault, and exit code 2
 */
export const orMisuse = orThrow(2);

/** @throws Failure with a line for each fault, and exit code 1 */
export const orFailure = orThrow(1);

/**
 * The reason in words: Node's text for a system error, such as "address already in use"; for other errors, their
 * message.
 */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const number = 'errno' in error && typeof error.errno === 'number' ? error.errno : undefined;
  return (number === undefined ? undefined : getSystemErrorMap().get(number)?.[1]) ?? error.message;
};
