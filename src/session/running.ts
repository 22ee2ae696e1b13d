/**
 * One running session: the pure core bound to a clock and whatever connection it has. `stored.ts` adds a store.
 *
 * One event, all its effects in order, then the next event. While the store is being asked, what the peer sends waits.
 * There is no protocol decision here: events go in, effects are carried out.
 *
 * A server has very many of them that wait for their clients: all that a session is, its loop, timers and holder, is one
 * object, and nothing of a connection is kept when it is gone.
 */
import type {
  Advance,
  AppEvent,
  Effect,
  Loop,
  PeerEvent,
  Report,
  Role,
  SmEvent,
  State,
  Step,
  StoreEffect,
  TimerName,
  TraceLine,
} from '../index.js';
import type { Clock, Holder } from '../ports/index.js';
import { type ClassifyOptions, type Element, encodeNonza, encodeStreamError, peerEvent } from '../xml.js';
import { guarded, isDone } from './guarded.js';
import type { LinkHandle, NonzaName, RunningSession, SessionOptions, Stream, Timeless } from './running-session.js';
import { Link } from './session-link.js';
import { NOWHERE, type SharedTimers, type TimerOwner } from './timer-queue.js';

/** What a session lives in. The sessions of one server have all of it in common. */
export interface Surroundings<R extends Role> {
  readonly engine: Engine<R>;
  readonly clock: Clock;
  readonly timers: SharedTimers;
  readonly reading: ClassifyOptions;
}

/** What of an engine runs a session: that of `smacks`, or of `smacks/client`. */
export interface Engine<R extends Role> {
  readonly advance: Advance<R>;
  traced(listen: (line: TraceLine) => void): Step<R>;
  asksStore(state: State<R>): boolean;
}

/** What the peer did: an event, or something that is not the business of stream management. */
type Arrival = { readonly event: PeerEvent; readonly element?: Element } | { readonly act: () => void };

