import cliProgress from 'cli-progress';

/** The progress of the demo. */
export interface Progress {
  readonly delivered: number;
  readonly cuts: number;
}

export interface ProgressDisplay {
  show(progress: Progress): void;
  close(): void;
}

/**
 * Shows progress on stderr: a bar on a terminal, otherwise a line every few seconds. `total` counts the messages of
 * both directions.
 */
export const displayProgress = (total: number, cuts: number): ProgressDisplay =>
  process.stderr.isTTY ? bar(total, cuts) : lines(total, cuts);

const bar = (total: number, planned: number): ProgressDisplay => {
  const single = new cliProgress.SingleBar({
    format: `{bar} {value} of {total} delivered, {cuts} of ${planned} cuts`,
    gracefulExit: false,
    hideCursor: true,
  });
  single.start(total, 0, { cuts: 0 });
  return {
    show: ({ delivered, cuts }) => single.update(delivered, { cuts }),
    close: () => single.stop(),
  };
};

const lines = (total: number, planned: number): ProgressDisplay => {
  let last = Date.now();
  return {
    show({ delivered, cuts }) {
      if (Date.now() - last < LINE_EVERY) return;
      last = Date.now();
      process.stderr.write(`${delivered} of ${total} delivered, ${cuts} of ${planned} cuts\n`);
    },
    close() {},
  };
};

/** Milliseconds between two lines. */
const LINE_EVERY = 3000;
