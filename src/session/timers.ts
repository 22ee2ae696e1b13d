/** Binds timer effects to a clock, and a clock to the machine's own. One event, all its effects in order, then the next event. */
import type { TimerName } from '../index.js';
import type { Clock } from '../ports/index.js';

/** setTimeout takes no more. */
const LONGEST = 2 ** 31 - 1;

/** The system's clock. Its timers alone do not keep a process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  at(time, callback) {
    let timer: ReturnType<typeof setTimeout>;
    const wait = (): void => {
      const left = time - Date.now();
      timer = setTimeout(left > LONGEST ? wait : callback, Math.min(Math.max(left, 0), LONGEST));
      if (typeof timer === 'object') timer.unref();
    };
    wait();
    return () => clearTimeout(timer);
  },
};

export interface Timers {
  /** Replaces an earlier deadline of the same timer. */
  set(timer: TimerName, deadline: number): void;
  clear(timer: TimerName): void;
}

/** @param fire called when a deadline has passed, with the clock's time, never before the deadline */
export const bindTimers = (clock: Clock, fire: (timer: TimerName, at: number) => void): Timers => {
  const running = new Map<TimerName, () => void>();
  const clear = (timer: TimerName): void => {
    running.get(timer)?.();
    running.delete(timer);
  };
  return {
    set(timer, deadline) {
      clear(timer);
      running.set(
        timer,
        clock.at(deadline, () => {
          running.delete(timer);
          fire(timer, Math.max(deadline, clock.now()));
        }),
      );
    },
    clear,
  };
};
