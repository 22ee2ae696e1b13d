/** The engine of both roles. `client.ts` is the engine of the client alone. */
import { advanceOn, driveOn } from './drive.js';
import { openOn } from './open.js';
import { restoreOn } from './restore.js';
import { hasTagOn, stepOn } from './step.js';
import { tables } from './tables.js';
import { tracedOn } from './trace.js';

export type { Tag } from '../../machines/vocabulary.js';
export type { Advance, Drive, Driver, Loop } from './drive.js';
export { peerViolation, refusal } from './failures.js';
export { type PolicyChanges, policy } from './policy.js';
export { type SessionRecord, toRecord } from './record.js';
export type { Role, State, Step } from './step.js';
export type { Counters, Start, Taken, TraceLine } from './trace.js';

/** A new state. A server has a link from the start, and `epoch` (1 or more) names it; a client has none until `link.opened`. */
export const open = /* @__PURE__ */ openOn(tables);

/** One event, all its effects in order. Total and pure. */
export const step = /* @__PURE__ */ stepOn(tables);

/** One turn of the loop around `step`: an effect that causes an event queues it. */
export const advance = /* @__PURE__ */ advanceOn(step);

/** The whole loop: an object that holds the state and takes events. */
export const drive = /* @__PURE__ */ driveOn(advance);

/** A `step` that also reports to `listen`. It traces one session: a state that is not the result of the step before starts a new trace. */
export const traced = /* @__PURE__ */ tracedOn(tables);

/** Whether an active state has the tag. Code asks for tags and never names a state. */
export const hasTag = /* @__PURE__ */ hasTagOn(tables);

/**
 * The state that a record describes, at the time `at` (milliseconds since the Unix epoch), and the effects that set its timers
 * again. A connected session in a record loses its link at that moment. Stanzas that were received but not handled
 * are lost with the process; the peer sends them again, because our h does not include them.
 *
 * @returns a StoreFault when the input is not such a record; the function uses no part of it then
 */
export const restore = /* @__PURE__ */ restoreOn(tables);
