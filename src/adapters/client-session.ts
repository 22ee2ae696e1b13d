/** A client's running session: `run` of `session.ts` on the engine of the client alone. */
import { asksStore, drive, traced } from '../client.js';
import { runOn } from './running.js';

export type { LinkHandle, Run, RunningSession, SessionOptions, Stream } from './running.js';

export const run = runOn({ asksStore, drive, traced });
