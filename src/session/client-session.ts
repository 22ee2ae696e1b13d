/** Running sessions of the initiating entity: a client, or a server on a stream that it opens to another server. */
import { checkFlag, checkNames } from '../arguments/check.js';
import { advance, hasTag, openUnchecked, type PolicyChanges, policy, restore, type State } from '../engine/client.js';
import type { Effect, Either, Report, StoreFault, TraceLine } from '../index.js';
import type { Clock } from '../ports/index.js';
import { encodeFromClient, peerEventFromServer } from '../xml/client.js';
import type { Element } from '../xml.js';
import { checkOwner, checkSessionOptions } from './arguments.js';
import { BaseSession } from './base-session.js';
import {
  type Codec,
  clockOf,
  type Engine,
  type Environment,
  type LateText,
  type ReadingOptions,
  readingOf,
  type Traced,
  tracedEngine,
} from './environment.js';
import type { RunningSession } from './running-session.js';
import { bindTimers } from './timers.js';

export interface ClientSessionOptions {
  /** Replaces some fields of the defaults; docs/3-policy.md describes each field. */
  readonly policy?: PolicyChanges | undefined;
  /** Default: the system's clock. */
  readonly clock?: Clock | undefined;
  /** How the session reads its stream. Default: `jabber:client`, and `urn:xmpp:sm:3` alone. */
  readonly reading?: ReadingOptions | undefined;
  /** Makes the text of a stanza that is written late, with a delay stamp (XEP-0203): see `stampText` of `smacks/xml`. Default: as it was sent. */
  readonly lateText?: LateText | undefined;
  /**
   * A stanza arrived. The session has counted it before this call.
   *
   * @param position names the stanza for `handled`, 1 or more; null when the stanza is not counted
   */
  onStanza(stanza: Element, position: number | null): void;
  /** Something happened to the session: `report.type` says what. */
  onReport(report: Report): void;
  /** Gets every step of the session, for inspectors and logs: SM-IDs shortened, negotiation left out. It needs `traced`. */
  onTrace?(line: TraceLine): void;
  /** The function `traced` of `smacks/client`. The caller passes it in, so that a client without a trace does not load it. */
  readonly traced?: Traced<'client'> | undefined;
}

export interface ClientSession<Data = unknown> extends RunningSession<Data> {
  /**
   * A SASL2 request is about to start authentication. It can carry other requests: the session gives `<resume/>`, if it has a session
   * to resume, and `<enable/>` to `stream.carry` (I-5). Call it when the server's features offer SASL2.
   */
  authenticating(): void;
  /**
   * Authentication has completed (E-1).
   *
   * @param owner the bare JID of the account. A session of another account that waits for resumption ends, and returns its stanzas
   * @param carried `resuming`: the request carried `<resume/>`, and its answer follows (I-5)
   * @throws TypeError that names the argument: `owner` is not a bare JID, or `carried` is not such an object
   */
  authenticated(owner: string, carried?: { readonly resuming?: boolean | undefined }): void;
  /**
   * A resource is bound (E-2): call `enable` or `decline` next. A session that waits for resumption ends: it was not resumed.
   *
   * @param carried `enabling`: the request carried `<enable/>`, and its answer follows (I-5)
   * @throws TypeError that names the argument, when `carried` is not such an object
   */
  bound(carried?: { readonly enabling?: boolean | undefined }): void;
  /** Asks for stream management: writes `<enable/>`. Call it when `canEnable` is true and the features offer `<sm/>` (E-8, R-1). */
  enable(): void;
  /**
   * Asks the server to resume the session: writes `<resume/>`. Call it when `canResume` is true, instead of binding. A
   * `resumed` report follows, or a `resumptionFailed` report: then bind a resource on the same stream.
   */
  resume(): void;
  /** Uses the stream without stream management, for example when the server has none: stanzas are written and returned as `unmanaged`. */
  decline(): void;
  /** A resource is bound, or the domain verified, and neither `enable` nor `decline` was called on this stream. */
  readonly canEnable: boolean;
  /** The session waits for `resume`: the new stream is authenticated or verified, and nothing is bound on it. */
  readonly canResume: boolean;
  /** The server's preferred address for a resumption (E-7, R-16): a host, or host:port. Null when the server named no address. */
  readonly location: string | null;
  /** The session as a value: plain JSON, for `toRecord`, for `hasTag` and for inspectors. */
  readonly state: State<'client'>;
}

/**
 * Makes a new session.
 *
 * @throws TypeError that names the option: an unknown option, a missing handler, `onTrace` without `traced` or the reverse, each
 * wrong field of the policy
 */
export const createSession: CreateSession = (options: Options) => {
  checkOptions(options);
  return start(options, openUnchecked(policy(options.policy)));
};

