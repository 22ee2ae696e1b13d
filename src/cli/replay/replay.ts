import { once } from 'node:events';
import { isLeft } from '../../index.js';
import { parseRecordLine, type RecordLine } from '../../inspect/json-lines.js';
import { createReplay, type Disagreement } from '../../inspect/replay.js';
import { Failure, reasonOf } from '../failure.js';
import type { ReplayFlags } from './command.js';
import { type Line, linesOf } from './lines.js';
import { coloured, headingOf, plain, stepText } from './step-text.js';

/**
 * Prints the steps of a record as they are checked.
 * @returns rejects with Failure: exit code 1 when a step disagrees, 2 when the file is no record or has no such session
 */
export async function replay(file: string, { session, json = false }: ReplayFlags): Promise<void> {
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
}

const isNamed = (line: RecordLine, session: string | undefined): boolean =>
  session === undefined || line.session === session || line.session.startsWith(`${session}/`);

const differenceOf = ({ field, recorded = 'nothing', replayed = 'nothing' }: Disagreement): string => {
  if (field === 'start') return 'the record does not hold the beginning of this run';
  if (field === 'event') return `${recorded} cannot be stepped`;
  return `${field}: the record says ${shortened(recorded)}, the charts say ${shortened(replayed)}`;
};

const shortened = (text: string): string => (text.length <= LENGTH ? text : `${text.slice(0, LENGTH)}…`);

const LENGTH = 100;

async function* recordOf(file: string): AsyncGenerator<{ readonly line: RecordLine; readonly number: number }> {
  const lines = linesOf(file);
  for (;;) {
    const next: IteratorResult<Line> = await lines.next().catch((error: unknown) => {
      throw new Failure(`${file}: ${reasonOf(error)}`, 2);
    });
    if (next.done === true) return;
    const { text, number, isWhole } = next.value;
    const line = parseRecordLine(text);
    if (!isLeft(line)) yield { line: line.right, number };
    else if (isWhole) throw new Failure(`${file}:${number}: ${line.left}`, 2);
    else process.stderr.write(`smacks: ${file}:${number}: the last line is cut off\n`);
  }
}

/** Waits for a slow reader; false once nobody reads any more. */
function printer(): (text: string) => Promise<boolean> {
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
}
