/** The rule by which a store answers `<resume/>`: every store has the same one. */
import { checkH } from './h.js';
import { type Session, sent } from './session.js';
import type { Uint32 } from './uint32.js';

/** What the h of a claim means for a session. */
export type ClaimAnswer =
  /** The session can move to the link that claims it. */
  | { readonly type: 'legal' }
  /** The h is below the peer's last h: stanzas after it are no longer in the queue. `h` is our h of the session. */
  | { readonly type: 'stale'; readonly h: Uint32 }
  /** The h covers stanzas that no link carried. `sendCount` is how many stanzas links carried, modulo 2^32. */
  | { readonly type: 'tooHigh'; readonly sendCount: Uint32 }
  /** The session comes from a record, and the peer has more than the record knows: the session cannot go on (law 9). */
  | { readonly type: 'outdated' };

/** @param h the h of `<resume/>` */
export const judgeClaim = (session: Session, h: Uint32): ClaimAnswer => {
  switch (checkH(session, h)) {
    case 'stale':
      return { type: 'stale', h: session.handled };
    case 'tooHigh':
      return { type: 'tooHigh', sendCount: sent(session) };
    case 'beyondRecord':
      return { type: 'outdated' };
    default:
      return { type: 'legal' };
  }
};
