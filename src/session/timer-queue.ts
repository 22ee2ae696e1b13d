/**
 * All the timers of one name that run on one clock, behind a single timer of that clock: it is set for the earliest deadline.
 *
 * Sessions are many, and set and clear their timers all the time: a timer that runs is a place in a heap, and nothing else.
 */
import type { TimerName } from '../index.js';
import type { Clock } from '../ports/index.js';

/** Whoever has timers. Under the name of each it keeps, for the queue, where that is in the heap. */
export type TimerOwner = { [name in TimerName]: number } & {
  /** A deadline has passed. `at` is the clock's time, never before the deadline. */
  due(timer: TimerName, at: number): void;
};

export interface SharedTimers {
  /** Replaces an earlier deadline of the same timer. */
  set(timer: TimerName, deadline: number, owner: TimerOwner): void;
  clear(timer: TimerName, owner: TimerOwner): void;
}

/** The place of a timer that does not run. */
export const NOT_RUNNING = -1;

/** What is due beyond that lets everything else go ahead first. */
const AT_ONCE = 250;
const NEVER = Number.POSITIVE_INFINITY;

interface TimerQueue {
  set(owner: TimerOwner, deadline: number): void;
  clear(owner: TimerOwner): void;
}

const createTimerQueue = (clock: Clock, name: TimerName): TimerQueue => {
  const owners: TimerOwner[] = [];
  /** The deadline of each, in the same place. Behind the last there is none, and that is later than any. */
  const deadlines: number[] = [];
  /** For when the clock's timer is set. */
  let awaited = NEVER;
  let cancel: (() => void) | undefined;
  let isFiring = false;

  const deadlineAt = (place: number): number => deadlines[place] ?? NEVER;

  const put = (owner: TimerOwner, deadline: number, place: number): void => {
    owners[place] = owner;
    deadlines[place] = deadline;
    owner[name] = place;
  };

  const move = (from: number, to: number): number => {
    const owner = owners[from];
    if (owner !== undefined) put(owner, deadlineAt(from), to);
    return from;
  };

  /** Finds the place for a deadline, from one whose content is known to be elsewhere, or is this. */
  const settle = (owner: TimerOwner, deadline: number, from: number): void => {
    let place = from;
    while (place > 0 && deadline < deadlineAt((place - 1) >> 1)) place = move((place - 1) >> 1, place);
    for (;;) {
      const left = 2 * place + 1;
      const below = deadlineAt(left + 1) < deadlineAt(left) ? left + 1 : left;
      if (deadline <= deadlineAt(below)) break;
      place = move(below, place);
    }
    put(owner, deadline, place);
  };

  const remove = (owner: TimerOwner): void => {
    const place = owner[name];
    owner[name] = NOT_RUNNING;
    const last = owners.pop();
    const deadline = deadlines.pop();
    if (last !== owner && last !== undefined && deadline !== undefined) settle(last, deadline, place);
  };

  /** To be woken for a timer that was cleared meanwhile costs less than to set the clock's anew each time. */
  const watch = (): void => {
    const earliest = deadlineAt(0);
    if (isFiring || earliest >= awaited) return;
    cancel?.();
    awaited = earliest;
    cancel = clock.at(earliest, fire);
  };

  const fire = (): void => {
    // A clock that was set back meanwhile calls all the same.
    const now = Math.max(awaited, clock.now());
    awaited = NEVER;
    cancel = undefined;
    isFiring = true;
    try {
      for (let left = AT_ONCE; left > 0 && deadlineAt(0) <= now; left--) {
        const [owner] = owners;
        const deadline = deadlineAt(0);
        if (owner === undefined) break;
        remove(owner);
        owner.due(name, Math.max(deadline, clock.now()));
      }
    } finally {
      isFiring = false;
      if (owners.length === 0) {
        // Arrays from which all was popped keep their room: a million sessions that expired had much of it.
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

/** The timers of all sessions that are given the same clock. */
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
  };
  return {
    set: (timer, deadline, owner) => queues[timer].set(owner, deadline),
    clear: (timer, owner) => queues[timer].clear(owner),
  };
};
