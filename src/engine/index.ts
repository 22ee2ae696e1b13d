/** The engine of both roles. `client.ts` is the engine of the client alone. */
import { advanceOn, driveOn } from './drive.js';
import { openOn } from './open.js';
import { readDeltaOn } from './read-delta.js';
import { recordAfterOn } from './record-after.js';
import { restoreOn } from './restore.js';
import { hasTagOn, stepOn } from './step.js';
import { tables } from './tables.js';
import { tracedOn } from './trace.js';

export type { Tag } from '../../machines/vocabulary.js';
export type { Advance, Drive, Driver, Loop } from './drive.js';
export { peerViolation, refusal } from './failures.js';
export { type PolicyChanges, policy } from './policy.js';
export type { RecordFault } from './read-record.js';
export { type SessionRecord, toRecord } from './record.js';
export { type PlacedSession, type RecordChanges, type SessionDelta, toDelta } from './session-delta.js';
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

/**
 * Reads a delta, of JSON for example. A delta of another version is refused.
 *
 * @returns a StoreFault whose reason names every wrong field, and says what the field must be; it shows no value, because stanzas and the
 * SM-ID are secrets
 */
export const readDelta = /* @__PURE__ */ readDeltaOn(tables);

/**
 * The record of a session after deltas: a store that starts again calls it, and a store that replaces a record and its deltas by one record.
 * It reads the record and the deltas too, so they may be JSON of unknown origin; without deltas it reads the record alone. `restore` reads
 * the result. It takes O(stanzas of the record and the deltas).
 *
 * @param record a record of `toRecord`, of this version or of an older version that `restore` reads
 * @param deltas the deltas of `toDelta` since then, oldest first, without a gap
 * @throws TypeError when `deltas` is not a list
 * @returns a StoreFault when the record or a delta is wrong, or when a delta does not fit behind the ones before it. Its reason says what is
 * wrong, and it has the stanzas that are left as far as they can be read: each of them may still get another fate
 */
export const recordAfter = /* @__PURE__ */ recordAfterOn(tables);
