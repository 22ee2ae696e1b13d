import { setTimeout as delay } from 'node:timers/promises';
import type { CuttingProxy, ProxiedLink } from '../../testing/cutting-proxy.js';
import type { PlannedCut } from './cuts.js';

/** Knows which of a client's links may be cut: none twice, and silence only where stream management will notice it. */
export interface Wire {
  /** The session is on the newest link now. */
  live(): void;
  /**
   * Cuts, as soon as there is a link that this cut can be made on; rejects when `signal` aborts.
   * @returns whether the session was on that link: if not, it was still being opened, and there was nothing to resume on it
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

/** Milliseconds. */
const POLLING = 5;
