/** The one rule for every h: in `<a/>`, `<resume/>`, `<resumed/>` and `<failed/>`, and in a store's claim. */
import type { Session } from './session.js';
import { span, type Uint32 } from './uint32.js';

/**
 * What an h says about a session.
 * - `legal` covers stanzas that some link carried, or repeats the last h
 * - `stale` is below an h that the peer gave before
 * - `tooHigh` covers stanzas that no link carried
 * - `missing` the element has no h, or the h is no unsignedInt
 */
export type HCheck = 'legal' | 'stale' | 'tooHigh' | 'missing';

/** One comparison modulo 2^32 covers wrap, repeat, stale and too high alike. */
export const checkH = (session: Session, h: Uint32 | undefined): HCheck => {
  if (h === undefined) return 'missing';
  if (span(session.acked, h) <= session.written) return 'legal';
  return span(h, session.acked) <= session.totalAcked ? 'stale' : 'tooHigh';
};
