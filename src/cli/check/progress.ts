import type { Result } from '../../check.js';

export interface CheckProgress {
  show(result: Result): void;
  close(): void;
}

/** Shows progress on stderr: a line that is written over, on a terminal only. */
export const showProgress = (total: number): CheckProgress => {
  if (!process.stderr.isTTY) return { show() {}, close() {} };
  let done = 0;
  let failed = 0;
  const write = (text: string): void => void process.stderr.write(`\r\u001b[K${text}`);
  write(`0 of ${total} checks`);
  return {
    show({ check, verdict }) {
      done += 1;
      if (verdict === 'fail') failed += 1;
      write(`${done} of ${total} checks${failed > 0 ? `, ${failed} failed` : ''}: ${check.id}`);
    },
    close: () => write(''),
  };
};
