import { getSystemErrorMap } from 'node:util';

/** What the user is told in one line. The exit code is 1 when the command failed, 2 when it was asked for wrongly. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(message);
  }
}

/** Node's own words for a system error, such as "address already in use"; the message of any other. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const number = 'errno' in error && typeof error.errno === 'number' ? error.errno : undefined;
  return (number === undefined ? undefined : getSystemErrorMap().get(number)?.[1]) ?? error.message;
}
