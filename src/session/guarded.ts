/** Calls into code of others, which may throw. */

/** What the application throws is its own affair: it surfaces as an uncaught error and never disturbs the count. */
export const guarded = (call: () => unknown): void => {
  try {
    call();
  } catch (thrown) {
    queueMicrotask(() => {
      throw thrown;
    });
  }
};

/** Whether it came to its end. */
export const isDone = (call: () => void): boolean => {
  try {
    call();
    return true;
  } catch {
    return false;
  }
};
