/** The running timers of one name in a binary heap: the earliest deadline is first. */
import type { TimerName } from '../index.js';

/** An object with timers. For the queue it keeps the place in the heap of each timer, under the timer's name. */
export type TimerOwner = { [name in TimerName]: number } & {
  /** A deadline has passed. `at` is the time of the clock, never earlier than the deadline. */
  due(timer: TimerName, at: number): void;
};

/** The place of a stopped timer. */
export const NOT_RUNNING = -1;

/** Later than every deadline. */
export const NEVER = Number.POSITIVE_INFINITY;

/**
 * @param owners the heap
 * @param deadlines the deadline of each owner, at the same index; a read past the end counts as `NEVER`
 * @returns a function that finds the place for a deadline, starting at `from`: a free place, or the place of this owner
 */
export const createSettle = (name: TimerName, owners: TimerOwner[], deadlines: number[]) => {
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

  return (owner: TimerOwner, deadline: number, from: number): void => {
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
};
