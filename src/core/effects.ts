/**
 * Effects are imperatives for the adapter, which carries them out in order. Effects for a connection carry its `epoch`; the adapter drops
 * them when it has another connection by then.
 */
import type { LocalMisuse, PeerViolation, StanzaErrorCondition, StoreFault, ToleratedViolation } from './failures.js';
import type { Nonza, SmNamespace } from './nonzas.js';
import type { Session, TimerName } from './session.js';
import type { Uint32 } from './uint32.js';
import type { Entry } from './unacked.js';

interface OnLink {
  readonly epoch: number;
}

/** For the connection. */
export type LinkEffect =
  | (OnLink & { readonly type: 'write'; readonly nonza: Nonza; readonly xmlns: SmNamespace })
  /** Put this element inside the request by which the client authenticates (SASL2). */
  | (OnLink & { readonly type: 'carry'; readonly nonza: Nonza; readonly xmlns: SmNamespace })
  /** Write this XML: a stanza, or an element that is never counted. */
  | (OnLink & { readonly type: 'transmit'; readonly xml: string })
  /** Write these stanzas, in order. */
  | (OnLink & { readonly type: 'replay'; readonly stanzas: readonly Entry[] })
  | (OnLink & { readonly type: 'stream.error'; readonly violation: PeerViolation })
  /** `graceful`: close the stream and flush. Otherwise destroy the connection at once and report `link.lost`. */
  | (OnLink & { readonly type: 'link.close'; readonly graceful: boolean });

/** Deliver the stanza that was just parsed. `position` names it in `app.handled`: 1 or more, never given twice; null when it is not counted. */
export interface DeliverEffect {
  readonly type: 'deliver';
  readonly position: number | null;
}

export type TimerEffect =
  /** Send `timer.<timer>` at `deadline` (milliseconds since the Unix epoch), in place of an earlier deadline. */
  | { readonly type: 'timer.set'; readonly timer: TimerName; readonly deadline: number }
  | { readonly type: 'timer.clear'; readonly timer: TimerName };

/** For the session store. Each comment names the events with which the store answers. */
export type StoreEffect =
  /** Keep this session under a new SM-ID: `store.saved` or `store.failed`. */
  | { readonly type: 'store.save'; readonly owner: string }
  /** Get a session: `store.claimed unknown expired stale tooHigh conflict failed`. */
  | { readonly type: 'store.claim'; readonly owner: string; readonly smId: string; readonly h: Uint32 }
  /** The session lost its link, and counts against its owner's limit from now on. */
  | { readonly type: 'store.hibernate'; readonly owner: string; readonly smId: string }
  /** The session is over: keep its h, forget the rest. */
  | { readonly type: 'store.expire'; readonly owner: string; readonly smId: string; readonly h: Uint32 }
  /** The session is over: forget it. */
  | { readonly type: 'store.forget'; readonly owner: string; readonly smId: string }
  /** The answer to `store.wanted`. */
  | { readonly type: 'store.surrender'; readonly answer: ClaimAnswer };

/** What a session answers to another link's claim. */
export type ClaimAnswer =
  | { readonly type: 'claimed'; readonly session: Session }
  | { readonly type: 'stale'; readonly h: Uint32 }
  | { readonly type: 'tooHigh'; readonly sendCount: Uint32 }
  /** The session is being claimed already. */
  | { readonly type: 'conflict' };

/** A stanza that comes back, and whether some link carried it. */
export interface Returned extends Entry {
  readonly written: boolean;
}

/**
 * Why stanzas come back.
 * - `queueFull` the queue had no room for the stanza, so the session did not take it
 * - `overflow` the queue stayed at its limit until the grace was over
 * - `expired` no client resumed the session in time
 * - `evicted` the session's owner had too many hibernating sessions, and this one was the oldest
 * - `resumptionFailed` the server did not resume the session
 * - `lost` the link broke and the session cannot be resumed
 * - `violation` the peer broke the protocol
 * - `closed` the stream was closed
 * - `unmanaged` the stanza was written to a stream without stream management, so no acknowledgement will come
 */
export type ReturnReason =
  | 'queueFull'
  | 'overflow'
  | 'expired'
  | 'evicted'
  | 'resumptionFailed'
  | 'lost'
  | 'violation'
  | 'closed'
  | 'unmanaged';

/** What the embedder is told. */
export type Report =
  | { readonly type: 'enabled'; readonly resumable: boolean; readonly max: number; readonly location: string | null }
  /** A request was answered with `<failed/>`: ours by the server, or a client's by us. */
  | { readonly type: 'refused'; readonly condition: StanzaErrorCondition | null; readonly state: string }
  | { readonly type: 'acknowledged'; readonly stanzas: readonly Entry[] }
  | { readonly type: 'returned'; readonly reason: ReturnReason; readonly stanzas: readonly Returned[] }
  /** The answer to `<r/>` is late (M-6). `stanzas` is the whole queue, oldest first; `unacked` is its length. */
  | { readonly type: 'ackDelayed'; readonly unacked: number; readonly stanzas: readonly Entry[] }
  /** The session has lost its link and waits. `until` is a time in milliseconds since the Unix epoch. */
  | {
      readonly type: 'hibernationStart';
      readonly until: number;
      readonly unacked: number;
      readonly stanzas: readonly Entry[];
    }
  | { readonly type: 'stanzaQueued'; readonly stanza: Entry }
  | { readonly type: 'hibernationEnd'; readonly resumed: boolean }
  /** The session goes on. The peer had received `acknowledged` stanzas of the queue; the other `replayed` stanzas are sent again. */
  | { readonly type: 'resumed'; readonly acknowledged: number; readonly replayed: number }
  | {
      readonly type: 'resumptionFailed';
      readonly condition: StanzaErrorCondition | null;
      readonly h: Uint32 | null;
      readonly state: string;
    }
  | { readonly type: 'expired' }
  | { readonly type: 'evicted' }
  | { readonly type: 'superseded' }
  | { readonly type: 'queuePressure'; readonly unacked: number; readonly size: number; readonly full: boolean }
  /** The peer broke the protocol, and the stream ends. `state`, here and below, names the active states when it happened. */
  | { readonly type: 'violation'; readonly failure: PeerViolation; readonly state: string }
  /** The peer broke the protocol without harm: nothing changes, and the stream goes on. */
  | { readonly type: 'toleratedViolation'; readonly failure: ToleratedViolation; readonly state: string }
  /** The embedder did something that has no meaning in this state; nothing changes. */
  | { readonly type: 'misuse'; readonly failure: LocalMisuse }
  /** The store failed; a request that waited for it is refused. */
  | { readonly type: 'storeFault'; readonly failure: StoreFault; readonly state: string }
  /** The session is over. No report follows. */
  | { readonly type: 'ended' };

export interface ReportEffect {
  readonly type: 'report';
  readonly report: Report;
}

export type Effect = LinkEffect | DeliverEffect | TimerEffect | StoreEffect | ReportEffect;
