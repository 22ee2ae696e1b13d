/** The engine of the client alone: what `index.ts` has for both roles. Only the client's half of the vocabulary is loaded. */
import { actions, chart, configurations, guards } from './client-chart.js';
import { compile } from './compile.js';
import { advanceOn, driveOn } from './drive.js';
import { restoreOn } from './record.js';
import { asksStoreOn, openOn, stepOn, type Tables } from './step.js';
import { tracedOn } from './trace.js';

export type { Advance, Drive, Driver, Loop } from './drive.js';
export { type PolicyChanges, policy } from './policy.js';
export { type SessionRecord, toRecord } from './record.js';
export { canResume, hasEnded, type Role, type State, type Step } from './step.js';
export type { Start, TraceLine } from './trace.js';

const tables: Tables<'client'> = { client: compile(chart, { actions, guards }, configurations) };

/** A new state. There is no link until `link.opened`. */
export const open = openOn(tables);

/** One event, all its effects in order. Total and pure. */
export const step = stepOn(tables);

/** One turn of the loop around `step`: an effect that causes an event queues it. */
export const advance = advanceOn(step);

/** The whole loop: a state that events are sent to. */
export const drive = /* @__PURE__ */ driveOn(advance);

/** As `traced` of `smacks`. */
export const traced = /* @__PURE__ */ tracedOn(tables);

/** Never: a client has no session store. */
export const asksStore = /* @__PURE__ */ asksStoreOn(tables);

/** As `restore` of `smacks`; a server's record is none for it. */
export const restore = /* @__PURE__ */ restoreOn(tables);