export class Running<R extends Role, S extends Surroundings<R> = Surroundings<R>>
  implements RunningSession<R>, Loop<R>, TimerOwner
{
  state: State<R>;
  pending: SmEvent[] | undefined;
  ackIdle = NOWHERE;
  ackWait = NOWHERE;
  overflowGrace = NOWHERE;
  resumption = NOWHERE;
  protected readonly surroundings: S;
  private readonly handOver: SessionOptions['deliver'];
  private readonly hear: SessionOptions['report'];
  private epoch: number;
  private link: Link<R> | undefined;
  /** What the peer did and what waits for the store; undefined while nothing waits. */
  private inbox: Arrival[] | undefined;
  private arriving: Arrival | undefined;

  constructor(surroundings: S, { state, deliver, report, trace }: SessionOptions<R>) {
    this.state = state;
    this.surroundings =
      trace === undefined ? surroundings : { ...surroundings, engine: traced(surroundings.engine, trace) };
    this.handOver = deliver;
    this.hear = report;
    this.epoch = state.role === 'server' ? 0 : state.session.link.epoch;
  }

  get clock(): Clock {
    return this.surroundings.clock;
  }

  get holder(): Holder {
    return NO_HOLDER;
  }

  tell(event: Timeless<AppEvent>): void {
    this.send(timed(event, this.clock.now()));
  }

  attach(stream: Stream): LinkHandle {
    if (this.epoch > 0) this.lose(this.epoch);
    this.epoch += 1;
    const link = new Link(this, stream, this.epoch);
    this.link = link;
    const { epoch } = link;
    if (this.state.session.link.epoch !== epoch) this.send({ type: 'link.opened', at: this.clock.now(), epoch });
    return link;
  }

  /** The connection of this epoch is gone: nothing of it is kept. */
  lose(epoch: number): void {
    if (this.epoch === epoch) this.link = undefined;
    this.send({ type: 'link.lost', at: this.clock.now(), epoch });
  }

  due(timer: TimerName, at: number): void {
    this.send({ type: `timer.${timer}`, at });
  }

  send(event: SmEvent): void {
    this.surroundings.engine.advance(this, event);
    this.readInbox();
  }

  report(report: Report): void {
    const { hear } = this;
    guarded(() => hear(report));
  }

  arrive(element: Element, epoch: number): boolean {
    const event = peerEvent(element, this.surroundings.reading, this.clock.now(), epoch);
    if (event === undefined) return false;
    this.enqueue({ event, element });
    return true;
  }

  enqueue(arrival: Arrival): void {
    if (this.isBusy()) {
      this.inbox ??= [];
      this.inbox.push(arrival);
    } else {
      this.take(arrival);
      this.readInbox();
    }
  }

  perform(effect: Effect): void {
    switch (effect.type) {
      case 'transmit':
      case 'write':
      case 'carry':
      case 'replay':
      case 'stream.error':
      case 'link.close':
        if (effect.epoch === this.epoch) this.performOnLink(effect);
        break;
      case 'deliver':
        this.deliver(effect.position);
        break;
      case 'timer.set':
        this.surroundings.timers.set(effect.timer, effect.deadline, this);
        break;
      case 'timer.clear':
        this.surroundings.timers.clear(effect.timer, this);
        break;
      case 'report':
        this.report(effect.report);
        break;
      default:
        this.performInStore(effect);
    }
  }

  /** A client has no store. */
  protected performInStore(_effect: StoreEffect): void {}

  private performOnLink(effect: Extract<Effect, { readonly epoch: number }>): void {
    switch (effect.type) {
      case 'transmit':
        this.write(effect.xml);
        break;
      case 'write':
        this.write(encodeNonza(effect.nonza, effect.xmlns), effect.nonza.name);
        break;
      case 'carry':
        guarded(() => this.link?.stream.carry?.(encodeNonza(effect.nonza, effect.xmlns), effect.nonza.name));
        break;
      case 'replay':
        for (const entry of effect.stanzas) this.write(entry.xml);
        break;
      case 'stream.error':
        this.write(encodeStreamError(effect.violation));
        break;
      case 'link.close':
        this.closeLink(effect.graceful);
    }
  }

  private deliver(position: number | null): void {
    const { arriving, handOver } = this;
    const element = arriving !== undefined && 'event' in arriving ? arriving.element : undefined;
    if (element !== undefined) guarded(() => handOver(element, position));
  }

  private closeLink(graceful: boolean): void {
    if (!graceful || !isDone(() => this.link?.stream.close())) this.breakLink();
  }

  private write(xml: string, nonza?: NonzaName): void {
    // Not by isDone: this is done for each stanza, and would make a function each time.
    try {
      this.link?.stream.write(xml, nonza);
    } catch {
      this.breakLink();
    }
  }

  /** A stream that throws is as good as gone. */
  private breakLink(): void {
    isDone(() => this.link?.stream.destroy());
    this.lose(this.epoch);
  }

  private isBusy(): boolean {
    return (
      this.pending !== undefined ||
      this.arriving !== undefined ||
      this.inbox !== undefined ||
      this.surroundings.engine.asksStore(this.state)
    );
  }

  private take(arrival: Arrival): void {
    this.arriving = arrival;
    if ('act' in arrival) guarded(arrival.act);
    else this.surroundings.engine.advance(this, arrival.event);
    this.arriving = undefined;
  }

  /** What the peer did, in wire order, as long as no store is being asked. */
  private readInbox(): void {
    if (this.pending !== undefined || this.arriving !== undefined) return;
    let asks = this.surroundings.engine.asksStore(this.state);
    while (this.inbox !== undefined && !asks) {
      const next = this.inbox.shift();
      if (this.inbox.length === 0) this.inbox = undefined;
      if (next !== undefined) this.take(next);
      asks = this.surroundings.engine.asksStore(this.state);
    }
    this.link?.wait(asks);
  }
}

/** Carries out what is due for a session before anything happens to it. */
export const started = <R extends Role>(session: Running<R>, due: readonly Effect[] = []): RunningSession<R> => {
  for (const effect of due) session.perform(effect);
  return session;
};

/** It must not disturb the session. */
const traced = <R extends Role>(engine: Engine<R>, trace: (line: TraceLine) => void): Engine<R> => {
  const step = engine.traced((line) => guarded(() => trace(line)));
  return { ...engine, advance: (loop, event) => engine.advance(loop, event, step) };
};

export const READING: ClassifyOptions = { contentNamespace: 'jabber:client', acceptSm2: false };

/** Stanzas are most of what is told, and an object spread costs more than all that becomes of one. */
const timed = (event: Timeless<AppEvent>, at: number): AppEvent => {
  if (event.type !== 'app.send') return { ...event, at };
  return { type: 'app.send', at, stanza: event.stanza, mayWait: event.mayWait };
};

/** No store knows a client's session. */
const NO_HOLDER: Holder = { surrender: () => Promise.resolve(undefined), evict() {} };
