import type { RecordLine } from '../inspect/json-lines.js';
import type { InspectFlags } from './inspect/options.js';
import { openTraceFile } from './trace-file.js';

export interface TracingFlags extends InspectFlags {
  /** The file of `--trace`. */
  readonly trace?: string;
}

/** Where the steps of sessions go. */
export interface Tracing {
  /** Takes a step; undefined when nobody wants to know. */
  readonly trace: ((line: RecordLine) => void) | undefined;
  /** Where the sessions are shown, if they are. */
  readonly url: string | undefined;
  close(): Promise<void>;
}

/** @returns rejects with Failure when the file, or the address of the inspector, is not to be had */
export async function openTracing({ trace, ...flags }: TracingFlags): Promise<Tracing> {
  const isInspected = flags.inspect !== undefined || flags.inspectStately !== undefined;
  const inspector = isInspected ? await (await import('./inspect/live.js')).openInspector(flags) : undefined;
  const file = trace === undefined ? undefined : await openTraceFile(trace).catch(async (error: unknown) => {
    await inspector?.close();
    throw error;
  });
  const takers = [file, inspector].filter((taker) => taker !== undefined);
  const [only, another] = takers;
  return {
    trace: another === undefined ? only?.write : (line) => takers.forEach(({ write }) => write(line)),
    url: inspector?.url,
    async close() {
      file?.end();
      await inspector?.close();
    },
  };
}
