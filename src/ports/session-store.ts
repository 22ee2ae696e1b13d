/**
 * The store of a server's resumable sessions, so that another link can find them.
 *
 * The value of a session stays with its holder, the object that runs the session. The store finds the holder by the owner and the
 * SM-ID, makes a claim atomic, limits the number of sessions of one owner, and remembers the last h of ended sessions.
 * `smacks/testing` has contract tests for every store.
 */
import type { ClaimAnswer } from '../core/effects.js';
import type { Uint32 } from '../core/uint32.js';

/** The object that runs a session now. */
export interface Holder {
  /**
   * Another link claims the session with this h. The session answers; with the answer `claimed` the holder has given
   * up the session.
   * @returns undefined when the session no longer exists
   */
  surrender(h: Uint32): Promise<ClaimAnswer | undefined>;
  /** The owner has too many hibernating sessions: end this one and return its stanzas. */
  evict(): void;
}

/** The answer to a claim. */
export type Claim =
  | ClaimAnswer
  /** This owner has no such session; the answer for a session of another owner is the same. */
  | { readonly type: 'unknown' }
  /** The session is over; this was its last h. */
  | { readonly type: 'expired'; readonly h: Uint32 }
  /** Another claim of this session is under way: exactly one claim succeeds. */
  | { readonly type: 'conflict' };

/** Every method rejects only when the storage fails; the store is unchanged then. */
export interface SessionStore {
  /** Keeps a live session. An SM-ID is never saved twice. */
  save(owner: string, smId: string, holder: Holder): Promise<void>;
  /** Moves a session to another holder, atomically. `at` is the present time, in milliseconds since the Unix epoch. */
  claim(owner: string, smId: string, h: Uint32, holder: Holder, at: number): Promise<Claim>;
  /**
   * The session lost its link and now counts for its owner's limit. Above the limit the store evicts the oldest sessions.
   * @returns the SM-IDs of the evicted sessions
   */
  hibernate(owner: string, smId: string): Promise<readonly string[]>;
  /** The session is over; the store keeps its h until the h is too old or the owner has too many (M-8). */
  expire(owner: string, smId: string, h: Uint32, at: number): Promise<void>;
  /** The session is over, and its h is not needed. An unknown session is no error. */
  forget(owner: string, smId: string): Promise<void>;
}
