/**
 * Events are facts. Their prefix says who reports them. Every event carries `at`, milliseconds since the Unix epoch, because the core has
 * no clock. Events of a connection also carry its `epoch`; the core drops them when the session has another connection by then.
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

/** What the embedder does and wants. */
export type AppEvent =
  /** Client: authentication is about to begin by a request that can carry others (SASL2). The effect `carry` says which. */
  | (At & { readonly type: 'app.authenticating' })
  /** Authentication has completed. `resuming`: the request carried `<resume/>`, and its answer follows. */
  | (At & { readonly type: 'app.authenticated'; readonly owner: string; readonly resuming?: boolean })
  /** The peer is a server and its domain is verified, by dialback or otherwise. Servers bind no resource (M-9). */
  | (At & { readonly type: 'app.verified'; readonly owner: string })
  /** A resource is bound. `enabling`: the request carried `<enable/>`, and its answer follows. */
  | (At & { readonly type: 'app.bound'; readonly enabling?: boolean })
  /** Client: ask for stream management on this stream. */
  | (At & { readonly type: 'app.enable' })
  /** Client: use this stream without stream management, because the server does not offer it or the application does not want it. */
  | (At & { readonly type: 'app.decline' })
  /** Client: ask for the session back. */
  | (At & { readonly type: 'app.resume' })
  /** Write XML that is never counted: a part of the stream's negotiation, or a nonza of another protocol. */
  | (At & { readonly type: 'app.writeUncounted'; readonly xml: string })
  /**
   * Send a stanza. `mayWait`: the stanza is not to wake an inactive peer (XEP-0352). It is held until another stanza is written, or
   * the peer is active.
   */
  | (At & { readonly type: 'app.send'; readonly stanza: Stanza; readonly mayWait?: boolean | undefined })
  /** The application has taken responsibility for the inbound stanza that was delivered with this `position`. */
  | (At & { readonly type: 'app.handled'; readonly position: number })
  /** Ask the peer for an `<a/>` now: to learn what has arrived, or whether the link lives. */
  | (At & { readonly type: 'app.requestAck' })
  /** The client is inactive, or active again (XEP-0352). */
  | (At & { readonly type: 'app.inactive' | 'app.active' })
  /** End the session: close the stream, behind this stream error if there is one (a server that shuts down gives one). */
  | (At & { readonly type: 'app.close'; readonly error?: StreamErrorCondition });

/** What happened to a connection. */
export type LinkEvent =
  /** Client: a new connection with a new, higher epoch; nothing is negotiated on it yet. */
  | (OnLink & { readonly type: 'link.opened' })
  /** The connection is gone, and the peer had not closed its stream. */
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
  /** `h` is absent when the peer gave no unsignedInt. */
  | (OnLink & { readonly type: 'peer.resumed'; readonly previd: string; readonly h?: Uint32 })
  | (OnLink & { readonly type: 'peer.failed'; readonly condition?: StanzaErrorCondition; readonly h?: Uint32 })
  | (OnLink & { readonly type: 'peer.r' })
  /** `h` is absent when the peer gave no unsignedInt. */
  | (OnLink & { readonly type: 'peer.a'; readonly h?: Uint32 })
  /** A message, presence or iq was parsed. The event comes before any code looks into the stanza (design law 5). */
  | (OnLink & { readonly type: 'peer.stanza' })
  /** An element of stream management that is malformed; the stream survives the refusal. */
  | (OnLink & { readonly type: 'peer.malformed'; readonly xmlns: SmNamespace; readonly refusal: Refusal })
  /** Input that ends the stream. */
  | (OnLink & { readonly type: 'peer.violation'; readonly violation: PeerViolation })
  /** The peer sent a stream error. */
  | (OnLink & { readonly type: 'peer.error'; readonly condition: StreamErrorCondition })
  /** The peer closed its stream. */
  | (OnLink & { readonly type: 'peer.closed' });

/** A deadline has passed. The core drops the event of a timer that does not run, or is not due yet. */
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
  /** The claim's h is below what the session's peer acknowledged, so stanzas would be missing. `h` is the session's own. */
  | (At & { readonly type: 'store.stale'; readonly h: Uint32 })
  /** The claim's h is above the session's send count. */
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
