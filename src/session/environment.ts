/** The environment of a session: its engine, its clock, and its way to read input. The sessions of one server share one environment. */

import { check, checkFlag, checkMethods, checkNames } from '../arguments/check.js';
import type { Advance, Entry, Nonza, Role, SmNamespace, State, Step, Tag, TraceLine } from '../index.js';
import type { Clock } from '../ports/index.js';
import { CLIENT, type ClassifyOptions, type peerEvent, SERVER } from '../xml.js';
import { guarded } from './guarded.js';
import type { SharedTimers } from './timer-queue.js';
import { systemClock } from './timers.js';

export interface Environment<R extends Role> {
  readonly engine: Engine<R>;
  readonly codec: Codec;
  readonly clock: Clock;
  readonly timers: SharedTimers;
  readonly reading: ClassifyOptions;
  readonly lateText: LateText | undefined;
}

/**
 * Makes the text of a stanza that is written late: it is older than the connection, or more than a second old. The queue keeps the
 * stanza as it was sent, so a stanza that is written late twice gets one delay stamp each time (XEP-0203).
 */
export type LateText = (stanza: Entry) => string;

/** Reads and writes the elements of stream management: all of them, or those that a client gets and sends. */
export interface Codec {
  readonly peerEvent: typeof peerEvent;
  encodeNonza(nonza: Nonza, xmlns: SmNamespace): string;
}

/** The part of the `smacks` or `smacks/client` engine that runs a session. */
export interface Engine<R extends Role> {
  readonly advance: Advance<R>;
  hasTag(state: State<R>, tag: Tag): boolean;
  /** Whether the state waits for an answer of the store. The loop calls this twice for each stanza, so it must be fast. */
  asksStore(state: State<R>): boolean;
}

/** `traced` of `smacks`, or of `smacks/client`. */
export type Traced<R extends Role> = (listen: (line: TraceLine) => void) => Step<R>;

/** How a session reads its stream. */
export interface ReadingOptions {
  /** The stream's content namespace: 'jabber:client' (the default), or 'jabber:server' between servers. */
  readonly contentNamespace?: ClassifyOptions['contentNamespace'] | undefined;
  /** Whether `urn:xmpp:sm:2` is read too, and answered in kind. Default false. */
  readonly acceptSm2?: boolean | undefined;
}

/** @throws TypeError that names the option */
export const readingOf = (reading: ReadingOptions = {}): ClassifyOptions => {
  checkNames('options.reading', reading, { contentNamespace: true, acceptSm2: true });
  const { contentNamespace = CLIENT, acceptSm2 = false } = reading;
  check(
    contentNamespace === CLIENT || contentNamespace === SERVER,
    'options.reading.contentNamespace',
    `'${CLIENT}' or '${SERVER}'`,
    contentNamespace,
  );
  checkFlag('options.reading.acceptSm2', acceptSm2);
  return { contentNamespace, acceptSm2 };
};

/** @throws TypeError that names the option */
export const clockOf = (clock: Clock = systemClock): Clock => {
  checkMethods('options.clock', clock, ['now', 'at']);
  return clock;
};

/** The engine of one traced session: a trace belongs to one session. An error that `listen` throws does not disturb the session. */
export const tracedEngine = <R extends Role>(
  engine: Engine<R>,
  traced: Traced<R>,
  listen: (line: TraceLine) => void,
): Engine<R> => {
  const step = traced((line) => guarded(() => listen(line)));
  return { ...engine, advance: (loop, event) => engine.advance(loop, event, step) };
};
