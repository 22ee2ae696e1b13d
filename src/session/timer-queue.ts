/**
 * All timers of one name on one clock share a single timer of that clock, which is set for the earliest deadline.
 *
 * Many sessions set and clear their timers all the time, so a running timer is only a place in a heap.
 */
import type { TimerName } from '../index.js';
import type { Clock } from '../ports/index.js';
import { createSettle, NEVER, NOT_RUNNING, type TimerOwner } from './deadline-heap.js';

export interface SharedTimers {
  /** Replaces an earlier deadline of the same timer. */
  set(timer: TimerName, deadline: number, owner: TimerOwner): void;
  clear(timer: TimerName, owner: TimerOwner): void;
}

/** The most timers that fire in one turn; further due timers wait for a later turn, so that other work runs first. */
const AT_ONCE = 250;

interface TimerQueue {
  set(owner: TimerOwner, deadline: number): void;
  clear(owner: TimerOwner): void;
}

const createTimerQueue = (clock: Clock, name: TimerName): TimerQueue => {
  const owners: TimerOwner[] = [];
  /** The deadline of each owner, at the same index. A read past the end counts as `NEVER`. */
  const deadlines: number[] = [];
  /** The time for which the clock's timer is set. */
  let awaited = NEVER;
  let cancel: (() => void) | undefined;
  let isFiring = false;

  const settle = createSettle(name, owners, deadlines);

  const remove = (owner: TimerOwner): void => {
    const place = owner[name];
    owner[name] = NOT_RUNNING;
    const last = owners.pop();
    const deadline = deadlines.pop();
    if (last !== owner && last !== undefined && deadline !== undefined) settle(last, deadline, place);
  };

  /** Keeps the clock's timer when a timer is cleared: an early wake-up costs less than a new clock timer each time. */
  const watch = (): void => {
    const earliest = deadlines[0] ?? NEVER;
    if (isFiring || earliest >= awaited) return;
    cancel?.();
    awaited = earliest;
    cancel = clock.at(earliest, fire);
  };

  const fire = (): void => {
    // `clock.now()` can be a little earlier than the deadline: timers of the platform may fire too early by less than a millisecond.
    const now = Math.max(awaited, clock.now());
    awaited = NEVER;
    cancel = undefined;
    isFiring = true;
    try {
      for (let left = AT_ONCE; left > 0 && (deadlines[0] ?? NEVER) <= now; left--) {
        const [owner] = owners;
        const [deadline] = deadlines;
        if (owner === undefined || deadline === undefined) break;
        remove(owner);
        owner.due(name, Math.max(deadline, clock.now()));
      }
    } finally {
      isFiring = false;
      if (owners.length === 0) {
        // Empty arrays keep their capacity, which is large after a million sessions expired: free it.
        owners.length = 0;
        deadlines.length = 0;
      }
      watch();
    }
  };

  return {
    set(owner, deadline) {
      settle(owner, deadline, owner[name] === NOT_RUNNING ? owners.length : owner[name]);
      watch();
    },
    clear(owner) {
      if (owner[name] === NOT_RUNNING) return;
      remove(owner);
      if (owners.length > 0 || cancel === undefined) return;
      cancel();
      cancel = undefined;
      awaited = NEVER;
    },
  };
};

const known = new WeakMap<Clock, SharedTimers>();

/** The timers of all sessions with the same clock. */
export const timersOn = (clock: Clock): SharedTimers => {
  const timers = known.get(clock) ?? createSharedTimers(clock);
  known.set(clock, timers);
  return timers;
};

const createSharedTimers = (clock: Clock): SharedTimers => {
  const queues: { readonly [name in TimerName]: TimerQueue } = {
    ackIdle: createTimerQueue(clock, 'ackIdle'),
    ackWait: createTimerQueue(clock, 'ackWait'),
    overflowGrace: createTimerQueue(clock, 'overflowGrace'),
    resumption: createTimerQueue(clock, 'resumption'),
    storeWait: createTimerQueue(clock, 'storeWait'),
  };
  return {
    set: (timer, deadline, owner) => queues[timer].set(owner, deadline),
    clear: (timer, owner) => queues[timer].clear(owner),
  };
};
