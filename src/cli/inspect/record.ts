import { isLeft } from '../../index.js';
import { withoutContent } from '../../inspect/hide.js';
import type { RecordLine } from '../../inspect/json-lines.js';
import { createReplay } from '../../inspect/replay.js';
import { createWatch } from '../../inspect/watch.js';
import { Failure } from '../failure.js';
import { differenceOf, recordOf } from '../replay/record.js';
import type { View } from './feed.js';

/**
 * Reads a record, and checks it as `smacks replay` does. To show an earlier line, the watch steps from the beginning.
 * @returns a function from a line (from 1, default the last) to the view at this line. Rejects with Failure, with exit
 * code 2, when the file is not a record
 */
export const openRecord = async (file: string, stanzas: boolean): Promise<(at: number | undefined) => () => View> => {
  const lines: RecordLine[] = [];
  const check = createReplay();
  let disagreement: { readonly line: number; readonly text: string } | undefined;
  for await (const { line, number } of recordOf(file)) {
    if (lines.length === MOST_LINES)
      throw new Failure(`${file}: it has more than ${MOST_LINES} lines; take a part of it: head -n ${MOST_LINES}`);
    const outcome = check(line);
    if (isLeft(outcome))
      disagreement ??= { line: lines.length + 1, text: `line ${number}: ${differenceOf(outcome.left)}` };
    lines.push(stanzas ? line : withoutContent(line));
  }
  if (lines.length === 0) throw new Failure(`${file}: it is empty`, 2);
  let watch = createWatch();
  let position = 0;
  return (at = lines.length) =>
    () => {
      const wanted = Math.min(Math.max(at, 1), lines.length);
      if (wanted < position) {
        watch = createWatch();
        position = 0;
      }
      for (const line of lines.slice(position, wanted)) watch.write(line);
      position = wanted;
      return {
        watch,
        steps: position,
        of: lines.length,
        now: lines[wanted - 1]?.at ?? 0,
        disagreement: disagreement !== undefined && disagreement.line <= wanted ? disagreement.text : null,
      };
    };
};

/** The most lines of a record. Memory holds all lines, of about a kilobyte each. */
const MOST_LINES = 100_000;
