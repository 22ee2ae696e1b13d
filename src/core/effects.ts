/**
 * Effects are orders to the adapter, the code between the core and the connection. The adapter carries them out in order. An effect for a
 * connection carries the `epoch` of the connection; the adapter drops the effect when it has another connection.
 */
import type { LocalMisuse, PeerViolation, StanzaErrorCondition, StoreFault, ToleratedViolation } from './failures.js';
import type { Nonza, SmNamespace } from './nonzas.js';
import type { TimerName } from './session.js';
import type { Uint32 } from './uint32.js';
import type { Entry } from './unacked.js';

interface OnLink {
  readonly epoch: number;
}

/** Orders for the connection. */
export type LinkEffect =
  | (OnLink & { readonly type: 'write'; readonly nonza: Nonza; readonly xmlns: SmNamespace })
  /** Put this element inside the request by which the client authenticates (SASL2). */
  | (OnLink & { readonly type: 'carry'; readonly nonza: Nonza; readonly xmlns: SmNamespace })
  /** Write this XML: a stanza, or an element that is never counted. */
  | (OnLink & { readonly type: 'transmit'; readonly xml: string })
  /** Write these stanzas, in order. */
  | (OnLink & { readonly type: 'replay'; readonly stanzas: readonly Entry[] })
  | (OnLink & { readonly type: 'stream.error'; readonly violation: PeerViolation })
  /** `graceful`: close the stream and flush. Otherwise destroy the connection at once, and send the event `link.lost`. */
  | (OnLink & { readonly type: 'link.close'; readonly graceful: boolean });

/** Deliver the stanza that was just parsed. `position` names it in `app.handled`: from 1 on, never used twice, null when it is not counted. */
export interface DeliverEffect {
  readonly type: 'deliver';
  readonly position: number | null;
}

export type TimerEffect =
  /** Send the event `timer.<timer>` at `deadline` (milliseconds since the Unix epoch). An earlier deadline of this timer is replaced. */
  | { readonly type: 'timer.set'; readonly timer: TimerName; readonly deadline: number }
  | { readonly type: 'timer.clear'; readonly timer: TimerName };

/** Orders for the store. A comment names the events with which the store answers, if it answers. */
export type StoreEffect =
  /** Keep this session under a new SM-ID. Answers: `store.saved` or `store.failed`. */
  | { readonly type: 'store.save'; readonly owner: string }
  /** Claim this session for this link. Answers: `store.claimed`, or `unknown`, `expired`, `stale`, `tooHigh`, `taken`, `failed`. */
  | { readonly type: 'store.claim'; readonly owner: string; readonly smId: string; readonly h: Uint32 }
  /** The session lost its link, and counts against its owner's limit from now on. */
  | { readonly type: 'store.hibernate'; readonly owner: string; readonly smId: string }
  /** The session is over: keep its h, and forget the rest. */
  | { readonly type: 'store.expire'; readonly owner: string; readonly smId: string; readonly h: Uint32 }
  /** The session is over: forget it. */
  | { readonly type: 'store.forget'; readonly owner: string; readonly smId: string };

/** A stanza that the session gives back. `written` is true when a link carried it, so it may have arrived. */
export interface Returned extends Entry {
  readonly written: boolean;
}

/**
 * Why the session gives stanzas back.
 * - `queueFull` the queue had no room for the stanza, so the session did not take it
 * - `overflow` the queue stayed at its limit until the grace period was over, or passed it without a link
 * - `expired` no client resumed the session in time
 * - `evicted` the session's owner had too many hibernating sessions, and this one was the oldest
 * - `resumptionFailed` the server refused to resume the session, or the client went on without it
 * - `storeFault` the store gave the session that the stanza waits in when no claim waited for it
 * - `lost` the link broke and the session cannot be resumed
 * - `violation` the peer broke the protocol
 * - `closed` the stream was closed, or the session was over already
 * - `unmanaged` the stanza was written to a stream without stream management, so no acknowledgement will come
 */
