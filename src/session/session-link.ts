/** The connection of a session: it passes input to the session in wire order, and the output of the session to the stream. */
import { checkElement, checkFunction } from '../arguments/check.js';
import type { Entry, LinkEffect, PeerEvent, PeerViolation } from '../index.js';
import type { Clock } from '../ports/index.js';
import { type ClassifyOptions, type Element, encodeStreamError } from '../xml.js';
import { checkViolation } from './arguments.js';
import type { Codec, LateText } from './environment.js';
import { guarded, succeeds } from './guarded.js';
import type { LinkHandle, NonzaName, Stream } from './running-session.js';

/** An input from the peer: an event for the session, or an act of the embedder for input outside stream management. */
export type Arrival = { readonly event: PeerEvent; readonly element?: Element } | { readonly act: () => void };

/** The part of a session that its link uses. */
export interface LinkOwner {
  readonly clock: Clock;
  readonly reading: ClassifyOptions;
  readonly codec: Codec;
  /**
   * Carries out an arrival, and then the waiting arrivals in wire order, until the session asks the store.
   *
   * @returns false when the arrival must wait: for an event under way, or for the store
   */
  arrive(first: Arrival): boolean;
  lose(link: SessionLink): void;
  dispatch(event: PeerEvent): void;
  readonly lateText: LateText | undefined;
  /** Reports a fault of the embedder's program. */
  misused(event: string, reason: string): void;
}

export class SessionLink implements LinkHandle {
  readonly epoch: number;
  readonly #stream: Stream;
  /** Undefined when the connection is lost. */
  #owner: LinkOwner | undefined;
  /** Gets the input. Undefined when the connection is lost, or our stream is closed: no later input counts (design law 6). */
  #hearer: LinkOwner | undefined;
  /** Arrivals that must wait; undefined while the link has no waiting arrivals. */
  #inbox: Arrival[] | undefined;
  /** How many arrivals of the inbox the session has taken. */
  #taken = 0;
  #isPaused = false;
  /** When the connection began. A stanza that is older than the connection is late. */
  readonly #since: number;

  constructor(owner: LinkOwner, stream: Stream, epoch: number) {
    this.#owner = owner;
    this.#hearer = owner;
    this.#stream = stream;
    this.epoch = epoch;
    this.#since = owner.clock.now();
  }

  receive(element: Element): boolean {
    checkElement('element', element);
    const owner = this.#hearer;
    if (owner === undefined) return true;
    const event = owner.codec.peerEvent(element, owner.reading, owner.clock.now(), this.epoch);
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

  /** The connection is lost: the session gets no more input from it, and the arrivals that wait are dropped (design law 6). */
  die(): void {
    this.#owner = undefined;
    this.#ignoreInput();
  }

  destroy(): void {
    succeeds(() => this.#stream.destroy());
  }

  /** @returns false when the connection is unusable: it must be dropped, or its stream threw */
  perform(effect: LinkEffect, codec: Codec): boolean {
    switch (effect.type) {
      case 'transmit':
        return this.#write(effect.xml);
      case 'write':
        return this.#write(codec.encodeNonza(effect.nonza, effect.xmlns), effect.nonza.name);
      case 'carry':
        return this.#carry(codec.encodeNonza(effect.nonza, effect.xmlns), effect.nonza.name);
      case 'replay':
        return this.#replay(effect.stanzas);
      case 'stream.error':
        return this.#write(encodeStreamError(effect.violation));
      case 'link.close':
        this.#ignoreInput();
        return effect.graceful && succeeds(() => this.#stream.close());
    }
  }

  /** The oldest waiting arrival; undefined when no arrival waits. */
  next(): Arrival | undefined {
    if (this.#inbox === undefined) return undefined;
    const next = this.#inbox[this.#taken++];
    if (this.#taken >= this.#inbox.length) this.#inbox = undefined;
    return next;
  }

  /** Pauses or restarts reading: the link does not read while the session waits for the store. */
  pause(isPaused: boolean): void {
    if (isPaused === this.#isPaused) return;
    this.#isPaused = isPaused;
    succeeds(() => (isPaused ? this.#stream.pause?.() : this.#stream.resume?.()));
  }

  #arriveNow(event: (at: number) => PeerEvent): void {
    if (this.#hearer !== undefined) this.#arrive({ event: event(this.#hearer.clock.now()) });
  }

  #arrive(arrival: Arrival): void {
    const owner = this.#hearer;
    if (owner === undefined) return;
    if (this.#inbox === undefined) {
      if (owner.arrive(arrival)) return;
      this.#inbox = [];
      this.#taken = 0;
    }
    this.#inbox.push(arrival);
    if (this.#inbox.length - this.#taken > MAX_WAITING) this.#overflow(owner);
  }

  /** The stream did not stop reading: it ends at once, because the arrivals before this one wait for the store. */
  #overflow(owner: LinkOwner): void {
    owner.dispatch({ type: 'peer.violation', at: owner.clock.now(), epoch: this.epoch, violation: TOO_MUCH_INPUT });
    this.#ignoreInput();
  }

  #ignoreInput(): void {
    this.#hearer = undefined;
    this.#inbox = undefined;
  }

  #carry(xml: string, nonza: NonzaName): boolean {
    guarded(() => this.#stream.carry?.(xml, nonza));
    return true;
  }

  #replay(stanzas: readonly Entry[]): boolean {
    return stanzas.every((stanza) => this.#write(this.#textOf(stanza)));
  }

  #textOf(stanza: Entry): string {
    const owner = this.#owner;
    let { xml } = stanza;
    if (owner !== undefined && stanza.at < Math.max(this.#since, owner.clock.now() - LATE))
      guarded(() => {
        xml = owner.lateText?.(stanza) ?? xml;
      });
    return xml;
  }

  #write(xml: string, nonza?: NonzaName): boolean {
    // This code does not use `succeeds`, which would need a new function for each stanza.
    try {
      this.#stream.write(xml, nonza);
      return true;
    } catch {
      return false;
    }
  }
}

/** The most arrivals that wait. One read of 64 KiB from a socket holds at most as many elements: the smallest, `<a/>`, has 4 bytes. */
const MAX_WAITING = 16_384;
const TOO_MUCH_INPUT: PeerViolation = {
  kind: 'peerViolation',
  condition: 'policy-violation',
  text: 'too much input waits',
};
/** A stanza that is so many milliseconds old is late, also on the link for which it was sent. */
const LATE = 1_000;

const namespaceMissing = (name: string): string =>
  `<${name}/> has no namespace: it needs an xmlns, or the stream's root as its parent`;
