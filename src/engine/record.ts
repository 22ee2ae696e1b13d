/**
 * The persisted form of a session: our own versioned JSON, with the queue as a flat list. A record leaves out the link, because
 * a link does not survive the process. It contains the deadlines, so that a restored session knows which timers are due.
 */

import { check, isObject } from '../arguments/check.js';
import { type Run, runsOf } from '../core/count-set.js';
import type { Session } from '../core/session.js';
import { type Entry, toArray } from '../core/unacked.js';
import type { Role, State } from './step.js';

export interface SessionRecord<R extends Role = Role> extends Pick<Session, (typeof PLAIN_FIELDS)[number]> {
  readonly version: typeof VERSION;
  readonly role: R;
  readonly configuration: string;
  readonly epoch: number;
  /** Stanzas that were handled before an older one: runs of counts above `handled`, in order. */
  readonly handledOutOfOrder: readonly Run[];
  readonly unacked: readonly Entry[];
}

export const VERSION = 3;

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
 * @throws TypeError when the argument is not a state
 */
export const toRecord = (state: State): SessionRecord => {
  check(isObject(state) && isObject(state.session), 'state', 'the state of a session', state);
  const { handled, handledOutOfOrder, unacked, link } = state.session;
  const plain = Object.fromEntries(PLAIN_FIELDS.map((name) => [name, state.session[name]])) as Pick<
    Session,
    (typeof PLAIN_FIELDS)[number]
  >;
  return {
    version: VERSION,
    role: state.role,
    configuration: state.configuration,
    epoch: link.epoch,
    ...plain,
    handledOutOfOrder: runsOf(handledOutOfOrder, handled),
    unacked: toArray(unacked),
  };
};
