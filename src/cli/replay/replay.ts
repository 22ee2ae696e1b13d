import { once } from 'node:events';
import { isLeft } from '../../index.js';
import type { RecordLine } from '../../inspect/json-lines.js';
import { createReplay } from '../../inspect/replay.js';
import { Failure } from '../failure.js';
import type { ReplayFlags } from './options.js';
import { differenceOf, recordOf } from './record.js';
import { coloured, headingOf, plain, stepText } from './step-text.js';

/**
 * Checks the steps of a record and prints each step.
 * @returns rejects with Failure: exit code 1 when a step disagrees, 2 when the file is not a record or lacks the
 * session
 */
export const replay = async (file: string, { session, json }: ReplayFlags): Promise<void> => {
  const print = printer();
  const step = createReplay();
  const style = process.stdout.isTTY && process.stdout.hasColors() ? coloured : plain;
  const runs = new Set<string>();
  let steps = 0;
  let heading: string | undefined;
  for await (const { line, number } of recordOf(file)) {
    const outcome = step(line);
    if (isLeft(outcome)) throw new Failure(`${file}:${number}: ${line.session}: ${differenceOf(outcome.left)}`);
    if (!isNamed(line, session)) continue;
    steps += 1;
    runs.add(`${line.run}`);
    const above = headingOf(line, style);
    const text = json
      ? JSON.stringify({ line: number, session: line.session, run: line.run, ...outcome.right })
      : `${above === heading ? '' : `${above}\n`}${stepText(outcome.right, style)}`;
    heading = above;
    if (!(await print(`${text}\n`))) return;
  }
  if (steps === 0)
    throw new Failure(session === undefined ? `${file}: it is empty` : `${file}: no session ${session}`, 2);
  if (!json) await print(`${steps} steps in ${runs.size} runs, as the charts have it\n`);
};

const isNamed = (line: RecordLine, session: string | undefined): boolean =>
  session === undefined || line.session === session || line.session.startsWith(`${session}/`);

/**
 * Prints to stdout and waits for a slow reader. The promise resolves with false when the reader has closed the pipe.
 */
const printer = (): ((text: string) => Promise<boolean>) => {
  const { stdout } = process;
  let isOpen = true;
  stdout.once('error', () => {
    isOpen = false;
  });
  return async (text) => {
    if (isOpen && !stdout.write(text))
      await Promise.race([once(stdout, 'drain'), once(stdout, 'error')]).catch(() => {});
    return isOpen;
  };
};
