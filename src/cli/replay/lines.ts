import { createReadStream } from 'node:fs';

export interface Line {
  /** The number of the line, from 1. */
  readonly number: number;
  readonly text: string;
  /** False for text after the last line end: the writer may have been cut off within this line. */
  readonly isWhole: boolean;
}

/** Yields the lines of a file of any length. Only a line feed ends a line. */
export async function* linesOf(file: string): AsyncGenerator<Line> {
  let rest = '';
  let number = 0;
  for await (const chunk of createReadStream(file, 'utf8')) {
    const [first = '', ...others] = String(chunk).split('\n');
    rest += first;
    for (const next of others) {
      number += 1;
      yield { number, text: rest, isWhole: true };
      rest = next;
    }
  }
  if (rest !== '') yield { number: number + 1, text: rest, isWhole: false };
}
