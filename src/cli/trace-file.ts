import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { printRecordLine, type RecordLine } from '../inspect/json-lines.js';
import { Failure, reasonOf } from './failure.js';

/** The file to which `--trace FILE` writes. */
export interface TraceFile {
  write(line: RecordLine): void;
  end(): void;
}

/**
 * The trace file gets each line at its end. When a write fails, tracing stops and the command goes on.
 * @returns rejects with Failure when the file cannot be opened
 */
export const openTraceFile = async (file: string): Promise<TraceFile> => {
  const stream = createWriteStream(file, { flags: 'a' });
  await once(stream, 'open').catch((error: unknown) => {
    throw new Failure(`--trace ${file}: ${reasonOf(error)}`);
  });
  stream.on('error', (error) => process.stderr.write(`smacks: --trace ${file}: ${reasonOf(error)}\n`));
  return {
    write: (line) => void stream.write(printRecordLine(line)),
    end: () => void stream.end(),
  };
};
