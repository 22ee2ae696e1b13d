/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once, with the exit code shells give. */
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
