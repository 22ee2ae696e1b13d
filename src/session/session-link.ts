/** A connection under a session: what it tells goes to the session in wire order, and what the session writes goes to its stream. */
import type { Entry, LinkEffect, PeerEvent, PeerViolation } from '../index.js';
import type { Clock } from '../ports/index.js';
import { type ClassifyOptions, type Element, encodeNonza, encodeStreamError, peerEvent } from '../xml.js';
import { checkElement, checkFunction, checkViolation } from './arguments.js';
import { guarded, succeeds } from './guarded.js';
import type { LinkHandle, NonzaName, Stream } from './running-session.js';

/** What the peer did: an event, or something that is not the business of stream management. */
export type Arrival = { readonly event: PeerEvent; readonly element?: Element } | { readonly act: () => void };

/** The session, as its link sees it. */
export interface LinkOwner {
  readonly clock: Clock;
  readonly reading: ClassifyOptions;
  /**
   * Carries out what the peer did, and then what has waited, in wire order, as long as no store is asked.
   *
   * @returns false when it has to wait: for an event that is under way, or for the store
   */
  arrive(first: Arrival): boolean;
  lose(link: SessionLink): void;
  /** Tells the embedder of a fault in its program. */
  misused(event: string, reason: string): void;
}

export class SessionLink implements LinkHandle {
  readonly epoch: number;
  readonly #stream: Stream;
  /** Undefined when the link is dead. */
  #owner: LinkOwner | undefined;
  /** What has arrived and has to wait; undefined while nothing waits. */
  #inbox: Arrival[] | undefined;
  #isPaused = false;

  constructor(owner: LinkOwner, stream: Stream, epoch: number) {
    this.#owner = owner;
    this.#stream = stream;
    this.epoch = epoch;
  }

  receive(element: Element): boolean {
    checkElement(element);
    const owner = this.#owner;
    if (owner === undefined) return true;
    const event = peerEvent(element, owner.reading, owner.clock.now(), this.epoch);
    if (event === undefined) {
      if (element.getNS() === undefined && element.attrs.xmlns === undefined)
        owner.misused('link.receive', namespaceMissing(element.name));
      return false;
    }
    this.#arrive({ event, element });
    return true;
  }

  inOrder(act: () => void): void {
    checkFunction('act', act);
    this.#arrive({ act });
  }

  violated(violation: PeerViolation): void {
    checkViolation(violation);
    this.#arriveNow((at) => ({ type: 'peer.violation', at, epoch: this.epoch, violation }));
  }

  closed(): void {
    this.#arriveNow((at) => ({ type: 'peer.closed', at, epoch: this.epoch }));
  }

  lost(): void {
    this.#owner?.lose(this);
  }

  /** Nothing of it reaches the session any more (design law 6). */
  die(): void {
    this.#owner = undefined;
    this.#inbox = undefined;
  }

  destroy(): void {
    succeeds(() => this.#stream.destroy());
  }

  /** @returns false when the connection is no good any more: it has to go, or its stream threw */
  perform(effect: LinkEffect): boolean {
    switch (effect.type) {
      case 'transmit':
        return this.#write(effect.xml);
      case 'write':
        return this.#write(encodeNonza(effect.nonza, effect.xmlns), effect.nonza.name);
      case 'carry':
        return this.#carry(encodeNonza(effect.nonza, effect.xmlns), effect.nonza.name);
      case 'replay':
        return this.#replay(effect.stanzas);
      case 'stream.error':
        return this.#write(encodeStreamError(effect.violation));
      case 'link.close':
        return effect.graceful && succeeds(() => this.#stream.close());
    }
  }

  /** The oldest arrival that waits; undefined when there is none. */
  next(): Arrival | undefined {
    if (this.#inbox === undefined) return undefined;
    const next = this.#inbox.shift();
    if (this.#inbox.length === 0) this.#inbox = undefined;
    return next;
  }

  /** Whether the store is asked: nothing needs to be read meanwhile. */
  pause(isPaused: boolean): void {
    if (isPaused === this.#isPaused) return;
    this.#isPaused = isPaused;
    succeeds(() => (isPaused ? this.#stream.pause?.() : this.#stream.resume?.()));
  }

  #arriveNow(event: (at: number) => PeerEvent): void {
    if (this.#owner !== undefined) this.#arrive({ event: event(this.#owner.clock.now()) });
  }

  #arrive(arrival: Arrival): void {
    const owner = this.#owner;
    if (owner === undefined) return;
    if (this.#inbox === undefined && owner.arrive(arrival)) return;
    this.#inbox ??= [];
    this.#inbox.push(arrival);
  }

  #carry(xml: string, nonza: NonzaName): boolean {
    guarded(() => this.#stream.carry?.(xml, nonza));
    return true;
  }

  #replay(stanzas: readonly Entry[]): boolean {
    return stanzas.every(({ xml }) => this.#write(xml));
  }

  #write(xml: string, nonza?: NonzaName): boolean {
    // Not by `succeeds`: this is done for each stanza, and would make a function each time.
    try {
      this.#stream.write(xml, nonza);
      return true;
    } catch {
      return false;
    }
  }
}

const namespaceMissing = (name: string): string =>
  `<${name}/> has no namespace: it needs an xmlns of its own, or the stream's root as its parent`;
