/**
 * Events are facts. The prefix of an event says who reports it. Every event carries `at`, milliseconds since the Unix epoch, because the core
 * has no clock. An event of a connection carries the `epoch` of the connection; the core drops the event when the session has another epoch.
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

/** What the embedder reports or asks for. */
export type AppEvent =
  /** Client: the embedder is about to send an authentication request that can carry other requests (SASL2). The answer is `carry` effects. */
  | (At & { readonly type: 'app.authenticating' })
  /** Authentication has completed. `resuming`: the request carried `<resume/>`, and the answer to it follows. */
  | (At & { readonly type: 'app.authenticated'; readonly owner: string; readonly resuming?: boolean })
  /** Between servers: a domain is verified, by dialback or otherwise. Servers bind no resource (M-9). */
  | (At & { readonly type: 'app.verified'; readonly owner: string })
  /** A resource is bound. `enabling`: the request carried `<enable/>`, and the answer to it follows. */
  | (At & { readonly type: 'app.bound'; readonly enabling?: boolean })
  /** Client: send `<enable/>`. */
  | (At & { readonly type: 'app.enable' })
  /** Client: use this stream without stream management, because the server does not offer it or the application does not want it. */
  | (At & { readonly type: 'app.decline' })
  /** Client: send `<resume/>`. */
  | (At & { readonly type: 'app.resume' })
  /** Write XML that is never counted: a part of the stream's negotiation, or a nonza of another protocol. */
  | (At & { readonly type: 'app.writeUncounted'; readonly xml: string })
  /**
   * Send a stanza. `mayWait`: the stanza must not wake an inactive peer (XEP-0352). It is held until another stanza is written, or
   * the peer is active.
   */
  | (At & { readonly type: 'app.send'; readonly stanza: Stanza; readonly mayWait?: boolean | undefined })
  /** The application has taken responsibility for the inbound stanza that was delivered with this `position`. */
  | (At & { readonly type: 'app.handled'; readonly position: number })
  /** Send `<r/>` now, to learn which stanzas arrived, or whether the link works. */
  | (At & { readonly type: 'app.requestAck' })
  /** The client is inactive, or active again (XEP-0352). */
  | (At & { readonly type: 'app.inactive' | 'app.active' })
  /** Server: keep the session for this many seconds after a lost link, for example because a push service can wake its client (M-1). */
  | (At & { readonly type: 'app.keepFor'; readonly seconds: number })
  /** Close the stream and end the session. `error`: the stream error to send first, for example when a server shuts down. */
  | (At & { readonly type: 'app.close'; readonly error?: StreamErrorCondition });

/** What happened to a connection. */
export type LinkEvent =
  /** Client: there is a new connection with a new, higher epoch. Its stream is not negotiated yet. */
  | (OnLink & { readonly type: 'link.opened' })
  /** The connection is lost, and the peer did not close its stream before. */
  | (OnLink & { readonly type: 'link.lost' });

/** What the peer sent, in the order in which it was sent. */
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
  /** `h` is absent when the element has no h that is an unsignedInt. */
  | (OnLink & { readonly type: 'peer.resumed'; readonly previd: string; readonly h?: Uint32 })
  | (OnLink & { readonly type: 'peer.failed'; readonly condition?: StanzaErrorCondition; readonly h?: Uint32 })
  | (OnLink & { readonly type: 'peer.r' })
  /** `h` is absent when the element has no h that is an unsignedInt. */
  | (OnLink & { readonly type: 'peer.a'; readonly h?: Uint32 })
  /** A message, presence or iq was parsed. The event comes before any code looks into the stanza (design law 5). */
  | (OnLink & { readonly type: 'peer.stanza' })
  /** The peer sent a malformed element of stream management. The element is refused, and the stream goes on. */
  | (OnLink & { readonly type: 'peer.malformed'; readonly xmlns: SmNamespace; readonly refusal: Refusal })
  /** The peer sent input that ends the stream. */
  | (OnLink & { readonly type: 'peer.violation'; readonly violation: PeerViolation })
  /** The peer sent a stream error. */
  | (OnLink & { readonly type: 'peer.error'; readonly condition: StreamErrorCondition })
  /** The peer closed its stream. */
  | (OnLink & { readonly type: 'peer.closed' });

/** A deadline has passed. The core drops the event when the timer does not run, or is not due yet. */
export type TimerEvent = At & {
  readonly type: 'timer.ackIdle' | 'timer.ackWait' | 'timer.overflowGrace' | 'timer.resumption' | 'timer.storeWait';
};

/** What the store answers, and what it tells a session that it keeps. */
export type StoreEvent =
  /** The store keeps the session under this new SM-ID. */
  | (At & { readonly type: 'store.saved'; readonly smId: string })
  /** The store gave us the session that we claimed. */
  | (At & { readonly type: 'store.claimed'; readonly session: Session })
  /** The owner has no session with this SM-ID. */
  | (At & { readonly type: 'store.unknown' })
  /** The session is over, and the store kept its last h. */
  | (At & { readonly type: 'store.expired'; readonly h: Uint32 })
  /** The claim's h is stale: stanzas after it are no longer in the queue. `h` is our h of that session. */
  | (At & { readonly type: 'store.stale'; readonly h: Uint32 })
  /** The claim's h is above the session's send count. */
  | (At & { readonly type: 'store.tooHigh'; readonly sendCount: Uint32 })
  /** The store failed. */
  | (At & { readonly type: 'store.failed'; readonly reason: string })
  /** The store gave this session to another link that claimed it. Whatever this session does now changes nothing in the store. */
  | (At & { readonly type: 'store.taken' })
  /** A client asked for this session with an h that covers stanzas which the record of this session does not know of. */
  | (At & { readonly type: 'store.outdated' })
  /** The owner has too many hibernating sessions, and this one is the oldest. */
  | (At & { readonly type: 'store.evicted' });

export type SmEvent = AppEvent | LinkEvent | PeerEvent | TimerEvent | StoreEvent;

export type EventType = SmEvent['type'];
