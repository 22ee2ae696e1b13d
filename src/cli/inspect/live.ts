import { withoutContent } from '../../inspect/hide.js';
import type { RecordLine } from '../../inspect/json-lines.js';
import { createWatch } from '../../inspect/watch.js';
import { Failure, reasonOf } from '../failure.js';
import { DEFAULT_ADDRESS, STATELY_PAGE, type TracingFlags } from '../tracing-options.js';
import { formatAddress } from '../values.js';
import { createBacklog } from './backlog.js';
import { serveInspector, sessionRoutes } from './server.js';
import { createStately, loadStately } from './stately.js';

/** Shows sessions while they run. */
export interface Inspector {
  /** Takes every step of every session. */
  write(line: RecordLine): void;
  readonly url: string;
  /** The address at which Stately's inspector shows the sessions; undefined when the user did not ask for it. */
  readonly statelyUrl: string | undefined;
  close(): Promise<void>;
}

/**
 * @returns rejects with Failure when the server cannot listen on its address, or a package that it needs is not
 * installed
 */
export const openInspector = async (flags: Partial<TracingFlags>): Promise<Inspector> => {
  const { inspect, inspectStanzas = false, inspectStately } = flags;
  const watch = createWatch();
  const view = () => ({ watch, steps: watch.steps, of: null, now: Date.now(), disagreement: null });
  const page = inspectStately === true ? STATELY_PAGE : inspectStately;
  const stately = page === undefined ? undefined : createStately(await loadStately(), watch, page);
  const routes = [sessionRoutes(() => view), ...(stately === undefined ? [] : [stately.route])];
  const server = await serve(typeof inspect === 'object' ? inspect : DEFAULT_ADDRESS, routes, page);
  const backlog = createBacklog((whole: RecordLine) => {
    const line = inspectStanzas ? whole : withoutContent(whole);
    const id = watch.write(line);
    if (id !== undefined) stately?.stepped(id, line.event);
  });
  return {
    write: backlog.add,
    url: server.url,
    statelyUrl: stately && `${server.url}stately.html`,
    close: server.close,
  };
};

export const serve = (...[wanted, ...rest]: Parameters<typeof serveInspector>): ReturnType<typeof serveInspector> =>
  serveInspector(wanted, ...rest).catch((error: unknown) => {
    throw new Failure(`the inspector cannot listen on ${formatAddress(wanted)}: ${reasonOf(error)}`);
  });
