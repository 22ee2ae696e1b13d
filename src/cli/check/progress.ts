import type { Result } from '../../check.js';

export interface CheckProgress {
  show(result: Result): void;
  close(): void;
}

/** One line on stderr that is written over, and only on a terminal. */
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