export type ReturnReason =
  | 'queueFull'
  | 'overflow'
  | 'expired'
  | 'evicted'
  | 'resumptionFailed'
  | 'lost'
  | 'storeFault'
  | 'violation'
  | 'closed'
  | 'unmanaged';

/** What the session tells the embedder. */
export type Report =
  /**
   * Stream management is on. `max`: seconds for which the session can be resumed after a loss, 0 when it cannot (E-5, E-6).
   * `location`: the address at which to reconnect first (E-7).
   */
  | { readonly type: 'enabled'; readonly resumable: boolean; readonly max: number; readonly location: string | null }
  /** `<failed/>` answered a request: the server refused ours, or we refused the client's. `state`, in every report, names the active states. */
  | { readonly type: 'refused'; readonly condition: StanzaErrorCondition | null; readonly state: string }
  /** The peer has handled these stanzas, the oldest first; they left the queue. */
  | { readonly type: 'acknowledged'; readonly stanzas: readonly Entry[] }
  /** The session gives these stanzas up, the oldest first: the embedder decides what becomes of them. */
  | { readonly type: 'returned'; readonly reason: ReturnReason; readonly stanzas: readonly Returned[] }
  /** The answer to `<r/>` is late (M-6). `stanzas` is the whole queue, oldest first; `unacked` is its length. */
  | { readonly type: 'ackDelayed'; readonly unacked: number; readonly stanzas: readonly Entry[] }
  /** The session has lost its link and hibernates. `until` is a time in milliseconds since the Unix epoch. */
  | {
      readonly type: 'hibernationStart';
      readonly until: number;
      readonly unacked: number;
      readonly stanzas: readonly Entry[];
    }
  /** The hibernating session took a stanza into its queue: a push service can wake the client (M-4). */
  | { readonly type: 'stanzaQueued'; readonly stanza: Entry }
  /** The session no longer hibernates: it is resumed, or it ends (M-4). */
  | { readonly type: 'hibernationEnd'; readonly resumed: boolean }
  /** The session is resumed. The peer has handled `acknowledged` stanzas of the queue; the other `replayed` stanzas are written. */
  | { readonly type: 'resumed'; readonly acknowledged: number; readonly replayed: number }
  /** The server did not resume the session; the stream goes on. `h`: what the server had handled, if it says so. */
  | {
      readonly type: 'resumptionFailed';
      readonly condition: StanzaErrorCondition | null;
      readonly h: Uint32 | null;
      readonly state: string;
    }
  /** Client: the time of `max` is over. The server may still have the session, so the next login asks for it (design law 10). */
  | { readonly type: 'overdue' }
  /** Server: no client resumed the session in time: it ends (M-1, M-2). */
  | { readonly type: 'expired' }
  /** The owner has too many hibernating sessions, and this one is the oldest: it ends (M-7). */
  | { readonly type: 'evicted' }
  /** Another connection resumed the session, and its session object has the queue now: this one is over. */
  | { readonly type: 'superseded' }
  /** The queue has reached 80 % of its limit, or the limit (`full`). `unacked`: its stanzas; `size`: their bytes (M-10). */
  | { readonly type: 'queuePressure'; readonly unacked: number; readonly size: number; readonly full: boolean }
  /** The peer broke the protocol, and the stream ends. */
  | { readonly type: 'violation'; readonly failure: PeerViolation; readonly state: string }
  /** The peer broke the protocol without harm: nothing changes, and the stream goes on. */
  | { readonly type: 'toleratedViolation'; readonly failure: ToleratedViolation; readonly state: string }
  /** The embedder did something that has no meaning in this state; nothing changes. */
  | { readonly type: 'misuse'; readonly failure: LocalMisuse }
  /** The store failed; a request that waited for it is refused. */
  | { readonly type: 'storeFault'; readonly failure: StoreFault; readonly state: string }
  /** The session is over. Only stanzas that the embedder sends later are still reported, as `returned`. */
  | { readonly type: 'ended' };

export interface ReportEffect {
  readonly type: 'report';
  readonly report: Report;
}

export type Effect = LinkEffect | DeliverEffect | TimerEffect | StoreEffect | ReportEffect;
