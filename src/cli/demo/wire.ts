import { setTimeout as delay } from 'node:timers/promises';
import type { CuttingProxy, ProxiedLink } from '../../testing/cutting-proxy.js';
import type { PlannedCut } from './cuts.js';

/**
 * Chooses the link of a client to cut. No link is cut twice. A half-open cut takes only a link with a managed session,
 * because only stream management notices the silence.
 */
export interface Wire {
  /** Tells the wire that the session is now on the newest link. */
  live(): void;
  /**
   * Waits until there is a link that this cut can be made on, and cuts the link; rejects when `signal` aborts.
   * @returns true when the session was on the link; false when the session was still opening there, with nothing to
   * resume
   */
  cut(planned: PlannedCut, signal: AbortSignal): Promise<boolean>;
}

export const watchWire = (proxy: Pick<CuttingProxy, 'connections' | 'cut'>): Wire => {
  const spent = new WeakSet<ProxiedLink>();
  let managed: ProxiedLink | undefined;

  const candidate = ({ cut }: PlannedCut): ProxiedLink | undefined => {
    const newest = proxy.connections.at(-1);
    if (newest === undefined || spent.has(newest)) return undefined;
    return cut.how !== 'half-open' || newest === managed ? newest : undefined;
  };

  return {
    live() {
      managed = proxy.connections.at(-1);
    },
    async cut(planned, signal) {
      for (let isDue = true; ; isDue = false) {
        signal.throwIfAborted();
        const link = candidate(planned);
        if (link === undefined) await delay(POLLING, undefined, { signal });
        else {
          if (!isDue) await delay(planned.linger, undefined, { signal });
          spent.add(link);
          if (await proxy.cut(link, planned.cut)) return link === managed;
        }
      }
    },
  };
};

/** Milliseconds between two looks for a link. */
const POLLING = 5;
