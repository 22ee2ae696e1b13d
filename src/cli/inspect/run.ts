import { stopSignal } from '../stop-signal.js';
import { serve } from './live.js';
import type { InspectFlags } from './options.js';
import { openRecord } from './record.js';
import { remoteRoute } from './remote.js';
import { type Route, sessionRoutes } from './server.js';

/**
 * Serves the page until a signal stops it.
 * @returns rejects with Failure when there is nothing to show, or the server cannot listen on the address
 */
export const inspect = async (what: string, { listen, stanzas }: InspectFlags): Promise<void> => {
  const server = await serve(listen, [await routeOf(what, stanzas)]);
  const stopped = stopSignal();
  process.stdout.write(`smacks inspect: ${what} is shown at ${server.url}\n`);
  await stopped;
  await server.close();
};

const routeOf = async (what: string, stanzas: boolean): Promise<Route> =>
  /^https?:\/\//.test(what) ? remoteRoute(what) : sessionRoutes(await openRecord(what, stanzas));
