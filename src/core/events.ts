/**
 * Events are facts, prefixed by who reports them. Every one carries `at`, milliseconds since the Unix epoch: the
 * core has no clock. Those of a connection also carry its `epoch`, and are dropped when it is no longer the session's.
 */
import type { PeerViolation, Refusal, StanzaErrorCondition, StreamErrorCondition } from './failures.js';
import type { SmNamespace } from './nonzas.js';
import type { Session } from './session.js';
import type { Uint32 } from './uint32.js';
import type { Stanza } from './unacked.js';

interface At {
  readonly at: number;
}

interface OnLink extends At {
  readonly epoch: number;
}

/** The embedder's own acts and wishes. */
export type AppEvent =
  /** Client: about to authenticate by a request that can carry others (SASL2); `carry` says which. */
  | (At & { readonly type: 'app.authenticating' })
  /** The account is known: authentication has completed. `resuming`: the answer to a `<resume/>` that was carried follows. */
  | (At & { readonly type: 'app.authenticated'; readonly owner: string; readonly resuming?: boolean })
  /** The peer is a server and its domain is verified, by dialback or otherwise: nothing is bound between servers (M-9). */
  | (At & { readonly type: 'app.verified'; readonly owner: string })
  /** A resource is bound. `enabling`: the answer to an `<enable/>` that was carried follows. */
  | (At & { readonly type: 'app.bound'; readonly enabling?: boolean })
  /** Client: ask for stream management on this stream. */
  | (At & { readonly type: 'app.enable' })
  /** Client: use this stream without stream management, because the server has none or it is not wanted. */
  | (At & { readonly type: 'app.decline' })
  /** Client: ask for the session back. */
  | (At & { readonly type: 'app.resume' })
  /** Something outside the count, written before the stream is ready: negotiation. */
  | (At & { readonly type: 'app.writeUncounted'; readonly xml: string })
  /**
   * A stanza to send. `mayWait`: an inactive peer is not to be woken for it (XEP-0352); it is held until another stanza goes out,
   * or the peer is active.
   */
  | (At & { readonly type: 'app.send'; readonly stanza: Stanza; readonly mayWait?: boolean | undefined })
  /** The inbound stanza delivered with this `position` has been taken responsibility for. */
  | (At & { readonly type: 'app.handled'; readonly position: number })
  /** Ask the peer for an `<a/>` now: to learn what has arrived, or whether the link lives. */
  | (At & { readonly type: 'app.requestAck' })
  /** The client has gone idle, or come back (XEP-0352). */
  | (At & { readonly type: 'app.inactive' | 'app.active' })
  /** End the session: close the stream for good, with this stream error if one is given (a server that shuts down). */
  | (At & { readonly type: 'app.close'; readonly error?: StreamErrorCondition });

/** What became of connections. */
export type LinkEvent =
  /** Client: a new connection with a new, higher epoch; nothing is negotiated on it yet. */
  | (OnLink & { readonly type: 'link.opened' })
  /** The connection is gone, however it went, without a stream close. */
  | (OnLink & { readonly type: 'link.lost' });

/** What the peer sent, in wire order. */
export type PeerEvent =
  | (OnLink & {
      readonly type: 'peer.enable';
      readonly xmlns: SmNamespace;
      readonly resume: boolean;
      readonly max?: number;
    })
  | (OnLink & {
      readonly type: 'peer.enabled';
      readonly resume: boolean;
      readonly id?: string;
      readonly max?: number;
      readonly location?: string;
    })
  | (OnLink & {
      readonly type: 'peer.resume';
      readonly xmlns: SmNamespace;
      readonly previd: string;
      readonly h: Uint32;
    })
  /** Without `h` when the peer gave none that is one. */
  | (OnLink & { readonly type: 'peer.resumed'; readonly previd: string; readonly h?: Uint32 })
  | (OnLink & { readonly type: 'peer.failed'; readonly condition?: StanzaErrorCondition; readonly h?: Uint32 })
  | (OnLink & { readonly type: 'peer.r' })
  /** Without `h` when the peer gave none that is one. */
  | (OnLink & { readonly type: 'peer.a'; readonly h?: Uint32 })
  /** A message, presence or iq: reported when it is parsed, before anything looks into it. */
  | (OnLink & { readonly type: 'peer.stanza' })
  /** A stream management element that is refused without harm to the stream. */
  | (OnLink & { readonly type: 'peer.malformed'; readonly xmlns: SmNamespace; readonly refusal: Refusal })
  /** Input that ends the stream. */
  | (OnLink & { readonly type: 'peer.violation'; readonly violation: PeerViolation })
  /** The peer sent a stream error. */
  | (OnLink & { readonly type: 'peer.error'; readonly condition: StreamErrorCondition })
  /** The peer closed its stream. */
  | (OnLink & { readonly type: 'peer.closed' });

/** A deadline has passed. One that is not running, or not due yet, is dropped. */
export type TimerEvent = At & {
  readonly type: 'timer.ackIdle' | 'timer.ackWait' | 'timer.overflowGrace' | 'timer.resumption';
};

/** What the session store answers, and what it asks of a session it keeps. */
export type StoreEvent =
  /** The session is kept under this new SM-ID. */
  | (At & { readonly type: 'store.saved'; readonly smId: string })
  /** The claimed session is ours now. */
  | (At & { readonly type: 'store.claimed'; readonly session: Session })
  /** No such session under this owner. */
  | (At & { readonly type: 'store.unknown' })
  /** The session is over, but its final h is remembered. */
  | (At & { readonly type: 'store.expired'; readonly h: Uint32 })
  /** The session acknowledged more than the claim's h says: stanzas would be missing. `h` is the session's own. */
  | (At & { readonly type: 'store.stale'; readonly h: Uint32 })
  /** The claim's h is beyond what was sent. */
  | (At & { readonly type: 'store.tooHigh'; readonly sendCount: Uint32 })
  /** Another claim of the same session is under way. */
  | (At & { readonly type: 'store.conflict' })
  /** The store failed. */
  | (At & { readonly type: 'store.failed'; readonly reason: string })
  /** Another link claims this session with this h. */
  | (At & { readonly type: 'store.wanted'; readonly h: Uint32 })
  /** The owner has too many hibernating sessions, and this one is the oldest. */
  | (At & { readonly type: 'store.evicted' });

export type SmEvent = AppEvent | LinkEvent | PeerEvent | TimerEvent | StoreEvent;

export type EventType = SmEvent['type'];
