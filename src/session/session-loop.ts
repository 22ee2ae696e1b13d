/**
 * The loop of one running session: the pure core bound to a clock and to the present connection.
 *
 * One event, all its effects in order, then the next event (design law 1). While the session waits for the store, the input of
 * the peer waits. The loop makes no protocol decision: it takes events and carries out effects.
 *
 * A server has very many sessions that wait for their clients: a session, its loop and its timers are one object, and a
 * session keeps no data of a lost connection. The class has no `#private` methods, because each would cost every session a field.
 */
import type { Effect, LinkEffect, Loop, Report, Role, SmEvent, State, StoreEffect, TimerName } from '../index.js';
import type { Clock } from '../ports/index.js';
import type { ClassifyOptions, Element } from '../xml.js';
import { checkStream } from './arguments.js';
import { NOT_RUNNING, type TimerOwner } from './deadline-heap.js';
import type { Codec, Environment, LateText } from './environment.js';
import { guarded } from './guarded.js';
import type { LinkHandle, Stream } from './running-session.js';
import { type Arrival, type LinkOwner, SessionLink } from './session-link.js';

export abstract class SessionLoop<R extends Role, E extends Environment<R>> implements Loop<R>, TimerOwner, LinkOwner {
  state: State<R>;
  pending: SmEvent[] | undefined;
  ackIdle = NOT_RUNNING;
  ackWait = NOT_RUNNING;
  overflowGrace = NOT_RUNNING;
  resumption = NOT_RUNNING;
  storeWait = NOT_RUNNING;
  protected readonly environment: E;
  #epoch: number;
  #link: SessionLink | undefined;
  /** The arrival that the loop takes in now. */
  #arriving: Arrival | undefined;

  constructor(environment: E, state: State<R>) {
    this.state = state;
    this.environment = environment;
    this.#epoch = state.role === 'server' ? 0 : state.session.link.epoch;
  }

  get clock(): Clock {
    return this.environment.clock;
  }

  get reading(): ClassifyOptions {
    return this.environment.reading;
  }

  get lateText(): LateText | undefined {
    return this.environment.lateText;
  }

  get codec(): Codec {
    return this.environment.codec;
  }

  attach(stream: Stream): LinkHandle {
    checkStream(stream);
    if (this.#link !== undefined) this.lose(this.#link);
    this.#epoch += 1;
    const link = new SessionLink(this, stream, this.#epoch);
    this.#link = link;
    const { epoch } = link;
    if (this.state.session.link.epoch !== epoch) this.dispatch({ type: 'link.opened', at: this.clock.now(), epoch });
    return link;
  }

  lose(link: SessionLink): void {
    if (this.#link !== link) return;
    this.#link = undefined;
    link.die();
    this.dispatch({ type: 'link.lost', at: this.clock.now(), epoch: link.epoch });
  }

  due(timer: TimerName, at: number): void {
    this.dispatch({ type: `timer.${timer}`, at });
  }

  dispatch(event: SmEvent): void {
    this.environment.engine.advance(this, event);
    this.arrive();
  }

  report(report: Report): void {
    guarded(() => this.hear(report));
  }

  misused(event: string, reason: string): void {
    const state = this.state.configuration;
    this.report({ type: 'misuse', failure: { kind: 'localMisuse', event, state, reason } });
  }

  storeFailed(reason: string): void {
    const state = this.state.configuration;
    this.report({ type: 'storeFault', failure: { kind: 'storeFault', reason }, state });
  }

  arrive(first?: Arrival): boolean {
    if (this.pending !== undefined || this.#arriving !== undefined) return false;
    const { engine } = this.environment;
    let asks = engine.asksStore(this.state);
    const isTaken = !asks;
    for (let next = first; !asks; next = undefined) {
      next ??= this.#link?.next();
      if (next === undefined) break;
      this.#arriving = next;
      if ('act' in next) guarded(next.act);
      else engine.advance(this, next.event);
      this.#arriving = undefined;
      asks = engine.asksStore(this.state);
    }
    this.#link?.pause(asks);
    return isTaken;
  }

  perform(effect: Effect): void {
    switch (effect.type) {
      case 'transmit':
      case 'write':
      case 'carry':
      case 'replay':
      case 'stream.error':
      case 'link.close':
        this.performOnLink(effect);
        break;
      case 'deliver':
        this.deliver(effect.position);
        break;
      case 'timer.set':
        this.environment.timers.set(effect.timer, effect.deadline, this);
        break;
      case 'timer.clear':
        this.environment.timers.clear(effect.timer, this);
        break;
      case 'report':
        this.report(effect.report);
        break;
      default:
        this.performInStore(effect);
    }
  }

  // Effects that need a closure or a local variable have their own method: otherwise the engine reserves space at every effect.

  deliver(position: number | null): void {
    const element = this.#arriving !== undefined && 'event' in this.#arriving ? this.#arriving.element : undefined;
    if (element !== undefined) guarded(() => this.hand(element, position));
  }

  performOnLink(effect: LinkEffect): void {
    const link = this.#link;
    if (link === undefined || link.epoch !== effect.epoch || link.perform(effect, this.codec)) return;
    link.destroy();
    this.lose(link);
  }

  /** Gives a stanza to the application. */
  protected abstract hand(element: Element, position: number | null): void;

  /** Gives a report to the application. */
  protected abstract hear(report: Report): void;

  protected abstract performInStore(effect: StoreEffect): void;
}
