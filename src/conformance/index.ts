/**
 * A black-box check of XMPP servers for XEP-0198. It shares no code with the rest of the project, so that it cannot share
 * its faults.
 */
export { type Check, type CheckOptions, check, type Level, type Need } from './check.js';
export { checks, subjects } from './checks/index.js';
export { type Clause, clauses } from './clauses.js';
export type { Account, Client, Session } from './client.js';
export { CannotRun, Finding, fail, skip, type Verdict, warn } from './finding.js';
export { type Result, type RunOptions, runChecks } from './run.js';
export type { Server, Target, Who } from './server.js';
