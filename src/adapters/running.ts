/**
 * One running session: the pure core bound to a clock, a store and whatever connection it has.
 *
 * One event, all its effects in order, then the next event. While the store is being asked, what the peer sends waits.
 * There is no protocol decision here: events go in, effects are carried out.
 */
import type {
  AppEvent,
  Drive,
  Effect,
  Nonza,
  PeerEvent,
  PeerViolation,
  Report,
  Role,
  SmEvent,
  State,
  Step,
  TraceLine,
} from '../index.js';
import type { Clock, Holder, IdSource, SessionStore } from '../ports/index.js';
import { type ClassifyOptions, type Element, encodeNonza, encodeStreamError, peerEvent } from '../xml/index.js';
import type { StoreBinding, StoreBindingOptions } from './store-binding.js';
import { bindTimers, systemClock } from './timers.js';

/** What a session does to a connection. */
export interface Stream {
  /** `nonza` is its name when it is an element of stream management: an answer may have to go inside another one (SASL2). */
  write(xml: string, nonza?: NonzaName): void;
  /** Keep this for the request by which the client authenticates (SASL2): it goes inside. Without it the client does not ask there. */
  carry?(xml: string, nonza: NonzaName): void;
  /** Close the stream: `</stream:stream>`, flush, then the connection. */
  close(): void;
  /** Drop the connection at once. */
  destroy(): void;
  /** Stop and start reading, for back-pressure while the store is asked. */
  pause(): void;
  resume(): void;
}

/** What of an engine runs a session: that of `smacks`, or of `smacks/client`. */
export interface Engine<R extends Role> {
  readonly drive: Drive<R>;
  traced(listen: (line: TraceLine) => void): Step<R>;
  asksStore(state: State<R>): boolean;
  /** For servers: what asks the store. */
  bindStore?(options: StoreBindingOptions): StoreBinding;
}

export interface SessionOptions<R extends Role = Role> {
  /** From `open` or `restore`. */
  readonly state: State<R>;
  /** Hand a stanza to the application; `position` names it for `app.handled`, null when it is not counted. */
  deliver(stanza: Element, position: number | null): void;
  /** What the application is told. */
  report(report: Report): void;
  /** Servers only: without one, `policy.resume` must be false. */
  readonly store?: SessionStore;
  readonly ids?: IdSource;
  readonly clock?: Clock;
  /** The content namespace, and whether `urn:xmpp:sm:2` is read. Default: jabber:client, and not. */
  readonly reading?: ClassifyOptions;
  readonly trace?: (line: TraceLine) => void;
}

type NonzaName = Nonza['name'];

type Timeless<E> = E extends unknown ? Omit<E, 'at'> : never;

export interface RunningSession<R extends Role = Role> {
  /** The application's side. */
  tell(event: Timeless<AppEvent>): void;
  /** Puts a connection under the session, in place of an earlier one. */
  attach(stream: Stream): LinkHandle;
  readonly state: State<R>;
  /** How a store reaches it: a restored server session is saved with this under its owner and SM-ID. */
  readonly holder: Holder;
}

/** A connection's side. Whatever it says after another connection took its place is dropped. */
export interface LinkHandle {
  /** A child of the stream root, in wire order. False when it is not the business of stream management. */
  receive(element: Element): boolean;
  /** Acts on what `receive` did not take, behind whatever came before it and still waits for the store. */
  inOrder(act: () => void): void;
  /** The input breaks the stream. */
  violated(violation: PeerViolation): void;
  /** The peer closed its stream. */
  closed(): void;
  /** The connection is gone. */
  lost(): void;
}

/** What the peer did: an event, or something that is not the business of stream management. */
type Arrival = { readonly event: PeerEvent; readonly element?: Element } | { readonly act: () => void };

/**
 * @throws TypeError for a server whose policy allows resumption and that has no store
 * @param due effects that `restore` returned, to be carried out first
 */
export type Run<R extends Role = Role> = (options: SessionOptions<R>, due?: readonly Effect[]) => RunningSession<R>;

export const runOn =
  <R extends Role>(engine: Engine<R>): Run<R> =>
  (options, due = []) =>
    running(engine, options, due);

