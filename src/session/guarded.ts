/** Calls into code of others, which may throw. */

/** An error that the application throws surfaces as an uncaught error, and does not disturb the count. */
export const guarded = (call: () => unknown): void => {
  try {
    call();
  } catch (thrown) {
    queueMicrotask(() => {
      throw thrown;
    });
  }
};

/** Whether the call returns; an error that it throws is dropped. */
export const succeeds = (call: () => void): boolean => {
  try {
    call();
    return true;
  } catch {
    return false;
  }
};
