/**
 * A black-box check of XMPP servers for XEP-0198. It shares no code with the rest of the project, so that it cannot share
 * its faults.
 */

export { type Check, type CheckOptions, check, type Level, type Need } from './check/check.js';
export { checks, subjects } from './check/checks/index.js';
export type { Account, Client, Session } from './check/client.js';
export { CannotRun, Finding, fail, skip, type Verdict, warn } from './check/finding.js';
export { type Result, type RunOptions, runChecks } from './check/run.js';
export type { Server, Target, Who } from './check/server.js';
export { type Clause, clauses } from './clauses.js';
