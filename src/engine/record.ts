/**
 * The persisted form of a session: our own versioned JSON, with the queue as a flat list. A record leaves out the link, because
 * a link does not survive the process. It contains the deadlines, so that a restored session knows which timers are due.
 */
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

export const toRecord = (state: State): SessionRecord => {
  const {
    owner,
    smId,
    max,
    location,
    delivered,
    handled,
    handledOutOfOrder,
    acked,
    totalAcked,
    written,
    timers,
    link,
    unacked,
  } = state.session;
  return {
    version: VERSION,
    role: state.role,
    configuration: state.configuration,
    epoch: link.epoch,
    owner,
    smId,
    max,
    location,
    delivered,
    handled,
    handledOutOfOrder: runsOf(handledOutOfOrder, handled),
    acked,
    totalAcked,
    written,
    timers,
    unacked: toArray(unacked),
  };
};
