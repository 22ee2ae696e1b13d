/** A running session of either role; for a client alone, `client-session.ts` is smaller. */
import { advance, asksStore, traced } from '../index.js';
import { type Run, started } from './running.js';
import { Stored } from './stored.js';

export type { LinkHandle, Run, RunningSession, SessionOptions, Stream } from './running.js';

const ENGINE = { advance, asksStore, traced };

export const run: Run = (options, due) => started(new Stored(ENGINE, options), due);
