/** What a number on the wire means. */
import type { Core } from './model.js';

const ROUND = 2 ** 32;

/** An unbounded counter as it is written. */
export const onWire = (count: number) => ((count % ROUND) + ROUND) % ROUND;

export type Verdict =
  | { readonly legal: true; readonly count: number }
  | { readonly legal: false; readonly tooHigh: boolean };

/**
 * An h is legal when it covers no more than what some link carried (section 4 of the design). An h that is not legal is stale when the
 * peer can have sent it earlier in this session, and half a round of the counter is as far as it can look back.
 */
export const judge = (core: Core, h: number): Verdict => {
  const forward = onWire(h - core.acked);
  if (forward <= core.written) return { legal: true, count: forward };
  const backward = onWire(core.acked - h);
  return { legal: false, tooHigh: backward > Math.min(core.acked - core.ackedFrom, ROUND / 2) };
};

/** How many stanzas of the queue an h covers; null when it says nothing. */
export const coveredBy = (core: Core, h: number): number | null => {
  const verdict = judge(core, h);
  if (verdict.legal) return verdict.count;
  return verdict.tooHigh && core.restored ? core.written : null;
};

export const sendCount = (core: Core) => core.acked + core.written;
