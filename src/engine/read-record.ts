/** Reads a record from outside: gives the record of a session, or a fault that lists every error in it. */

import type { Run } from '../core/count-set.js';
import {
  type Decoder,
  type Faults,
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
import type { Returned } from '../core/effects.js';
import type { StoreFault } from '../core/failures.js';
import { type Either, isLeft, left, mapLeft, pipe, right } from '../core/fp-ts.js';
import type { StanzaKind } from '../core/nonzas.js';
import type { Timers } from '../core/session.js';
import type { Uint32 } from '../core/uint32.js';
import { plus, span } from '../core/uint32.js';
import type { Entry } from '../core/unacked.js';
import { isConfiguration } from './configuration.js';
import { type SessionRecord, VERSION } from './record.js';
import type { Role, Tables } from './step.js';

/** Why a record cannot be continued, and the stanzas of its queue, oldest first: each of them may still get another fate (design law 8). */
export interface RecordFault extends StoreFault {
  readonly stanzas: readonly Returned[];
}

/** @returns a fault whose reason says what each wrong field must be. The reason shows no value: stanzas and the SM-ID are secrets. */
export const readRecordOn = <R extends Role>(tables: Tables<R>) => {
  const fields = fieldsOn(tables);
  return (value: unknown): Either<RecordFault, SessionRecord<R>> => {
    const record = ofThisVersion(value);
    return pipe(
      isObject(record) && record.version !== VERSION ? OTHER_VERSION : fields(record, {}),
      mapLeft((faults) => ({ kind: 'storeFault', reason: reasonOf(faults), stanzas: stanzasIn(value) })),
    );
  };
};

/** A stanza whose size in bytes is the length of its text has no `bytes`. */
const SIZE: Decoder<number | undefined> = (value, around) =>
  value === undefined ? right(undefined) : wholeNumber(0)(value, around);

/** The fields of another version have other meanings. */
const OTHER_VERSION: Either<Faults, never> = left([`.version must be ${VERSION}`]);

/** Version 2 had no `delivered`. No session delivers so many stanzas, so a position of before is not given again. */
const DELIVERED_UNKNOWN = 2 ** 40;

/** The record in this version. A record of another version has fields with other meanings: it keeps its version, and is refused. */
const ofThisVersion = (value: unknown): unknown =>
  isObject(value) && value.version === 2
    ? { ...value, version: VERSION, delivered: DELIVERED_UNKNOWN, timers: withStoreWait(value.timers) }
    : value;

const withStoreWait = (timers: unknown): unknown => (isObject(timers) ? { ...timers, storeWait: null } : timers);

/** What can be read of the queue of any record. A stanza may have been written, unless the record says that it was not. */
const stanzasIn = (value: unknown): readonly Returned[] => {
  if (!isObject(value) || !Array.isArray(value.unacked)) return [];
  const { written } = value;
  return value.unacked.flatMap((entry: unknown, index) =>
    isObject(entry) && typeof entry.xml === 'string' && KINDS.some((kind) => kind === entry.kind)
      ? [
          {
            xml: entry.xml,
            kind: entry.kind as StanzaKind,
            type: typeof entry.type === 'string' ? entry.type : '',
            at: isTime(entry.at) ? entry.at : 0,
            key: typeof entry.key === 'string' ? entry.key : null,
            written: !isWhole(written) || index < written,
          },
        ]
      : [],
  );
};

const KINDS = ['message', 'presence', 'iq'] as const satisfies readonly StanzaKind[];

/** Keeps a log line readable when every stanza of a long queue is wrong. */
const MOST_FAULTS = 50;

const reasonOf = (faults: Faults): string => {
  const named = faults.slice(0, MOST_FAULTS).map((fault) => `record${fault}`);
  const rest = faults.length - named.length;
  return [...named, ...(rest > 0 ? [`${rest} more faults`] : [])].join('; ');
};

const fieldsOn = <R extends Role>(tables: Tables<R>): Decoder<SessionRecord<R>> => {
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
  return object<SessionRecord<R>>({
    version: () => right(VERSION),
    role: oneOf(Object.keys(tables) as R[]),
    configuration: must(
      'a configuration of the chart of its role',
      (value, { role }): value is string => typeof value === 'string' && has(role, value),
    ),
    epoch: COUNT,
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
    unacked: list(object<Entry>({ xml: text, kind: oneOf(KINDS), type: text, at: TIME, key: textOrNull, bytes: SIZE })),
  });
};

const isRole = <R extends Role>(tables: Tables<R>, role: unknown): role is R =>
  typeof role === 'string' && Object.hasOwn(tables, role);

const COUNT = wholeNumber(0);
const UINT32 = wholeNumber<Uint32>(0, 0xffffffff);

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;

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

/** A bound for a record that lies: its counts together. */
const MOST_OUT_OF_ORDER = 1_000_000;

const runs = list(RUN);

/** Runs above `handled`, in order and apart from each other. */
const orderedRuns: Decoder<readonly Run[]> = (value, around) => {
  const read = runs(value, around);
  if (isLeft(read) || !isWhole(around.handled)) return read;
  let end = around.handled as Uint32;
  let total = 0;
  for (const [first, length] of read.right) {
    const gap = span(end, first);
    total += length;
    if (gap < 1 || gap > MOST_OUT_OF_ORDER || total > MOST_OUT_OF_ORDER)
      return left([' must be runs above handled, in order and apart']);
    end = plus(first, length - 1);
  }
  return read;
};
