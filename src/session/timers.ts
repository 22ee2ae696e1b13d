/** Binds timer effects to a clock, and the system clock to the timers of the platform. */
import type { TimerName } from '../index.js';
import type { Clock } from '../ports/index.js';
import type { SharedTimers } from './timer-queue.js';

/** The longest delay that setTimeout takes, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** The monotonic clock of the platform, in milliseconds; the clock of the system where there is none. */
const monotonic = (): number => (globalThis.performance ?? Date).now();

/** The Unix time at which the monotonic clock was 0. */
const STARTED = Date.now() - monotonic();

const now = (): number => Math.floor(STARTED + monotonic());

/**
 * The clock of this process: the Unix time at its start, and since then a monotonic clock. When the clock of the system is set,
 * no deadline changes (design law 3); the clock of the process then differs from the system's clock until the process starts again.
 * The timers do not keep a process alive.
 */
export const systemClock: Clock = {
  now,
  at(time, callback) {
    let timer: ReturnType<typeof setTimeout>;
    const wait = (): void => {
      const left = time - now();
      timer = setTimeout(left > LONGEST ? wait : callback, Math.min(Math.max(left, 0), LONGEST));
      if (typeof timer === 'object') timer.unref();
    };
    wait();
    return () => clearTimeout(timer);
  },
};

/** The timers of one session; each uses its own timer of the clock. `timer-queue.ts` serves many sessions. */
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
