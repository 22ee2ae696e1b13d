/**
 * The world that is explored: a client, the server sessions that exist, their connections, the store and the applications at both ends.
 * A world is plain data, and so is everything in it.
 */
import type {
  Nonza,
  Policy,
  Role,
  Session,
  SessionRecord,
  SmNamespace,
  State,
  StreamErrorCondition,
  TimerName,
  Uint32,
} from '../../index.js';

/** The name of a stanza: `c0` is the first stanza of the client's application, `s0` that of the server's. */
export type Key = string;

/** An element on the wire. */
export type Item =
  | { readonly type: 'stanza'; readonly key: Key }
  | { readonly type: 'nonza'; readonly nonza: Nonza; readonly xmlns: SmNamespace }
  /** A request of the embedder whose answer the embedder takes itself: it is no answer to anything else. */
  | { readonly type: 'stray'; readonly nonza: Nonza }
  | { readonly type: 'bind' }
  /** SASL2: the authentication request and its answer, with the elements that they carry. */
  | { readonly type: 'login'; readonly resume: Nonza | null; readonly enable: Nonza | null }
  | {
      readonly type: 'success';
      readonly resumption: Nonza | null;
      readonly bound: Nonza | null;
      readonly isBound: boolean;
    }
  | { readonly type: 'error'; readonly condition: StreamErrorCondition }
  | { readonly type: 'end' };

/** One connection. Each end closes on its own; a connection with two closed ends is gone. */
export interface Connection {
  /** The epoch at the client. At the server it is 1, because each connection has its own server session. */
  readonly epoch: number;
  readonly isInline: boolean;
  readonly up: readonly Item[];
  readonly down: readonly Item[];
  readonly clientOpen: boolean;
  readonly serverOpen: boolean;
  /** The connection is lost, and an open end has not heard of it. */
  readonly isCut: boolean;
  /** The server's answer to a SASL2 request, while the store is asked for a part of it. */
  readonly answer: InlineAnswer | null;
  /** How many answers to stray requests will come. */
  readonly strays: number;
}

export interface InlineAnswer {
  readonly stage: 'resuming' | 'enabling';
  readonly enable: Nonza | null;
  readonly resumption: Nonza | null;
  readonly bound: Nonza | null;
  readonly behind: readonly Item[];
}

/** A stanza that arrived and was counted. `lost`: the process ended before the application had handled the stanza. */
export interface Taken {
  readonly key: Key;
  readonly status: 'delivered' | 'handled' | 'lost';
}

export interface Waiting {
  readonly key: Key;
  readonly position: number;
}

/** A running session with its application. */
export interface Actor {
  readonly state: State;
  /** The timers that the adapter has set. */
  readonly running: readonly TimerName[];
  /** The stanzas that the application has to handle. */
  readonly inbox: readonly Waiting[];
  /** The same of an earlier process. The application may name their positions by mistake. */
  readonly stale: readonly Waiting[];
  /** Every counted stanza of the session in the order of arrival: what h speaks about. */
  readonly taken: readonly Taken[];
  /** The application closed the session. */
  readonly isClosed: boolean;
}

export interface Client extends Actor {
  /** The epoch of the last connection. */
  readonly epoch: number;
  /** The record that an earlier moment left, where old records are explored. */
  readonly kept: Kept | null;
  /** The session continues from an old record, so the server may rightly have an h beyond it. */
  readonly isBehind: boolean;
}

export interface Kept {
  readonly record: SessionRecord;
  readonly taken: readonly Taken[];
}

export interface Server extends Actor {
  readonly connection: Connection | null;
  /** The SM-ID under which the store knows this session. */
  readonly smId: string | null;
  readonly question: Question | null;
  /** The store said that it failed, and yet this session is on its way to the server session. */
  readonly late: Session | null;
}

/** What the store is asked. */
export type Question =
  | { readonly type: 'save' }
  | { readonly type: 'claim'; readonly smId: string; readonly h: Uint32 };

/**
 * What is known of a stanza. Its sender has no answer about it yet, and the receiving application did not get it (`sent`), got it (`seen`)
 * or handled it (`handled`); or the sender has its answer, acknowledged or returned (`settled`). No rule asks which answer it was, so
 * histories with different answers come together. `unsure`: the sender went back to a record from before its answers.
 */
export type Account = 'sent' | 'seen' | 'handled' | 'settled' | 'unsure';

/** How often each thing may still happen. */
export interface Budget {
  readonly clientSends: number;
  readonly serverSends: number;
  readonly cuts: number;
  /** An application asks for an acknowledgement. */
  readonly requests: number;
  /** The store fails, and the server answers `<failed/>`. */
  readonly refusals: number;
  /** The store fails a claim, and gives the session later. */
  readonly lateAnswers: number;
  /** The store loses the end of a queue, and calls every later claim of the session too high. */
  readonly lostQueues: number;
  /** The time of a session is over that its client can still name, or the store evicts the session. */
  readonly expiries: number;
  /** A process ends, and a new one continues with the record of that moment. */
  readonly clientRestarts: number;
  readonly serverRestarts: number;
  /** After a restart the application names a position of the process before. */
  readonly staleWords: number;
  /** The client writes a record, and a restart may use it later. */
  readonly records: number;
  /** A `<failed/>` arrives with an h that is below the last one, or above all that was written. */
  readonly lies: number;
  /** The client writes an `<enable/>` of `urn:xmpp:sm:2` before it binds or resumes. */
  readonly strays: number;
  /** An application closes its session; a server says that it shuts down. */
  readonly closes: number;
  /** A client becomes inactive (XEP-0352). It may be active again at any time. */
  readonly inactivity: number;
}

export interface World {
  readonly client: Client;
  readonly servers: readonly Server[];
  readonly stanzas: { readonly [sender in Role]: readonly Account[] };
  /** The last h of each session that is over and that can still be named. */
  readonly old: Readonly<Record<string, Uint32>>;
  /** The SM-IDs whose claims the store calls too high from now on: the store lost the end of the queue. */
  readonly behind: readonly string[];
  readonly left: Budget;
}

export type Policies = { readonly [role in Role]: Policy };
