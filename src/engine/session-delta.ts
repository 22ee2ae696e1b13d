/**
 * A delta: what changed in a session since its record, or since the delta before. It has the version and the fields of a record, as plain
 * JSON. The record of a session and all deltas since then, in order, give the record of now (`recordAfter`).
 */
import { check, isObject } from '../arguments/check.js';
import { type Delta, difference, type HeadChanges } from '../core/delta.js';
import { checkNote, VERSION } from './record.js';
import type { State } from './step.js';

export interface SessionDelta extends Omit<Delta, 'head'> {
  readonly version: typeof VERSION;
  /** The other fields of the record that change; null when none changes. */
  readonly head: RecordChanges | null;
}

/** Fields of a record with their later values; a field that is absent is as before. */
export interface RecordChanges extends HeadChanges {
  readonly configuration?: string;
  readonly note?: string | null;
}

/**
 * What changed between two states of one session, any number of steps apart, for a store that has the earlier one. It takes O(stanzas and
 * counts that changed), at any length of the queue. It has stanzas, and may have the SM-ID: both are secrets.
 *
 * Two states that are not of one session give a delta too: it takes every stanza out of the queue and brings the whole later queue.
 *
 * @param note your text, when it is another one than in the store; leave it out when it is as before
 * @returns null when nothing changed that a record contains
 * @throws TypeError when an argument is not a state, when the states are not of one role, or when the note is not text or null
 */
export const toDelta = (stored: PlacedSession, now: PlacedSession, note?: string | null): SessionDelta | null => {
  check(isObject(stored) && isObject(stored.session), 'stored', 'the state of a session', stored);
  check(isObject(now) && isObject(now.session) && now.role === stored.role, 'now', 'a state of the same role', now);
  if (note !== undefined) checkNote(note);
  const found = difference(stored.session, now.session);
  const isMoved = stored.configuration !== now.configuration;
  if (found === null && !isMoved && note === undefined) return null;
  const { trimmed, appended, head } = found ?? NO_CHANGE;
  if (!isMoved && note === undefined) return { version: VERSION, trimmed, appended, head };
  const more = {
    ...head,
    ...(isMoved ? { configuration: now.configuration } : {}),
    ...(note === undefined ? {} : { note }),
  };
  return { version: VERSION, trimmed, appended, head: more };
};

/** A session and its position in the chart. */
export type PlacedSession = Omit<State, 'policy'>;

const NO_CHANGE: Delta = { trimmed: 0, appended: [], head: null };
