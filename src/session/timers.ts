/** Binds timer effects to a clock, and a clock to the machine's own. One event, all its effects in order, then the next event. */
import type { TimerName } from '../index.js';
import type { Clock } from '../ports/index.js';
import type { SharedTimers } from './timer-queue.js';

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

/** The timers of one session, each a timer of the clock. `timer-queue.ts` is for many sessions. */
export const bindTimers = (clock: Clock): SharedTimers => {
  const running = new Map<TimerName, () => void>();
  const clear = (timer: TimerName): void => {
    running.get(timer)?.();
    running.delete(timer);
  };
  return {
    set(timer, deadline, owner) {
      clear(timer);
      running.set(
        timer,
        clock.at(deadline, () => {
          running.delete(timer);
          owner.due(timer, Math.max(deadline, clock.now()));
        }),
      );
    },
    clear,
  };
};
