import { CannotRun, type CheckReport, type CheckServerOptions, checkServer } from '../../check.js';
import { Failure, orMisuse } from '../failure.js';
import { listOf } from './list.js';
import type { CheckFlags } from './options.js';
import { showProgress } from './progress.js';
import { writeReports } from './reports.js';
import { chosenChecks, requestOf } from './request.js';
import { tableOf } from './table.js';

/** @returns rejects with Failure when the check cannot run. The exit code is 1 when a check failed */
export const runCheck = async (flags: CheckFlags): Promise<void> => {
  if (flags.list) {
    process.stdout.write(`${listOf(orMisuse(chosenChecks(flags)))}\n`);
    return;
  }
  const report = await checked(orMisuse(requestOf(flags)));
  await writeReports(report, flags);
  const table = flags.json === '-' || flags.junit === '-' ? process.stderr : process.stdout;
  table.write(`${tableOf(report, table)}\n`);
  if (report.counts.fail > 0) process.exitCode = 1;
};

const checked = async (request: CheckServerOptions): Promise<CheckReport> => {
  const progress = showProgress(request.checks?.length ?? 0);
  try {
    return await checkServer({ ...request, onResult: progress.show });
  } catch (error) {
    if (error instanceof CannotRun) throw new Failure(error.message, 2);
    throw error;
  } finally {
    progress.close();
  }
};
