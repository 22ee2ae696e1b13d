/** What a number on the wire means. */
import type { Core } from './model.js';

const ROUND = 2 ** 32;

/** The part of a session that gives an h its meaning. */
export type Counted = Pick<Core, 'acked' | 'ackedFrom' | 'written' | 'handled' | 'restored'>;

/** An unbounded counter as it is written. */
export const onWire = (count: number) => ((count % ROUND) + ROUND) % ROUND;

export type Verdict =
  | { readonly legal: true; readonly count: number }
  | { readonly legal: false; readonly tooHigh: boolean };

/**
 * An h is legal when it covers no more than what some link carried (section 4 of the design). An h that is not legal is stale when the
 * peer can have sent it earlier in this session, and half a round of the counter is as far as it can look back.
 */
export const judge = (core: Counted, h: number): Verdict => {
  const forward = onWire(h - core.acked);
  if (forward <= core.written) return { legal: true, count: forward };
  const backward = onWire(core.acked - h);
  return { legal: false, tooHigh: backward > Math.min(core.acked - core.ackedFrom, ROUND / 2) };
};

/** How many stanzas of the queue an h covers; null when it says nothing. */
export const coveredBy = (core: Counted, h: number): number | null => {
  const verdict = judge(core, h);
  if (verdict.legal) return verdict.count;
  return verdict.tooHigh && core.restored ? core.written : null;
};

export const sendCount = (core: Counted) => core.acked + core.written;

/** What the store answers to a claim: the same rule for every store. */
export type ClaimVerdict =
  | { readonly type: 'legal' }
  | { readonly type: 'stale'; readonly h: number }
  | { readonly type: 'tooHigh'; readonly sendCount: number }
  /** The client has more than the record of this session knows (law 9). */
  | { readonly type: 'outdated' };

export const judgeClaim = (core: Counted, h: number): ClaimVerdict => {
  const verdict = judge(core, h);
  if (verdict.legal) return { type: 'legal' };
  if (!verdict.tooHigh) return { type: 'stale', h: onWire(core.handled) };
  return core.restored ? { type: 'outdated' } : { type: 'tooHigh', sendCount: onWire(sendCount(core)) };
};
