/** A running session of either role; for a client alone, `client-session.ts` is smaller. */
import { advance, asksStore, type Role, traced } from '../index.js';
import type { SessionStore } from '../ports/index.js';
import { randomIds } from './random-ids.js';
import { READING, started } from './running.js';
import type { Run, SessionOptions } from './running-session.js';
import { Stored, type StoreSurroundings } from './stored.js';
import { timersOn } from './timer-queue.js';
import { systemClock } from './timers.js';

export type { LinkHandle, Run, RunningSession, SessionOptions, Stream } from './running-session.js';

export const run: Run = (options, due) => started(new Stored(surroundingsOf(options), options), due);

const ENGINE = { advance, asksStore, traced };

/** What a session with this store found last: the next one is mostly of the same server. */
const known = new WeakMap<SessionStore, StoreSurroundings>();

const surroundingsOf = ({
  store,
  clock = systemClock,
  ids = randomIds,
  reading = READING,
}: SessionOptions<Role>): StoreSurroundings => {
  const last = store && known.get(store);
  if (last?.clock === clock && last.ids === ids && isAlike(last.reading, reading)) return last;
  const found = { engine: ENGINE, clock, timers: timersOn(clock), reading, store, ids };
  if (store !== undefined) known.set(store, found);
  return found;
};

const isAlike = (one: typeof READING, other: typeof READING): boolean =>
  one.contentNamespace === other.contentNamespace && one.acceptSm2 === other.acceptSm2;
