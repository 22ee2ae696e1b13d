/** A running session of either role; for a client alone, `client-session.ts` is smaller. */
import { asksStore, drive, traced } from '../index.js';
import { runOn } from './running.js';
import { bindStore } from './store-binding.js';

export type { LinkHandle, Run, RunningSession, SessionOptions, Stream } from './running.js';

export const run = runOn({ asksStore, bindStore, drive, traced });
