/** Turns the options into the request for the check. */
import { fromPredicate, left, map, right } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { isNonEmpty, traverse } from 'fp-ts/lib/ReadonlyArray.js';
import { of } from 'fp-ts/lib/ReadonlyNonEmptyArray.js';
import { findChecks } from '../../check/checks/index.js';
import { type Check, type CheckServerOptions, checks, faultsIn } from '../../check.js';
import { type Checked, obey, together, validation } from '../options.js';
import type { CheckFlags } from './options.js';

export const requestOf = (flags: CheckFlags): Checked<CheckServerOptions> =>
  pipe(
    together({ options: judged(flags), checks: chosenChecks(flags), flags: obey(oneReportOnStdout)(flags) }),
    map(({ options, checks }) => ({ ...options, checks })),
  );

/** The checks of `--only`, in the order in which a session lives; without `--only`, all checks. */
export const chosenChecks = ({ only }: CheckFlags): Checked<readonly Check[]> =>
  pipe(
    only ?? [],
    traverse(validation)((name) =>
      pipe(
        findChecks(name),
        fromPredicate(
          (named) => named.length > 0,
          () => of(`--only ${name}: no check, subject or clause has this name; see --list`),
        ),
      ),
    ),
    map((named) => (only === undefined ? checks : checks.filter((check) => named.flat().includes(check)))),
  );

const judged = (flags: CheckFlags): Checked<CheckServerOptions> => {
  const { server, account: accounts, transport, wait, stress, insecure, initialCount } = flags;
  const options = { server: server ?? '', transport, accounts, wait, stress, insecure, initialCount };
  const names: Readonly<Record<string, string>> = { transport: `--transport ${transport}`, accounts: '--account' };
  const faults = faultsIn(options).map(({ option, reason }) =>
    option === 'server' ? '--server HOST:PORT is missing' : `${names[option] ?? option}: ${reason}`,
  );
  return isNonEmpty(faults) ? left(faults) : right(options);
};

const oneReportOnStdout = ({ json, junit }: CheckFlags): string | undefined =>
  json === '-' && junit === '-' ? '--json and --junit cannot both go to stdout' : undefined;
