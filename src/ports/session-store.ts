/**
 * Where a server keeps its resumable sessions, so that another link can find them.
 *
 * A session's value stays with whoever runs it, its holder. The store knows the holder under the owner and the SM-ID,
 * makes a claim atomic, limits what one owner can pin, and remembers the h of sessions that are over.
 * `smacks/testing` has a contract that any store can run.
 */
import type { ClaimAnswer } from '../core/effects.js';
import type { Uint32 } from '../core/uint32.js';

/** Whoever runs a session now. */
export interface Holder {
  /**
   * Another link claims the session with this h. The holder lets the session itself judge, and has given it up when the
   * verdict is `claimed`.
   * @returns undefined when there is no session any more
   */
  surrender(h: Uint32): Promise<ClaimAnswer | undefined>;
  /** The owner has too many hibernating sessions: end this one and return its stanzas. */
  evict(): void;
}

/** The answer to a claim. */
export type Claim =
  | ClaimAnswer
  /** No such session under this owner; also the answer for another owner's. */
  | { readonly type: 'unknown' }
  /** The session is over; this was its last h. */
  | { readonly type: 'expired'; readonly h: Uint32 }
  /** Another claim of it is under way: exactly one wins. */
  | { readonly type: 'conflict' };

/** Every method rejects only when the storage fails; nothing has changed then. */
export interface SessionStore {
  /** Keeps a live session. An SM-ID is never saved twice. */
  save(owner: string, smId: string, holder: Holder): Promise<void>;
  /** Gets a session for another holder, atomically. `at` is now, in milliseconds since the Unix epoch. */
  claim(owner: string, smId: string, h: Uint32, holder: Holder, at: number): Promise<Claim>;
  /**
   * The session lost its link and counts against its owner's limit from now on. The oldest give way.
   * @returns the SM-IDs of the sessions that were evicted
   */
  hibernate(owner: string, smId: string): Promise<readonly string[]>;
  /** The session is over; its h stays readable until it is too old or there are too many (M-8). */
  expire(owner: string, smId: string, h: Uint32, at: number): Promise<void>;
  /** The session is over, and nobody needs its h. Unknown sessions are fine. */
  forget(owner: string, smId: string): Promise<void>;
}
