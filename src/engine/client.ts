/** The engine of the client alone: what `index.ts` has for both roles. Only the client's half of the vocabulary is loaded. */
import { client } from '../../machines/client.js';
import { words as allWords } from '../../machines/vocabulary.js';
import { chart, words } from './client-words.js';
import { compile } from './compile.js';
import { advanceOn, driveOn } from './drive.js';
import { openOn } from './open.js';
import { restoreOn } from './restore.js';
import { hasTagOn, type State, stepOn, type Tables } from './step.js';
import { tracedOn } from './trace.js';

export type { Tag } from '../../machines/vocabulary.js';
export type { Advance, Drive, Driver, Loop } from './drive.js';
export { type PolicyChanges, policy } from './policy.js';
export { type SessionRecord, toRecord } from './record.js';
export type { Role, State, Step } from './step.js';
export type { Start, TraceLine } from './trace.js';

type Where = Pick<State, 'configuration'>;

const tables: Tables<'client'> = { client: compile(chart, words) };

/** A new state. There is no link until `link.opened`. */
export const open = openOn(tables);

/** One event, all its effects in order. Total and pure. */
export const step = stepOn(tables);

/** One turn of the loop around `step`: an effect that causes an event queues it. */
export const advance = advanceOn(step);

/** The whole loop: a state that events are sent to. */
export const drive = /* @__PURE__ */ driveOn(advance);

/** As `traced` of `smacks`. It loads the chart with all its words, which the other functions do without. */
export const traced = /* @__PURE__ */ tracedOn({ client: /* @__PURE__ */ compile(client, allWords) });

/** Whether an active state has the tag: what code asks about states, which it never names. */
export const hasTag = /* @__PURE__ */ hasTagOn(tables);

/** A client's session waits for `app.resume`: the new stream is authenticated, and no resource is bound on it yet. */
export const canResume = ({ configuration }: Where): boolean => tables.client.hasTag(configuration, 'canResume');

/** The session is over. */
export const hasEnded = ({ configuration }: Where): boolean => tables.client.hasTag(configuration, 'over');

/** Never: a client has no session store. */
export const asksStore = ({ configuration }: Where): boolean => tables.client.hasTag(configuration, 'asksStore');

/** As `restore` of `smacks`; a server's record is none for it. */
export const restore = /* @__PURE__ */ restoreOn(tables);
