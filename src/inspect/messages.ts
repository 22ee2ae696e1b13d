/**
 * The messages of the inspector's server to its page: plain JSON, bounded, and without the content of stanzas unless
 * the user asks for it.
 */

export type Role = 'client' | 'server';

/** The status of a session, in the words of `session.status`. The page shows fewer of them. */
export type Status = 'negotiating' | 'enabled' | 'unmanaged' | 'hibernating' | 'ended';

/** A session in the list. */
export interface Summary {
  /** The id of the session while the inspector follows it. The session keeps the id when it moves to another link. */
  readonly id: number;
  /** The name of the session's owner, as far as it is known: a full JID when there is one. */
  readonly name: string;
  readonly role: Role;
  readonly status: Status;
  /** The active leaf states, joined by ' & '. */
  readonly configuration: string;
  readonly unacked: number;
  /** The number of steps of the session. */
  readonly steps: number;
}

/** The changes of the list since the last such message. */
export interface ListMessage {
  /** True for the first message of a connection: the page forgets what it knew before. */
  readonly anew: boolean;
  /** The number of steps of all sessions. */
  readonly steps: number;
  /** The number of lines of a record; null while sessions run. */
  readonly of: number | null;
  readonly sessions: readonly Summary[];
  readonly gone: readonly number[];
}

/** The details of a session. */
export interface DetailMessage extends Summary {
  /** The time in milliseconds since the Unix epoch, by the clock of the timers. */
  readonly now: number;
  readonly counters: Counters;
  /** The deadlines in milliseconds since the Unix epoch; null for a timer that does not run. */
  readonly timers: Readonly<Record<string, number | null>>;
  /** The oldest unacknowledged stanzas, up to a limit. */
  readonly queue: readonly QueuedStanza[];
  /** The wire log: the steps since the last message, oldest first. */
  readonly log: readonly LoggedStep[];
  /** The number of lines of a record; null while the session runs. */
  readonly of: number | null;
  /** The place where the charts and the record disagree, in words; null when they agree. */
  readonly disagreement: string | null;
}

/** The counters as the specification counts them: modulo 2^32. */
export interface Counters {
  readonly received: number;
  readonly handled: number;
  readonly sent: number;
  readonly acked: number;
  /** The number of stanzas in the queue, and the number of them that were written to a link. */
  readonly unacked: number;
  readonly written: number;
  /** The size of the queue in bytes. */
  readonly size: number;
}

export interface QueuedStanza {
  readonly kind: string;
  readonly type: string;
  /** The time when the stanza was first handed over for sending. */
  readonly at: number;
  readonly written: boolean;
  /** The size in characters. */
  readonly size: number;
  /** The content; null when content is not shown. */
  readonly xml: string | null;
}

/** An event and all its results. */
export interface LoggedStep {
  /** The number of the step in its session, from 1. */
  readonly number: number;
  readonly at: number;
  readonly event: string;
  /** The content of the event, in words. */
  readonly about: string;
  /** The transitions taken, each with the state that defines it; empty when the event came too late. */
  readonly taken: readonly {
    readonly state: string;
    readonly guard: string | null;
    readonly clauses: readonly string[];
  }[];
  readonly left: readonly string[];
  readonly entered: readonly string[];
  readonly effects: readonly string[];
}

/** The texts and charts that the page draws and explains. They come from the charts. */
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
  /** The path of the target state; null when the transition stays. */
  readonly target: string | null;
  readonly actions: readonly string[];
  readonly clauses: readonly string[];
}
