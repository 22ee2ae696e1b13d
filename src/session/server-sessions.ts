/** The sessions of one server: one object holds what they share, so that a session costs no more than itself. */

import { check } from '../engine/arguments.js';
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
import { checkHandlers, checkMethods } from './arguments.js';
import { clockOf, type Engine, type ReadingOptions, readingOf, tracedEngine } from './environment.js';
import { randomIds } from './random-ids.js';
import {
  RunningServerSession,
  type ServerEnvironment,
  type ServerHandlers,
  type ServerSession,
} from './server-session.js';
import { timersOn } from './timer-queue.js';

export interface SessionsOptions<Data = undefined> extends ServerHandlers<Data> {
  /** The defaults with some fields replaced; docs/3-policy.md has each. */
  readonly policy?: PolicyChanges | undefined;
  /** Where sessions are found again; not needed when `policy.resume` is false. */
  readonly store?: SessionStore | undefined;
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
  /** Where SM-IDs come from. Default: 192 bits from the platform's cryptographic source. */
  readonly ids?: IdSource | undefined;
  readonly reading?: ReadingOptions | undefined;
}

/** @typeParam Data what the embedder keeps with each session */
export interface ServerSessions<Data = undefined> {
  /** A new session, for a connection that was accepted: `attach` comes next. A session that is resumed later goes on under the connection that asks. */
  accept(...data: DataArgument<Data>): ServerSession<Data>;
  /**
   * The session that a record of `toRecord` describes, without a connection: the store knows it from now on. What is due, such as
   * the end of its hibernation, is carried out.
   *
   * @param record what `JSON.parse` gave; a record belongs to one process at a time
   * @returns a StoreFault for anything that is no record of a server's session
   */
  restore(record: unknown, ...data: DataArgument<Data>): Either<StoreFault, ServerSession<Data>>;
}

/** Left out where there is none. */
export type DataArgument<Data> = undefined extends Data ? [data?: Data] : [data: Data];

/**
 * @throws TypeError that names the option: a handler that is missing, a store that is needed and missing, each wrong field of the
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
    clock,
    timers: timersOn(clock),
    reading: readingOf(options.reading),
    handlers: options,
    store,
    ids,
    claims: new Map(),
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

/** Most sessions are in the same state as the one before, and the answer is the same. */
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

const ENGINE: Engine<Role> = { advance, hasTag, asksStore };

const checkOptions = (options: SessionsOptions<never>): void => {
  checkHandlers(options);
  const { store, ids } = options;
  if (store !== undefined) checkMethods('options.store', store, ['save', 'claim', 'hibernate', 'expire', 'forget']);
  if (ids !== undefined) checkMethods('options.ids', ids, ['smId']);
};
