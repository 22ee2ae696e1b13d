/** A client's running session: `run` of `session.ts` on the engine of the client alone. */
import { advance, asksStore, traced } from '../engine/client.js';
import { READING, Running, started } from './running.js';
import type { Run } from './running-session.js';
import { bindTimers, systemClock } from './timers.js';

export type { LinkHandle, Run, RunningSession, SessionOptions, Stream } from './running-session.js';

const ENGINE = { advance, asksStore, traced };

/** A client has few sessions: each has surroundings and timers of its own. */
export const run: Run<'client'> = (options, due) => {
  const { clock = systemClock, reading = READING } = options;
  const timers = bindTimers(clock, (timer, at) => session.due(timer, at));
  const session = new Running({ engine: ENGINE, clock, timers, reading }, options);
  return started(session, due);
};
