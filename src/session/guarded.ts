/** Calls into the application's code, which may throw. */

/** Reports an error that the application throws as an uncaught error, so that it does not disturb the count. */
export const guarded = (call: () => unknown): void => {
  try {
    call();
  } catch (thrown) {
    queueMicrotask(() => {
      throw thrown;
    });
  }
};

/** True when the call returns, false when it throws; the error is dropped. */
export const succeeds = (call: () => void): boolean => {
  try {
    call();
    return true;
  } catch {
    return false;
  }
};
