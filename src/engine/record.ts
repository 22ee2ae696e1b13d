/**
 * The persisted form of a session: our own versioned JSON, with the queue as a flat list. A record leaves out the link, because
 * a link does not survive the process. It contains the deadlines, so that a restored session knows which timers are due.
 */

import { check, isObject } from '../arguments/check.js';
import { fromRuns, type Run, runsOf } from '../core/count-set.js';
import { restoredSession, type Session } from '../core/session.js';
import { type Entry, fromArray, toArray } from '../core/unacked.js';
import type { Role, State } from './step.js';

export interface SessionRecord<R extends Role = Role> extends Pick<Session, (typeof PLAIN_FIELDS)[number]> {
  readonly version: typeof VERSION;
  readonly role: R;
  readonly configuration: string;
  readonly epoch: number;
  /** A text of the embedder, which this package does not read; null when there is none. */
  readonly note: string | null;
  /** Stanzas that were handled before an older one: runs of counts above `handled`, in order. */
  readonly handledOutOfOrder: readonly Run[];
  readonly unacked: readonly Entry[];
}

export const VERSION = 4;

const PLAIN_FIELDS = [
  'owner',
  'smId',
  'max',
  'location',
  'delivered',
  'handled',
  'acked',
  'totalAcked',
  'written',
  'timers',
] as const satisfies readonly (keyof Session)[];

/**
 * The state as a record, for `JSON.stringify`; `restore` and `restoreSession` read it. It has the SM-ID, which is a secret.
 *
 * @param note a text of yours that belongs to the session, such as the full JID and the last presence; null: none
 * @throws TypeError when the argument is not a state, or the note is not text or null
 */
export const toRecord = (state: State, note: string | null = null): SessionRecord => {
  check(isObject(state) && isObject(state.session), 'state', 'the state of a session', state);
  checkNote(note);
  return recordOf(state, note);
};

export const checkNote = (note: string | null): void =>
  check(note === null || typeof note === 'string', 'note', 'text or null', note);

export const recordOf = <R extends Role>(
  { role, configuration, session }: Omit<State<R>, 'policy'>,
  note: string | null,
): SessionRecord<R> => {
  const { handled, handledOutOfOrder, unacked, link } = session;
  const plain = Object.fromEntries(PLAIN_FIELDS.map((name) => [name, session[name]])) as Pick<
    Session,
    (typeof PLAIN_FIELDS)[number]
  >;
  return {
    version: VERSION,
    role,
    configuration,
    epoch: link.epoch,
    note,
    ...plain,
    handledOutOfOrder: runsOf(handledOutOfOrder, handled),
    unacked: toArray(unacked),
  };
};

/** The session of a record. Its link has the number that it had, and nothing else of it. */
export const sessionOf = (record: SessionRecord): Session => {
  const { version: _version, role: _role, configuration: _configuration, note: _note, epoch, ...fields } = record;
  const handledOutOfOrder = fromRuns(record.handledOutOfOrder);
  return restoredSession({ ...fields, handledOutOfOrder, unacked: fromArray(record.unacked) }, epoch);
};
