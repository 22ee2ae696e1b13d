import type { Checking } from './late-accounts.js';
import type { Weather } from './late-store.js';

/** What the host says about itself when it is asked. */
export interface Sample {
  /** Bytes in use behind a full garbage collection: the heap, and what it holds outside. */
  readonly memory: number;
  /** Bytes, as the operating system counts. */
  readonly rss: number;
  /** Milliseconds of computing since the process began. */
  readonly cpu: number;
  /** Entries of the session store. */
  readonly store: { readonly live: number; readonly hibernating: number; readonly remembered: number };
  /** Running sessions that something still holds. */
  readonly running: number;
  /** TCP sockets, those that listen left out. */
  readonly sockets: number;
  /** How often a session's queue reached its limit, so that its senders had to wait. */
  readonly full: number;
  /** Reports of all sessions, by name. */
  readonly reports: Readonly<Record<string, number>>;
}

/** What the parent tells the host's process to begin with. */
export interface Start extends Weather, Checking {
  readonly users: readonly { readonly user: string; readonly password: string }[];
  readonly websocket: boolean;
  /** Of the delays and failures of the store and of the password checks. */
  readonly seed: number;
}

/** To the host's process. */
export type Request = { readonly start: Start } | 'sample' | 'close';

/** From it, one for each request. */
export type Answer = { readonly port: number } | Sample | 'closed';
