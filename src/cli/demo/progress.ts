import cliProgress from 'cli-progress';

/** How far the demo is. */
export interface Progress {
  readonly delivered: number;
  readonly cuts: number;
}

export interface ProgressDisplay {
  show(progress: Progress): void;
  close(): void;
}

/** A bar on a terminal, else a line every few seconds; on stderr. `total` are the messages of both directions. */
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

/** Milliseconds. */
const LINE_EVERY = 3000;
