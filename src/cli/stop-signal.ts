/**
 * Resolves at the first SIGINT or SIGTERM. The second signal ends the process at once, with the exit code of the
 * shells.
 */
export const stopSignal = (): Promise<void> =>
  new Promise((resolve) => {
    let stopping = false;
    const stop = (_name: string, number: number): void => {
      if (stopping) process.exit(128 + number);
      stopping = true;
      resolve();
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
  });
