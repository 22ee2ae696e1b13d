/** The engine of the client alone; `index.ts` is the engine of both roles. This module loads only the client's half of the vocabulary. */
import { client } from '../../machines/client.js';
import { words as allWords } from '../../machines/vocabulary.js';
import type { Policy } from '../core/policy.js';
import { chart, words } from './client-words.js';
import { compile } from './compile.js';
import { advanceOn, driveOn } from './drive.js';
import { openOn, stateFrom } from './open.js';
import { readDeltaOn } from './read-delta.js';
import { recordAfterOn } from './record-after.js';
import { restoreOn } from './restore.js';
import { hasTagOn, type State, stepOn, type Tables } from './step.js';
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

const tables: Tables<'client'> = { client: compile(chart, words) };

/** A new state. There is no link until `link.opened`. */
export const open = /* @__PURE__ */ openOn(tables);

/** The same, for a session that has checked its policy. */
export const openUnchecked = (policy: Policy): State<'client'> => stateFrom(tables, 'client', policy, 0);

/** One event, all its effects in order. Total and pure. */
export const step = stepOn(tables);

/** One turn of the loop around `step`: an effect that causes an event queues it. */
export const advance = advanceOn(step);

/** The whole loop: an object that holds the state and takes events. */
export const drive = /* @__PURE__ */ driveOn(advance);

/** The same as `traced` of `smacks`. It loads the chart with all its words; the other functions do not need them. */
export const traced = /* @__PURE__ */ tracedOn({ client: /* @__PURE__ */ compile(client, allWords) });

/** Whether an active state has the tag. Code asks for tags and never names a state. */
export const hasTag = /* @__PURE__ */ hasTagOn(tables);

/** The same as `restore` of `smacks`, but it rejects the record of a server. */
export const restore = /* @__PURE__ */ restoreOn(tables);

/** The same as `readDelta` of `smacks`. */
export const readDelta = /* @__PURE__ */ readDeltaOn(tables);

/** The same as `recordAfter` of `smacks`, but it rejects the record of a server. */
export const recordAfter = /* @__PURE__ */ recordAfterOn(tables);
