/** The one rule for every h: in `<a/>`, `<resume/>`, `<resumed/>` and `<failed/>`, and in a store's claim. */
import type { Session } from './session.js';
import { span, type Uint32 } from './uint32.js';

/**
 * What an h says about a session.
 * - `legal` the h is not below the peer's last h, and covers only stanzas that a link carried
 * - `stale` the h is below the peer's last h
 * - `beyondRecord` the session comes from a record, and the h covers stanzas that the record does not know of
 * - `tooHigh` the h covers stanzas that no link carried
 * - `missing` the element has no h, or its h is no unsignedInt
 */
export type HCheck = 'legal' | 'stale' | 'beyondRecord' | 'tooHigh' | 'missing';

/** Both comparisons are modulo 2^32, so they also hold after a counter has wrapped. */
export const checkH = (session: Session, h: Uint32 | undefined): HCheck => {
  if (h === undefined) return 'missing';
  if (span(session.acked, h) <= session.written) return 'legal';
  if (span(h, session.acked) <= session.totalAcked) return 'stale';
  return session.isRestored ? 'beyondRecord' : 'tooHigh';
};
