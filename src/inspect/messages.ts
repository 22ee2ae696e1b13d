/** What the inspector's server tells its page: plain JSON, bounded, and without the content of stanzas unless it was asked for. */

export type Role = 'client' | 'server';

/**
 * Where a session stands, in one word: `opening` until stream management is on, then `managed`; or `unmanaged`, on a stream that goes
 * on without it.
 */
export type Status = 'opening' | 'managed' | 'unmanaged' | 'hibernating' | 'over';

/** A session in the list. */
export interface Summary {
  /** Names the session for as long as it is inspected, also when it moves to another link. */
  readonly id: number;
  /** Whose it is, as far as that is known: a full JID, once there is one. */
  readonly name: string;
  readonly role: Role;
  readonly status: Status;
  /** The active leaf states, joined by ' & '. */
  readonly configuration: string;
  readonly unacked: number;
  /** How many steps it has made. */
  readonly steps: number;
}

/** What changed in the list since the last such message. */
export interface ListMessage {
  /** The first one after a connection: what was known before is void. */
  readonly anew: boolean;
  /** How many steps all sessions have made. */
  readonly steps: number;
  /** Of a record: how many lines it has; null while sessions run. */
  readonly of: number | null;
  readonly sessions: readonly Summary[];
  readonly gone: readonly number[];
}

/** One session. */
export interface DetailMessage extends Summary {
  /** Milliseconds since the Unix epoch, by the clock that the timers go by. */
  readonly now: number;
  readonly counters: Counters;
  /** Deadlines, in milliseconds since the Unix epoch; null when not running. */
  readonly timers: Readonly<Record<string, number | null>>;
  /** The oldest stanzas that are unacknowledged, up to a limit. */
  readonly queue: readonly QueuedStanza[];
  /** The wire log: steps that are newer than the last message's, oldest first. */
  readonly log: readonly LoggedStep[];
  /** Of a record: how many lines it has; null while the session runs. */
  readonly of: number | null;
  /** The charts do otherwise than the record says: where, in words. Null when they agree. */
  readonly disagreement: string | null;
}

/** As the specification counts: modulo 2^32. */
export interface Counters {
  readonly received: number;
  readonly handled: number;
  readonly sent: number;
  readonly acked: number;
  /** Stanzas: in the queue, and those of them that were written to a link. */
  readonly unacked: number;
  readonly written: number;
  /** Characters of XML in the queue. */
  readonly size: number;
}

export interface QueuedStanza {
  readonly kind: string;
  readonly type: string;
  /** When it was first given to be sent. */
  readonly at: number;
  readonly written: boolean;
  /** Characters. */
  readonly size: number;
  /** Null where content is not shown. */
  readonly xml: string | null;
}

/** One event and all it did. */
export interface LoggedStep {
  /** Counts the steps of its session, from 1. */
  readonly number: number;
  readonly at: number;
  readonly event: string;
  /** What the event carries, in words. */
  readonly about: string;
  /** The transitions taken, each by the state that defines it; none when the event came too late. */
  readonly taken: readonly {
    readonly state: string;
    readonly guard: string | null;
    readonly clauses: readonly string[];
  }[];
  readonly left: readonly string[];
  readonly entered: readonly string[];
  readonly effects: readonly string[];
}

/** What the page draws and explains: made of the charts. */
export interface Pictures {
  readonly charts: Readonly<Record<Role, ChartState>>;
  /** What happens at the end of each timer, in a few words. */
  readonly timers: Readonly<Record<string, string>>;
  readonly clauses: Readonly<
    Record<string, { readonly section: string; readonly level: string; readonly text: string }>
  >;
}

export interface ChartState {
  /** The keys from the root, joined by dots; '' for the chart itself. */
  readonly path: string;
  readonly key: string;
  readonly description: string;
  readonly clauses: readonly string[];
  readonly initial: string | null;
  readonly parallel: boolean;
  readonly states: readonly ChartState[];
  readonly transitions: readonly ChartTransition[];
}

export interface ChartTransition {
  readonly event: string;
  readonly guard: string | null;
  /** The path of the state that it leads to; null when it stays. */
  readonly target: string | null;
  readonly actions: readonly string[];
  readonly clauses: readonly string[];
}
