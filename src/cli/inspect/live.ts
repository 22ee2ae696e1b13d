import type { RecordLine } from '../../inspect/json-lines.js';
import { createWatch } from '../../inspect/watch.js';
import { Failure, reasonOf } from '../failure.js';
import { type Address, formatAddress } from '../values.js';
import { DEFAULT_ADDRESS, type InspectFlags } from './options.js';
import { serveInspector, sessionRoutes } from './server.js';

/** Shows sessions while they run. */
export interface Inspector {
  /** Takes every step of every session. */
  write(line: RecordLine): void;
  readonly url: string;
  close(): Promise<void>;
}

/** @returns rejects with Failure when its address cannot be had, or what it needs is not installed */
export async function openInspector({ inspect, inspectStanzas = false }: InspectFlags): Promise<Inspector> {
  const watch = createWatch({ content: inspectStanzas });
  const view = () => ({ watch, of: null, now: Date.now(), disagreement: null });
  const server = await serve(typeof inspect === 'object' ? inspect : DEFAULT_ADDRESS, [sessionRoutes(() => view)]);
  return { write: watch.write, url: server.url, close: server.close };
}

export const serve = (wanted: Address, routes: Parameters<typeof serveInspector>[1]): ReturnType<typeof serveInspector> =>
  serveInspector(wanted, routes).catch((error: unknown) => {
    throw new Failure(`the inspector cannot listen on ${formatAddress(wanted)}: ${reasonOf(error)}`);
  });