const running = <R extends Role>(
  { drive, traced, asksStore, bindStore }: Engine<R>,
  options: SessionOptions<R>,
  due: readonly Effect[],
): RunningSession<R> => {
  const {
    clock = systemClock,
    ids,
    store,
    reading = { contentNamespace: 'jabber:client', acceptSm2: false },
  } = options;
  if (options.state.role === 'server' && options.state.policy.resume && store === undefined) {
    throw new TypeError('a server that lets sessions be resumed needs a store; policy({ resume: false }) does without');
  }
  const inbox: Arrival[] = [];
  let waiting = false;
  let stream: Stream | undefined;
  let epoch = options.state.role === 'server' ? 0 : options.state.session.link.epoch;
  let arriving: Arrival | undefined;

  const perform = (effect: Effect): void => {
    switch (effect.type) {
      case 'transmit':
      case 'write':
      case 'carry':
      case 'replay':
      case 'stream.error':
      case 'link.close':
        if (effect.epoch === epoch) performOnLink(effect);
        break;
      case 'deliver':
        deliver(effect.position);
        break;
      case 'timer.set':
        timers.set(effect.timer, effect.deadline);
        break;
      case 'timer.clear':
        timers.clear(effect.timer);
        break;
      case 'report': {
        const { type: _type, ...report } = effect;
        guarded(() => options.report(report));
        break;
      }
      default:
        binding?.perform(effect);
    }
  };

  const performOnLink = (effect: Extract<Effect, { readonly epoch: number }>): void => {
    switch (effect.type) {
      case 'transmit':
        write(effect.xml);
        break;
      case 'write':
        write(encodeNonza(effect.nonza, effect.xmlns), effect.nonza.name);
        break;
      case 'carry':
        guarded(() => stream?.carry?.(encodeNonza(effect.nonza, effect.xmlns), effect.nonza.name));
        break;
      case 'replay':
        for (const entry of effect.stanzas) write(entry.stanza);
        break;
      case 'stream.error':
        write(encodeStreamError(effect.violation));
        break;
      case 'link.close':
        closeLink(effect.graceful);
    }
  };

  const deliver = (position: number | null): void => {
    const element = arriving !== undefined && 'event' in arriving ? arriving.element : undefined;
    if (element !== undefined) guarded(() => options.deliver(element, position));
  };

  const closeLink = (graceful: boolean): void => {
    if (!graceful || !isDone(() => stream?.close())) breakLink();
  };

  const write = (xml: string, nonza?: NonzaName): void => {
    if (!isDone(() => stream?.write(xml, nonza))) breakLink();
  };

  /** A stream that throws is as good as gone. */
  const breakLink = (): void => {
    isDone(() => stream?.destroy());
    driver.send({ type: 'link.lost', at: clock.now(), epoch });
  };

  const { trace } = options;
  const driver = drive(options.state, perform, trace && traced((line) => guarded(() => trace(line))));
  const binding = bindStore?.({
    store,
    ids,
    clock,
    send,
    report: (report) => guarded(() => options.report(report)),
  });
  const timers = bindTimers(clock, (timer, at) => send({ type: `timer.${timer}`, at }));

  function send(event: SmEvent): void {
    driver.send(event);
    readInbox();
  }

  /** What the peer did, in wire order, as long as no store is being asked. */
  function readInbox(): void {
    if (arriving !== undefined) return;
    for (let next = inbox[0]; next !== undefined && !asksStore(driver.state); next = inbox[0]) {
      inbox.shift();
      arriving = next;
      if ('act' in next) guarded(next.act);
      else driver.send(next.event);
      arriving = undefined;
    }
    const mustWait = asksStore(driver.state);
    if (mustWait === waiting) return;
    waiting = mustWait;
    isDone(() => (waiting ? stream?.pause() : stream?.resume()));
  }

  function enqueue(arrival: Arrival): void {
    inbox.push(arrival);
    readInbox();
  }

  for (const effect of due) perform(effect);
  return {
    tell: (event) => send(timed(event, clock.now())),
    attach(attached) {
      if (epoch > 0) send({ type: 'link.lost', at: clock.now(), epoch });
      stream = attached;
      epoch += 1;
      const own = epoch;
      if (driver.state.session.link.epoch !== own) send({ type: 'link.opened', at: clock.now(), epoch: own });
      return {
        receive(element) {
          const event = peerEvent(element, reading, clock.now(), own);
          if (event === undefined) return false;
          enqueue({ event, element });
          return true;
        },
        inOrder: (act) => enqueue({ act }),
        violated: (violation) => enqueue({ event: { type: 'peer.violation', at: clock.now(), epoch: own, violation } }),
        closed: () => enqueue({ event: { type: 'peer.closed', at: clock.now(), epoch: own } }),
        lost: () => send({ type: 'link.lost', at: clock.now(), epoch: own }),
      };
    },
    get state() {
      return driver.state;
    },
    holder: binding?.holder ?? NO_HOLDER,
  };
};

/** Stanzas are most of what is told, and an object spread costs more than all that becomes of one. */
const timed = (event: Timeless<AppEvent>, at: number): AppEvent => {
  if (event.type !== 'app.send') return { ...event, at };
  const { stanza, kind, stanzaType, elsewhere, key, mayWait } = event;
  return { type: 'app.send', at, stanza, kind, stanzaType, elsewhere, key, mayWait };
};

/** No store knows a client's session. */
const NO_HOLDER: Holder = { surrender: () => Promise.resolve(undefined), evict() {} };

/** What the application throws is its own affair: it surfaces as an uncaught error and never disturbs the count. */
const guarded = (call: () => unknown): void => {
  try {
    call();
  } catch (thrown) {
    queueMicrotask(() => {
      throw thrown;
    });
  }
};

const isDone = (call: () => void): boolean => {
  try {
    call();
    return true;
  } catch {
    return false;
  }
};