interface CreateSession {
  <Data>(options: ClientSessionOptions & { readonly data: Data }): ClientSession<Data>;
  (options: ClientSessionOptions): ClientSession<undefined>;
}

/**
 * Restores the session of a `toRecord` record, without a connection. Timers that are due, such as the end of its hibernation, fire
 * at once.
 *
 * @param record the result of `JSON.parse`; a record belongs to one process at a time
 * @returns a StoreFault when `record` is not the record of a client's session
 * @throws the same errors as `createSession`
 */
export const restoreSession: RestoreSession = (record: unknown, options: Options) => {
  checkOptions(options);
  const restored = restore(record, policy(options.policy), clockOf(options.clock).now());
  return restored._tag === 'Left' ? restored : ({ _tag: 'Right', right: start(options, ...restored.right) } as const);
};

interface RestoreSession {
  <Data>(
    record: unknown,
    options: ClientSessionOptions & { readonly data: Data },
  ): Either<StoreFault, ClientSession<Data>>;
  (record: unknown, options: ClientSessionOptions): Either<StoreFault, ClientSession<undefined>>;
}

type Options = ClientSessionOptions & { readonly data?: undefined };

/** Each session of a client has its own environment and timers, because a client has few sessions. */
interface ClientEnvironment extends Environment<'client'> {
  readonly handlers: Pick<ClientSessionOptions, 'onStanza' | 'onReport'>;
}

class RunningClientSession<Data> extends BaseSession<'client', ClientEnvironment, Data> implements ClientSession<Data> {
  authenticating(): void {
    this.dispatch({ type: 'app.authenticating', at: this.clock.now() });
  }

  authenticated(owner: string, carried: { readonly resuming?: boolean | undefined } = {}): void {
    checkOwner(owner);
    checkNames('carried', carried, { resuming: true });
    const { resuming } = carried;
    checkFlag('carried.resuming', resuming);
    this.dispatch({ type: 'app.authenticated', at: this.clock.now(), owner, ...(resuming && { resuming }) });
  }

  bound(carried: { readonly enabling?: boolean | undefined } = {}): void {
    checkNames('carried', carried, { enabling: true });
    const { enabling } = carried;
    checkFlag('carried.enabling', enabling);
    this.dispatch({ type: 'app.bound', at: this.clock.now(), ...(enabling && { enabling }) });
  }

  enable(): void {
    this.dispatch({ type: 'app.enable', at: this.clock.now() });
  }

  resume(): void {
    this.dispatch({ type: 'app.resume', at: this.clock.now() });
  }

  decline(): void {
    this.dispatch({ type: 'app.decline', at: this.clock.now() });
  }

  get canEnable(): boolean {
    return hasTag(this.state, 'canEnable');
  }

  get canResume(): boolean {
    return hasTag(this.state, 'canResume');
  }

  get location(): string | null {
    return this.state.session.location;
  }

  protected override hand(element: Element, position: number | null): void {
    this.environment.handlers.onStanza(element, position);
  }

  protected override hear(report: Report): void {
    this.environment.handlers.onReport(report);
  }

  /** A client has no store. */
  protected override performInStore(): void {}
}

const checkOptions = (options: Options): void => {
  const isTraced = (options?.onTrace ?? options?.traced) !== undefined;
  checkSessionOptions(options, OPTIONS, isTraced ? ['onTrace', 'traced'] : []);
};

const OPTIONS: Readonly<Record<keyof Options, true>> = {
  policy: true,
  clock: true,
  reading: true,
  lateText: true,
  onStanza: true,
  onReport: true,
  onTrace: true,
  traced: true,
  data: true,
};

const CODEC: Codec = { peerEvent: peerEventFromServer, encodeNonza: encodeFromClient };

const ENGINE: Engine<'client'> = { advance, hasTag, asksStore: () => false };

const start = <Data>(
  options: ClientSessionOptions & { readonly data?: Data },
  state: State<'client'>,
  due: readonly Effect[] = [],
): ClientSession<Data> => {
  const clock = clockOf(options.clock);
  const environment: ClientEnvironment = {
    engine: engineOf(options),
    codec: CODEC,
    clock,
    timers: bindTimers(clock),
    reading: readingOf(options.reading),
    lateText: options.lateText,
    handlers: options,
  };
  const session = new RunningClientSession(environment, state, options.data as Data);
  for (const effect of due) session.perform(effect);
  return session;
};

const engineOf = <Data>(options: ClientSessionOptions & { readonly data?: Data }): Engine<'client'> =>
  options.onTrace === undefined || options.traced === undefined
    ? ENGINE
    : tracedEngine(ENGINE, options.traced, (line) => options.onTrace?.(line));
