/** A client's running session: `run` of `session.ts` on the engine of the client alone. */
import { advance, asksStore, traced } from '../client.js';
import { type Run, Running, started } from './running.js';

export type { LinkHandle, Run, RunningSession, SessionOptions, Stream } from './running.js';

const ENGINE = { advance, asksStore, traced };

export const run: Run<'client'> = (options, due) => started(new Running(ENGINE, options), due);
