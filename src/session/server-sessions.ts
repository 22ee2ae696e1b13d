/** The sessions of one server: one object holds their shared data, so that each session needs little memory. */

import { check, checkMethods, checkObject } from '../arguments/check.js';
import {
  advance,
  type Either,
  hasTag,
  open,
  type PolicyChanges,
  policy as policyWith,
  type Role,
  restore,
  type State,
  type StoreFault,
  traced,
} from '../index.js';
import type { Clock, IdSource, SessionStore } from '../ports/index.js';
import { encodeNonza, peerEvent } from '../xml.js';
import { checkSessionOptions } from './arguments.js';
import { Claims } from './claims.js';
import {
  type Codec,
  clockOf,
  type Engine,
  type LateText,
  type ReadingOptions,
  readingOf,
  tracedEngine,
} from './environment.js';
import { randomIds } from './random-ids.js';
import {
  RunningServerSession,
  type ServerEnvironment,
  type ServerHandlers,
  type ServerSession,
} from './server-session.js';
import { timersOn } from './timer-queue.js';

export interface SessionsOptions<Data = undefined> extends ServerHandlers<Data> {
  /** Replaces some fields of the defaults; docs/3-policy.md describes each field. */
  readonly policy?: PolicyChanges | undefined;
  /** Keeps the sessions that clients can resume; not needed when `policy.resume` is false. */
  readonly store?: SessionStore | undefined;
  /** Default: the system's clock. */
  readonly clock?: Clock | undefined;
  /** Makes the SM-IDs. Default: 192 random bits from the platform's cryptographic source. */
  readonly ids?: IdSource | undefined;
  /** How the session reads its stream. Default: `jabber:client`, and `urn:xmpp:sm:3` alone. */
  readonly reading?: ReadingOptions | undefined;
  /** Makes the text of a stanza that is written late, with a delay stamp (XEP-0203): see `stampText` of `smacks/xml`. Default: as it was sent. */
  readonly lateText?: LateText | undefined;
}

/** @typeParam Data the data that the embedder keeps with each session */
export interface ServerSessions<Data = undefined> {
  /** Makes a session for an accepted connection: call `attach` next. A resumed session continues on the connection that asked for it. */
  accept(...data: DataArgument<Data>): ServerSession<Data>;
  /**
   * Restores the session of a `toRecord` record, without a connection, and saves it in the store. Timers that are due, such as the
   * end of its hibernation, fire at once.
   *
   * @param record the result of `JSON.parse`; a record belongs to one process at a time
   * @returns a StoreFault when `record` is not the record of a server's session
   */
  restore(record: unknown, ...data: DataArgument<Data>): Either<StoreFault, ServerSession<Data>>;
}

/** Absent in sessions without a trace. */
export type DataArgument<Data> = undefined extends Data ? [data?: Data] : [data: Data];

/**
 * @throws TypeError that names the option: an unknown option, a missing handler, a missing store that the policy needs, each wrong field of the
 * policy
 */
export const createSessions = <Data = undefined>(options: SessionsOptions<Data>): ServerSessions<Data> => {
  checkOptions(options);
  const { store, ids = randomIds } = options;
  const clock = clockOf(options.clock);
  const policy = policyWith(options.policy);
  check(
    store !== undefined || !policy.resume,
    'options.store',
    'a session store, because sessions can be resumed; { policy: { resume: false } } needs none',
    store,
  );
  const environment: ServerEnvironment<Data> = {
    engine: ENGINE,
    codec: CODEC,
    clock,
    timers: timersOn(clock),
    reading: readingOf(options.reading),
    lateText: options.lateText,
    handlers: options,
    store,
    ids,
    claims: new Claims(),
  };

  const begin = (state: State, [data]: DataArgument<Data>): RunningServerSession<Data> => {
    if (options.onTrace === undefined) return new RunningServerSession(environment, state, data as Data);
    const session: RunningServerSession<Data> = new RunningServerSession(
      { ...environment, engine: tracedEngine(ENGINE, traced, (line) => options.onTrace?.(session, line)) },
      state,
      data as Data,
    );
    return session;
  };

  return {
    accept: (...data) => begin(open('server', policy), data),
    restore(record, ...data) {
      const restored = restore(record, policy, clock.now());
      if (restored._tag === 'Left') return restored;
      const [state, due] = restored.right;
      if (state.role !== 'server')
        return { _tag: 'Left', left: { kind: 'storeFault', reason: 'this is the record of a client' } };
      const session = begin(state, data);
      session.restored(due);
      return { _tag: 'Right', right: session };
    },
  };
};

/** Remembers the last answer: most sessions are in the same state as the session before. */
const asksStore = (() => {
  let known: string | undefined;
  let answer = false;
  return (state: State): boolean => {
    if (state.configuration !== known) {
      answer = hasTag(state, 'asksStore');
      known = state.configuration;
    }
    return answer;
  };
})();

const OPTIONS: Readonly<Record<keyof SessionsOptions, true>> = {
  policy: true,
  store: true,
  clock: true,
  ids: true,
  reading: true,
  lateText: true,
  onStanza: true,
  onReport: true,
  onTrace: true,
};

const CODEC: Codec = { peerEvent, encodeNonza };

const ENGINE: Engine<Role> = { advance, hasTag, asksStore };

const checkOptions = <Data>(options: SessionsOptions<Data>): void => {
  checkObject('options', options);
  const { onTrace, store, ids } = options;
  checkSessionOptions(options, OPTIONS, onTrace === undefined ? [] : ['onTrace']);
  if (store !== undefined) checkMethods('options.store', store, ['save', 'claim', 'hibernate', 'expire', 'forget']);
  if (ids !== undefined) checkMethods('options.ids', ids, ['smId']);
};
