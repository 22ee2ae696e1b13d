/**
 * Effects are imperatives for the adapter, to be done in order. Those for a connection carry its `epoch`: an adapter
 * whose connection has another one drops them.
 */
import type { LocalMisuse, PeerViolation, Refusal, StanzaErrorCondition, StoreFault } from './failures.js';
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
  /** Put this inside the request by which the client authenticates (SASL2): it is processed behind the proof. */
  | (OnLink & { readonly type: 'carry'; readonly nonza: Nonza; readonly xmlns: SmNamespace })
  /** Write this XML: a stanza that is counted, or something outside the count. */
  | (OnLink & { readonly type: 'transmit'; readonly xml: string })
  /** Write these stanzas, in order. */
  | (OnLink & { readonly type: 'replay'; readonly stanzas: readonly Entry[] })
  | (OnLink & { readonly type: 'stream.error'; readonly violation: PeerViolation })
  /** `graceful`: close the stream and flush. Otherwise destroy the connection at once and report `link.lost`. */
  | (OnLink & { readonly type: 'link.close'; readonly graceful: boolean });

/** Hand the stanza just parsed to the embedder; `position` (1 and up, never given twice) names it in `app.handled`, null when it is not counted. */
export interface DeliverEffect {
  readonly type: 'deliver';
  readonly position: number | null;
}

export type TimerEffect =
  /** Send `timer.<timer>` at `deadline` (milliseconds since the Unix epoch), in place of an earlier deadline. */
  | { readonly type: 'timer.set'; readonly timer: TimerName; readonly deadline: number }
  | { readonly type: 'timer.clear'; readonly timer: TimerName };

/** For the session store; each names the events it answers with. */
export type StoreEffect =
  /** Keep this session under a new SM-ID: `store.saved` or `store.failed`. */
  | { readonly type: 'store.save'; readonly owner: string }
  /** Get a session: `store.claimed unknown expired stale tooHigh conflict failed`. */
  | { readonly type: 'store.claim'; readonly owner: string; readonly smId: string; readonly h: Uint32 }
  /** The session lost its link: it counts against its owner's limit now. */
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

/** A stanza that is given back, and whether any link ever carried it. */
export interface Returned extends Entry {
  readonly written: boolean;
}

/**
 * Why stanzas come back.
 * - `queueFull` refused: the queue is at its limit
 * - `overflow` the queue stayed over its limit
 * - `expired` nobody resumed the session in time; `evicted` it gave way to newer ones of its owner
 * - `resumptionFailed` the server would not resume
 * - `lost` the link broke and the session cannot be resumed
 * - `violation` the peer broke the protocol
 * - `closed` the stream was closed
 * - `unmanaged` written to a stream without stream management: nobody will tell
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
  /** `<enable/>` or `<resume/>` was refused: to us, or by us. */
  | { readonly type: 'refused'; readonly condition: StanzaErrorCondition | null; readonly state: string }
  | { readonly type: 'acknowledged'; readonly stanzas: readonly Entry[] }
  | { readonly type: 'returned'; readonly reason: ReturnReason; readonly stanzas: readonly Returned[] }
  /** `stanzas` is the whole queue, oldest first, `unacked` how many that are. */
  | { readonly type: 'ackDelayed'; readonly unacked: number; readonly stanzas: readonly Entry[] }
  /** The same; `until` is a time: milliseconds since the Unix epoch. */
  | {
      readonly type: 'hibernationStart';
      readonly until: number;
      readonly unacked: number;
      readonly stanzas: readonly Entry[];
    }
  | { readonly type: 'stanzaQueued'; readonly stanza: Entry }
  | { readonly type: 'hibernationEnd'; readonly resumed: boolean }
  /** `acknowledged` stanzas the peer had, `replayed` ones it had not. */
  | { readonly type: 'resumed'; readonly acknowledged: number; readonly replayed: number }
  | { readonly type: 'resumptionFailed'; readonly condition: StanzaErrorCondition | null; readonly h: Uint32 | null }
  | { readonly type: 'expired' }
  | { readonly type: 'evicted' }
  | { readonly type: 'superseded' }
  | { readonly type: 'queuePressure'; readonly unacked: number; readonly size: number; readonly full: boolean }
  /** The peer broke the protocol, and the stream ends. `state`, here and below: the active states when it happened. */
  | { readonly type: 'violation'; readonly failure: PeerViolation; readonly state: string }
  /** The peer broke the protocol without harm: nothing changes, and the stream goes on. */
  | { readonly type: 'toleratedViolation'; readonly failure: PeerViolation | Refusal; readonly state: string }
  /** The embedder did something that has no meaning in this state; nothing changes. */
  | { readonly type: 'misuse'; readonly failure: LocalMisuse }
  /** The store failed; a request that waited for it is refused. */
  | { readonly type: 'storeFault'; readonly failure: StoreFault }
  /** The session is over and nothing more comes of it. */
  | { readonly type: 'ended' };

export interface ReportEffect {
  readonly type: 'report';
  readonly report: Report;
}

export type Effect = LinkEffect | DeliverEffect | TimerEffect | StoreEffect | ReportEffect;
