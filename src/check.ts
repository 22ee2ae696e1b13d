/**
 * A black-box check of XMPP servers for XEP-0198. The check shares no code with the rest of the project, so that a fault of
 * the project cannot hide in the check.
 */

export type { Ending } from './check/arrivals.js';
export { type Check, type CheckOptions, check, type Level } from './check/check.js';
export { type CheckReport, checkServer } from './check/check-server.js';
export { checks, checksNamed, subjects } from './check/checks/index.js';
export type { Account, Client, Session } from './check/client.js';
export type { Who } from './check/clients.js';
export type { Facts } from './check/facts.js';
export { CannotRun, Finding, fail, skip, type Verdict, warn } from './check/finding.js';
export type { Allowed, Need } from './check/needs.js';
export { type CheckServerOptions, faultsIn, type OptionFault } from './check/options.js';
export type { Result } from './check/run.js';
export type { Server } from './check/server.js';
export type { XmppStream } from './check/stream.js';
export { parseServer, type ServerAddress } from './check/target.js';
export type { Transcript } from './check/transcript.js';
export { anyOf, type Match, sm, stanza, streamError } from './check/wire/conditions.js';
export type { Element } from './check/wire/element.js';
export type { Credentials } from './check/wire/sasl.js';
export { type Clause, clauses } from './clauses/table.js';
