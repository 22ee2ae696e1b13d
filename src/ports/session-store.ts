/**
 * The store of a server's resumable sessions, so that another link can find them.
 *
 * A session stays with the object that runs it, and the store reads its value there. The store finds the session by the owner and the
 * SM-ID, answers a claim by the rule of the core (`judgeClaim`), gives the session to the link that claimed it last, limits the number of
 * sessions of one owner, and remembers the last h of ended sessions. `smacks/testing` has contract tests for every store.
 */
import type { ClaimAnswer } from '../core/claim.js';
import type { Session } from '../core/session.js';
import type { Uint32 } from '../core/uint32.js';

/** An object that runs a session, or waits for the session that it claimed. */
export interface Running {
  /** The value of the session at this moment. Its SM-ID is another one until the session that was claimed is here. */
  readonly state: { readonly session: Session };
  /** Another link has the session with this SM-ID from now on. */
  taken(smId: string): void;
  /** A client asked for the session with an h beyond its record: the session cannot go on. */
  outdated(): void;
  /** The owner has too many hibernating sessions: end this one and return its stanzas. */
  evict(): void;
}

/** The answer to a claim. */
export type Claim =
  /** The session at the moment of the claim. Its former holder is superseded. */
  | { readonly type: 'claimed'; readonly session: Session }
  | Extract<ClaimAnswer, { type: 'stale' | 'tooHigh' }>
  /** This owner has no such session; the answer for a session of another owner is the same. */
  | { readonly type: 'unknown' }
  /** The session is over; this was its last h. */
  | { readonly type: 'expired'; readonly h: Uint32 };

/** Every method rejects only when the storage fails; the store is unchanged then. */
export interface SessionStore {
  /** Keeps a live session. An SM-ID is never saved twice. */
  save(owner: string, smId: string, running: Running): Promise<void>;
  /**
   * Gives the session to the link that claims it, at once: of several claims the last one has it, and the others hear `taken`.
   *
   * @param running the object that claims the session
   * @param at the present time, in milliseconds since the Unix epoch
   */
  claim(owner: string, smId: string, h: Uint32, running: Running, at: number): Promise<Claim>;
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
