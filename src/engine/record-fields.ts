/**
 * What each field of a record must be. Records and deltas have the same fields, so they share these decoders. The check of some fields needs
 * another field, and does without it when the other field is absent, as in a delta.
 */
import type { Run } from '../core/count-set.js';
import {
  type Decoder,
  type Fields,
  isObject,
  isWhole,
  list,
  must,
  object,
  oneOf,
  text,
  textOrNull,
  wholeNumber,
} from '../core/decoding.js';
import type { CountChanges } from '../core/delta.js';
import { isLeft, left, right } from '../core/fp-ts.js';
import type { StanzaKind } from '../core/nonzas.js';
import type { Timers } from '../core/session.js';
import { plus, span, type Uint32, ZERO } from '../core/uint32.js';
import type { Entry } from '../core/unacked.js';
import { isConfiguration } from './configuration.js';
import type { SessionRecord } from './record.js';
import type { Role, Tables } from './step.js';

/** A record without its queue: the small part. */
export type RecordHead = Omit<SessionRecord, 'version' | 'role' | 'unacked'>;

type DecodersOf<A> = { readonly [name in keyof A]: Decoder<A[name]> };

export const headFieldsOn = <R extends Role>(tables: Tables<R>): DecodersOf<RecordHead> => {
  const has = (role: unknown, configuration: string): boolean =>
    !isRole(tables, role) || isConfiguration(tables[role], configuration);
  const hibernates = ({ role, configuration }: Fields): boolean =>
    isRole(tables, role) && typeof configuration === 'string' && tables[role].hasTag(configuration, 'hibernating');
  /** A session that hibernates has an owner and an SM-ID: without them no link can resume it. */
  const textIfHibernating = must(
    'text, or null when the session does not hibernate',
    (value, around): value is string | null => typeof value === 'string' || (value === null && !hibernates(around)),
  );
  /** The embedder of a server learns from this timer that no client comes back. */
  const withDeadline: Decoder<Timers> = (value, around) =>
    isObject(value) && value.resumption === null && around.role === 'server' && hibernates(around)
      ? left(['.resumption must be a time in milliseconds: the session hibernates'])
      : TIMERS(value, around);
  return {
    configuration: must(
      'a configuration of the chart of its role',
      (value, { role }): value is string => typeof value === 'string' && has(role, value),
    ),
    epoch: COUNT,
    note: textOrNull,
    owner: textIfHibernating,
    smId: textIfHibernating,
    max: TIME,
    location: textOrNull,
    delivered: COUNT,
    handled: UINT32,
    handledOutOfOrder: orderedRuns,
    acked: UINT32,
    totalAcked: UINT32,
    written: must(
      'a whole number from 0 to the length of unacked',
      (value, { unacked }): value is number =>
        isWhole(value) && value >= 0 && !(Array.isArray(unacked) && value > unacked.length),
    ),
    timers: withDeadline,
  };
};

export const KINDS = ['message', 'presence', 'iq'] as const satisfies readonly StanzaKind[];

/** A stanza whose size in bytes is the length of its text has no `bytes`. */
const SIZE: Decoder<number | undefined> = (value, around) =>
  value === undefined ? right(undefined) : wholeNumber(0)(value, around);

const isRole = <R extends Role>(tables: Tables<R>, role: unknown): role is R =>
  typeof role === 'string' && Object.hasOwn(tables, role);

const COUNT = wholeNumber(0);
const UINT32 = wholeNumber<Uint32>(0, 0xffffffff);

export const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

/** Seconds or milliseconds. */
const TIME = must('a number, 0 or more', isTime);
const DEADLINE = must(
  'a time in milliseconds or null',
  (value): value is number | null => value === null || isTime(value),
);

const RUN = must(
  'a count from 0 to 4294967295 and a length of 1 or more',
  (value): value is Run =>
    Array.isArray(value) &&
    value.length === 2 &&
    isWhole(value[0]) &&
    value[0] >= 0 &&
    value[0] <= 0xffffffff &&
    isWhole(value[1]) &&
    value[1] >= 1 &&
    value[1] <= MOST_OUT_OF_ORDER,
);

const TIMERS = object<Timers>({
  ackIdle: DEADLINE,
  ackWait: DEADLINE,
  overflowGrace: DEADLINE,
  resumption: DEADLINE,
  storeWait: DEADLINE,
});

/** A queue, oldest first. */
export const ENTRIES: Decoder<readonly Entry[]> = list(
  object<Entry>({ xml: text, kind: oneOf(KINDS), type: text, at: TIME, key: textOrNull, bytes: SIZE }),
);

/** A bound for a record that lies: its counts together, and the distance between two of them. */
export const MOST_OUT_OF_ORDER = 1_000_000;

const runs = list(RUN);

/** Runs above `handled`, in order and apart from each other. */
const orderedRuns: Decoder<readonly Run[]> = (value, around) => {
  const read = runs(value, around);
  if (isLeft(read) || !isWhole(around.handled) || isOrdered(read.right, around.handled as Uint32)) return read;
  return left([' must be runs above handled, in order and apart']);
};

const runsApart: Decoder<readonly Run[]> = (value, around) => {
  const read = runs(value, around);
  if (isLeft(read) || isOrdered(read.right, plus(read.right[0]?.[0] ?? ZERO, -1))) return read;
  return left([' must be runs in order and apart']);
};

/** How a delta changes `handledOutOfOrder`. */
export const COUNT_CHANGES = object<CountChanges>({ added: runsApart, removed: runsApart });

const isOrdered = (ordered: readonly Run[], from: Uint32): boolean => {
  let end = from;
  let total = 0;
  for (const [first, length] of ordered) {
    const gap = span(end, first);
    total += length;
    if (gap < 1 || gap > MOST_OUT_OF_ORDER || total > MOST_OUT_OF_ORDER) return false;
    end = plus(first, length - 1);
  }
  return true;
};
