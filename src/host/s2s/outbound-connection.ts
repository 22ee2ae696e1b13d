/** One connection that we open to another server: the other server verifies our domain on it, then the session resumes or begins. */
import type { ClientSession } from '../../client.js';
import { type PeerViolation, SM_3 } from '../../index.js';
import type { Clock, LinkHandle } from '../../server.js';
import { decodeStreamError, type Element, STREAMS } from '../../xml.js';
import type { StanzaCondition } from '../stanza-error.js';
import { type Address, DialedStream, type DialListener } from './dial.js';
import { type ReceivedDialback, readDialback, writeDialback } from './dialback.js';
import type { Keys } from './keys.js';

/** Milliseconds to wait for features after a verification: a server with stream management sends them at once. */
const FEATURES_WAIT = 1_000;

export interface OutboundConnectionOptions {
  /** Our own domain. */
  readonly domain: string;
  /** The other server's domain, and its address. */
  readonly remote: string;
  readonly address: Address;
  readonly keys: Keys;
  readonly clock: Clock;
  /** Seconds until our domain has to be verified. */
  readonly negotiationTime: number;
}

/** The object for the other domain, to which the connection belongs. */
export interface OutboundOwner {
  readonly session: ClientSession;
  /** A session waits for resumption, and the other server probably still has it. */
  readonly expectsResumption: boolean;
  /** The other server does not accept us. */
  refused(condition: StanzaCondition): void;
  /** Our domain is verified, and the features with stream management did not come, so the session could not be resumed. */
  offeredNothing(): void;
  /** Stanzas are sent on this connection. */
  up(): void;
  /** The connection is gone. */
  lost(): void;
}

/** The steps that the connection waits for, in this order. */
type Awaited =
  /** The other server's stream header. */
  | 'stream'
  /** The features after the header; then we send our key. */
  | 'features'
  /** The result of dialback. */
  | 'verification'
  /** More features, with stream management. */
  | 'streamManagement'
  /** Elements for the session only: the answer to `<resume/>` or `<enable/>`, and all later elements. */
  | 'nothing';

export class OutboundConnection implements DialListener {
  readonly #options: OutboundConnectionOptions;
  readonly #owner: OutboundOwner;
  readonly #stream: DialedStream;
  /** Undefined until there is a connection. */
  #link: LinkHandle | undefined;
  #awaited: Awaited = 'stream';
  #streamId = '';
  #cancelTimeout: () => void;

  constructor(options: OutboundConnectionOptions, owner: OutboundOwner) {
    const { domain, remote, address, clock, negotiationTime } = options;
    this.#options = options;
    this.#owner = owner;
    this.#stream = new DialedStream({ address, from: domain, to: remote }, this);
    this.#cancelTimeout = clock.at(clock.now() + negotiationTime * 1000, () => this.destroy());
  }

  destroy(): void {
    this.#stream.destroy();
  }

  /** The session is over. It closes a connection that it has, but not a connection that is still being opened. */
  sessionEnded(): void {
    this.#cancelTimeout();
    if (this.#link === undefined) this.destroy();
  }

  /** Ends the stream with a stream error. */
  violation(violation: PeerViolation): void {
    this.#link?.violated(violation);
  }

  connected(): void {
    this.#link = this.#owner.session.attach(this.#stream);
  }

  opened(streamId: string): void {
    this.#streamId = streamId;
    this.#awaited = 'features';
  }

  element(element: Element): void {
    const isRefusal = this.#awaited !== 'nothing' && element.is('error', STREAMS);
    if (isRefusal && decodeStreamError(element) === 'host-unknown') this.#owner.refused('remote-server-not-found');
    else if (this.#link?.receive(element) === false) this.#link.inOrder(() => this.#negotiate(element));
  }

  isQueued(): boolean {
    const { status } = this.#owner.session;
    return status === 'enabled' || status === 'enabling';
  }

  streamClose(): void {
    this.#link?.closed();
  }

  lost(): void {
    this.#cancelTimeout();
    this.#link?.lost();
    this.#owner.lost();
  }

  #negotiate(element: Element): void {
    const dialback = readDialback(element);
    if (dialback !== undefined && dialback !== 'misaddressed') this.#readDialback(dialback);
    else if (element.is('features', STREAMS)) this.#readFeatures(element);
  }

  #readFeatures(features: Element): void {
    if (this.#awaited === 'features') this.#sendKey();
    else if (this.#awaited === 'streamManagement')
      this.#begin(features.getChildElements().some((feature) => feature.is('sm', SM_3)));
  }

  #sendKey(): void {
    const { domain, remote, keys } = this.#options;
    this.#awaited = 'verification';
    const key = keys.make({ receiving: remote, originating: domain, streamId: this.#streamId });
    this.#owner.session.writeUncounted(writeDialback({ name: 'result', from: domain, to: remote, key }));
  }

  #readDialback({ name, from, to, type }: ReceivedDialback): void {
    const { domain, remote } = this.#options;
    if (name !== 'result' || this.#awaited !== 'verification' || from !== remote || to !== domain) return;
    if (type === 'valid') this.#verified();
    else this.#owner.refused(type === 'invalid' ? 'internal-server-error' : 'remote-server-timeout');
  }

  #verified(): void {
    const { remote, clock, negotiationTime } = this.#options;
    this.#awaited = 'streamManagement';
    this.#cancelTimeout();
    this.#owner.session.verified(remote);
    // A server that has a session of ours supports stream management, but may send its features late.
    const patience = this.#owner.expectsResumption ? negotiationTime * 1000 : FEATURES_WAIT;
    this.#cancelTimeout = clock.at(clock.now() + patience, () => this.#link?.inOrder(() => this.#withoutFeatures()));
  }

  #withoutFeatures(): void {
    if (this.#awaited !== 'streamManagement') return;
    if (this.#owner.expectsResumption) this.#owner.offeredNothing();
    else this.#begin(false);
  }

  #begin(isOffered: boolean): void {
    const { session } = this.#owner;
    this.#cancelTimeout();
    this.#awaited = 'nothing';
    if (!isOffered) {
      session.decline();
      this.#owner.up();
    } else if (session.canResume) session.resume();
    else session.enable();
  }
}
