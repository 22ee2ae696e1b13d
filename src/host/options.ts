/** The options of a host. */

import type { Policy, Report, TraceLine } from '../index.js';
import type { Clock, SessionStore } from '../server.js';
import type { TlsIdentity } from '../transport-node.js';
import type { Account, Accounts } from './accounts.js';
import type { OnExpiry } from './expiry.js';
import type { Address } from './s2s/index.js';

export type { TlsIdentity } from '../transport-node.js';
export type { OnExpiry } from './expiry.js';
export type { Address } from './s2s/index.js';

export interface HostOptions {
  /** The domain of the host. Default localhost. */
  readonly domain?: string;
  /** The users and their passwords, or your own accounts, for example those of a directory service. */
  readonly accounts: readonly Account[] | Accounts;
  /** Rounds of PBKDF2 in the keys of the accounts, 1 or more. Default 4096, the least that RFC 7677 section 4 allows outside of tests. */
  readonly scramIterations?: number;
  /** Key and certificate in PEM: the host then offers STARTTLS. Direct TLS needs them. */
  readonly tls?: TlsIdentity;
  /** Every option of stream management; see docs/3-policy.md. */
  readonly policy?: Partial<Policy>;
  /** The treatment of the stanzas of a session that is over (M-3). Default offline. */
  readonly onExpiry?: OnExpiry;
  /** Default 10 a user (M-7). */
  readonly maxHibernatedSessions?: number;
  /** Default 10 a user (M-8). */
  readonly maxOldSessions?: number;
  /** Seconds for which the store remembers a final h. Default 48 hours. */
  readonly oldSessionLifetime?: number;
  /** Whether the host also reads `urn:xmpp:sm:2`, and answers in the same namespace. Default no. */
  readonly acceptSm2?: boolean;
  /** Seconds that a client may take to bind or resume. Default 30. */
  readonly negotiationTime?: number;
  /** Seconds of silence after which the host asks a client over TCP for an acknowledgement; 0 never. Default 120. */
  readonly probeIdle?: number;
  /** Connections that have not authenticated; a further one is dropped at once. Default 1000. */
  readonly maxUnauthenticated?: number;
  /** Bound resources, those of hibernating sessions included; a further one gets resource-constraint. Default 50 an account. */
  readonly maxResources?: number;
  /** Messages in the offline storage of an account. Default: twice `maxQueueStanzas`, which is the most that a queue may hold. */
  readonly maxOfflineMessages?: number;
  /** Bytes of these messages. Default: twice `maxQueueBytes`, and 256 for each message, because stored messages get a delay stamp. */
  readonly maxOfflineBytes?: number;
  /** Push notifications (XEP-0357) for clients that enable them. Default no. */
  readonly push?: boolean;
  /** Seconds for which a session with push notifications is kept, unless its client asked for less than `hibernationTime`. Default 72 hours. */
  readonly pushHibernationTime?: number;
  /**
   * Traffic with other servers (M-9), which only dialback protects: for loopback and trusted networks. `peers` says where the
   * servers of other domains are, because this host does not use DNS; the host reaches no other domain. Off by default.
   */
  readonly s2s?: { readonly peers: Readonly<Record<string, Address>> };
  /** A store to use in place of the store in memory. The limits of old and hibernating sessions are then the limits of this store. */
  readonly store?: SessionStore;
  readonly clock?: Clock;
  /**
   * Every step of every session; `session` is the full JID once there is one, and `run` the number of the connection that the
   * session began with: a session that is resumed on another connection goes on in the run of that connection. A session between
   * servers is named `from->to`, and has one run when we opened the stream. SM-IDs are shortened.
   */
  readonly trace?: (line: TraceLine & { readonly session: string; readonly run: number }) => void;
  /** Every report of every session (M-4). */
  readonly onEvent?: (event: { readonly session: string; readonly report: Report }) => void;
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (XEP-0368, or `wss:`) instead of STARTTLS. */
  readonly direct?: boolean;
  /** XMPP over WebSocket (RFC 7395) at the path `/xmpp-websocket`. It needs the package `ws`. */
  readonly websocket?: boolean;
  /** Seconds between pings on a WebSocket; when a client has not answered a ping by the next ping, its connection counts as lost. Default 60. */
  readonly pingInterval?: number;
  /** Accepts other servers instead of clients; it needs the option `s2s`. */
  readonly s2s?: boolean;
}
