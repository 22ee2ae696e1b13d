import { check } from '../arguments/check.js';
import type { Clock } from '../ports/index.js';

/** A clock whose time moves only when a test says so. */
export interface VirtualClock extends Clock {
  /**
   * Moves time forward by `ms` milliseconds, as `advanceTo` does.
   * @throws RangeError when `ms` is negative or not finite; nothing moves.
   */
  advance(ms: number): void;
  /**
   * Moves time forward to `time` (milliseconds since the Unix epoch) and calls back everything due on the way, at its own time:
   * earlier timers first, timers of equal time in the order of their setting. A callback may set and cancel
   * timers; those due by `time` fire too.
   * This function throws the error of a callback: time has stopped at that callback, and the other timers stay set.
   * @throws RangeError when `time` has passed or is not finite; nothing moves.
   */
  advanceTo(time: number): void;
  /** When the next timer is due (milliseconds since the Unix epoch), or undefined when no timer is set. */
  next(): number | undefined;
  /** How many timers are set. */
  readonly pending: number;
}

/** A virtual clock that shows `start` (milliseconds since the Unix epoch). `at` fires no timer: a due timer waits for `advance(0)`. @throws TypeError when `start` is not finite */
export const createVirtualClock = (start = 0): VirtualClock => {
  check(Number.isFinite(start), 'start', 'a time in milliseconds', start);
  const timers: Timer[] = [];
  let now = start;

  const advanceTo = (time: number): void => {
    if (!Number.isFinite(time) || time < now) throw new RangeError(`time cannot move from ${now} to ${time}`);
    for (let due = timers[0]; due !== undefined && due.time <= time; due = timers[0]) {
      timers.shift();
      now = Math.max(now, due.time);
      due.callback();
    }
    now = Math.max(now, time);
  };

  return {
    now: () => now,
    at(time, callback) {
      if (Number.isNaN(time)) throw new RangeError('a timer needs a time, not NaN');
      const timer = { time: Math.max(time, now), callback };
      timers.splice(timers.findLastIndex((other) => other.time <= timer.time) + 1, 0, timer);
      return () => {
        const index = timers.indexOf(timer);
        if (index >= 0) timers.splice(index, 1);
      };
    },
    advance: (ms) => advanceTo(now + ms),
    advanceTo,
    next: () => timers[0]?.time,
    get pending() {
      return timers.length;
    },
  };
};

/** Sorted by time; timers of equal time in the order of their setting. */
interface Timer {
  readonly time: number;
  readonly callback: () => void;
}
