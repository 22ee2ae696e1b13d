/** The engine of both roles. That of the client alone is `client.ts`. */
import { advanceOn, driveOn } from './drive.js';
import { openOn } from './open.js';
import { restoreOn } from './restore.js';
import { hasTagOn, type State, stepOn } from './step.js';
import { tables } from './tables.js';
import { tracedOn } from './trace.js';

export type { Tag } from '../../machines/vocabulary.js';
export type { Advance, Drive, Driver, Loop } from './drive.js';
export { type PolicyChanges, policy } from './policy.js';
export { type SessionRecord, toRecord } from './record.js';
export type { Role, State, Step } from './step.js';
export type { Start, TraceLine } from './trace.js';

/** A new state. A server has a link from the start, and `epoch` (1 or more) names it; a client has none until `link.opened`. */
export const open = openOn(tables);

/** One event, all its effects in order. Total and pure. */
export const step = stepOn(tables);

/** One turn of the loop around `step`: an effect that causes an event queues it. */
export const advance = advanceOn(step);

/** The whole loop: a state that events are sent to. */
export const drive = driveOn(advance);

/** `step` that also tells `listen` what it did. It is for one session: a state that the step before did not leave begins another. */
export const traced = tracedOn(tables);

/** Whether an active state has the tag: what code asks about states, which it never names. */
export const hasTag = hasTagOn(tables);

/** A client's session waits for `app.resume`: the new stream is authenticated, and no resource is bound on it yet. */
export const canResume = (state: State): boolean => hasTag(state, 'canResume');

/** The session is over. */
export const hasEnded = (state: State): boolean => hasTag(state, 'over');

/** The session waits for the session store: until it has answered, the peer's events wait. */
export const asksStore = (state: State): boolean => hasTag(state, 'asksStore');

/**
 * The state a record describes, at the time `at` (milliseconds since the Unix epoch), and what is to be done for it: the
 * timers to set again. A record of a connected session loses its link at that moment. What was received but not handled
 * is gone with the process; the peer will send it again, for our h does not cover it.
 *
 * @returns a StoreFault for anything that is no such record; nothing of it is used then
 */
export const restore = /* @__PURE__ */ restoreOn(tables);
