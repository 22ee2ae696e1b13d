/** Reads the lines of a record from its file. */
import { isLeft } from '../../index.js';
import { parseRecordLine, type RecordLine } from '../../inspect/json-lines.js';
import type { Disagreement } from '../../inspect/replay.js';
import { Failure, reasonOf } from '../failure.js';
import { type Line, linesOf } from './lines.js';

/**
 * Reads a record. A last line that is cut off is left out, and a message says so.
 * @throws Failure, with exit code 2, when the file is not a record
 */
export async function* recordOf(file: string): AsyncGenerator<{ readonly line: RecordLine; readonly number: number }> {
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

/** Describes a disagreement in words. */
export const differenceOf = ({ field, recorded = 'nothing', replayed = 'nothing' }: Disagreement): string => {
  if (field === 'start') return 'the record does not hold the beginning of this run';
  if (field === 'event') return `${recorded} cannot be stepped`;
  return `${field}: the record says ${shortened(recorded)}, the charts say ${shortened(replayed)}`;
};

const shortened = (text: string): string => (text.length <= LENGTH ? text : `${text.slice(0, LENGTH)}…`);

const LENGTH = 100;
