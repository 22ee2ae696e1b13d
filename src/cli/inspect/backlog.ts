/** Holds items until the event loop has time for them, so that sessions do not wait for the inspector. */

export interface Backlog<T> {
  /** Adds an item. Items are taken in the order in which they are added. */
  add(item: T): void;
}

/**
 * @param take is called with each item in a later turn of the event loop; when too many wait, with the oldest at once
 * @param most how many items may wait
 */
export const createBacklog = <T>(take: (item: T) => void, most = MOST): Backlog<T> => {
  let waiting: T[] = [];
  let next = 0;
  let isDue = false;

  const takeNext = (): void => {
    const item = waiting[next] as T;
    next += 1;
    if (next >= most) forgetTaken();
    take(item);
  };

  const forgetTaken = (): void => {
    waiting = waiting.slice(next);
    next = 0;
  };

  const drain = (): void => {
    const until = performance.now() + SLICE;
    while (next < waiting.length && performance.now() < until)
      for (let count = 0; count < AT_ONCE && next < waiting.length; count += 1) takeNext();
    forgetTaken();
    isDue = waiting.length > 0;
    if (isDue) setImmediate(drain);
  };

  return {
    add(item) {
      waiting.push(item);
      if (waiting.length - next > most) takeNext();
      if (isDue) return;
      isDue = true;
      setImmediate(drain);
    },
  };
};

/** Milliseconds of work in a turn. */
const SLICE = 4;
const AT_ONCE = 16;
/** The most items that wait. An item is usually a kilobyte at most. */
const MOST = 200_000;
