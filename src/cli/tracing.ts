import type { RecordLine } from '../inspect/json-lines.js';
import { openTraceFile } from './trace-file.js';
import type { TracingFlags } from './tracing-options.js';

/** Where a command sends the steps of its sessions. */
export interface Tracing {
  /** Takes a step. It is undefined when no option asks for a trace. */
  readonly trace: ((line: RecordLine) => void) | undefined;
  /** The addresses of the pages that show the sessions; empty without an inspector. */
  readonly urls: readonly string[];
  close(): Promise<void>;
}

/** @returns rejects with Failure when the trace file cannot be opened, or the inspector cannot listen on its address */
export const openTracing = async ({ trace, ...flags }: TracingFlags): Promise<Tracing> => {
  const isInspected = flags.inspect !== undefined || flags.inspectStately !== undefined;
  const inspector = isInspected ? await (await import('./inspect/live.js')).openInspector(flags) : undefined;
  const file =
    trace === undefined
      ? undefined
      : await openTraceFile(trace).catch(async (error: unknown) => {
          await inspector?.close();
          throw error;
        });
  const takers = [file, inspector].filter((taker) => taker !== undefined);
  return {
    trace:
      takers.length === 0
        ? undefined
        : (line) => {
            for (const taker of takers) taker.write(line);
          },
    urls: [inspector?.url, inspector?.statelyUrl].filter((url) => url !== undefined),
    async close() {
      file?.end();
      await inspector?.close();
    },
  };
};
