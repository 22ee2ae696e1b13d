/** The check as a function. */
import { checks as allChecks } from './checks/index.js';
import type { Verdict } from './finding.js';
import { accountOf, type CheckServerOptions, faultsIn, targetOf } from './options.js';
import { type Result, runChecks } from './run.js';

/** The report of a run. */
export interface CheckReport {
  /** One result for each check, in the order of the checks. */
  readonly results: readonly Result[];
  /** The number of checks with each verdict. */
  readonly counts: Readonly<Record<Verdict, number>>;
  /** The duration of the run, in seconds. */
  readonly seconds: number;
}

/**
 * Checks an XMPP server from outside, as its client.
 * @returns rejects with CannotRun when the checks cannot run: no connection, a wrong password, no stream management
 * @throws TypeError that names each wrong option
 */
export const checkServer = async (options: CheckServerOptions): Promise<CheckReport> => {
  const faults = faultsIn(options);
  if (faults.length > 0) throw new TypeError(faults.map(({ option, reason }) => `${option}: ${reason}`).join('; '));
  const { server, checks = allChecks, wait = 10, stress = false, initialCount = 0, patience = 5000 } = options;
  const began = performance.now();
  const results = await runChecks({
    target: targetOf(options),
    where: server,
    accounts: options.accounts.flatMap(({ jid, password }) => accountOf(jid, password) ?? []),
    checks,
    allowed: { wait, stress, initialCount },
    patience,
    onResult: options.onResult,
  });
  const counts = { pass: 0, fail: 0, warn: 0, skip: 0 };
  for (const { verdict } of results) counts[verdict] += 1;
  return { results, counts, seconds: (performance.now() - began) / 1000 };
};
