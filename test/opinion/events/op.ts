/**
 * One move of a random history. It names numbers relative to the state that it meets, so that it still means something when moves before it
 * are left out.
 */
import type { SmEvent } from '../../../src/index.js';

export interface Donor {
  readonly owner: string;
  readonly smId: string;
  readonly sent: number;
  readonly acked: number;
  readonly received: number;
  readonly handled: number;
  /** Stanzas that no link carried yet. */
  readonly later: number;
  /** The last stanza is handled before others. */
  readonly last?: boolean;
  /** The link of the session is still there. */
  readonly live?: boolean;
  /** The session comes from a record. */
  readonly restored?: boolean;
}

export interface Op {
  readonly id: number;
  readonly type: SmEvent['type'] | 'restart';
  /** Milliseconds since the move before. */
  readonly dt: number;
  readonly at?: 'NaN' | 'absent' | 'Infinity';
  readonly epoch?: 'old' | 'zero' | 'next' | 'half' | 'absent';
  /** A field that holds nothing of use. */
  readonly without?: 'stanza' | 'owner' | 'smId' | 'h' | 'sendCount';
  /** A number relative to what the session expects: an h, a position. */
  readonly by?: number;
  /** A timer fires when it is due, not before. */
  readonly due?: boolean;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly donor?: Donor;
}

export interface History {
  readonly role: 'client' | 'server';
  readonly policy: Readonly<Record<string, unknown>>;
  readonly ops: readonly Op[];
}
