/** Reads a record from outside: gives the record of a session, or a fault that lists every error in it. */
import {
  type Decoder,
  type Faults,
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
import type { StoreFault } from '../core/failures.js';
import { type Either, left, mapLeft, pipe, right } from '../core/fp-ts.js';
import type { Timers } from '../core/session.js';
import type { Uint32 } from '../core/uint32.js';
import type { Entry } from '../core/unacked.js';
import type { SessionRecord } from './record.js';
import type { Role, Tables } from './step.js';

/** @returns a StoreFault whose reason says what each wrong field must be. It shows no value: stanzas and the SM-ID are secrets. */
export const readRecordOn = <R extends Role>(tables: Tables<R>) => {
  const fields = fieldsOn(tables);
  return (value: unknown): Either<StoreFault, SessionRecord<R>> =>
    pipe(
      isOfOtherVersion(value) ? OTHER_VERSION : fields(value, {}),
      mapLeft((faults) => ({ kind: 'storeFault', reason: reasonOf(faults) })),
    );
};

const VERSION = 2;

/** Fields of other versions have other meanings: this function converts a record of an older version, or rejects it. */
const isOfOtherVersion = (value: unknown): boolean => isObject(value) && value.version !== VERSION;

const OTHER_VERSION: Either<Faults, never> = left([`.version must be ${VERSION}`]);

/** Keeps a log line readable when every stanza of a long queue is wrong. */
const MOST_FAULTS = 50;

const reasonOf = (faults: Faults): string => {
  const named = faults.slice(0, MOST_FAULTS).map((fault) => `record${fault}`);
  const rest = faults.length - named.length;
  return [...named, ...(rest > 0 ? [`${rest} more faults`] : [])].join('; ');
};

const fieldsOn = <R extends Role>(tables: Tables<R>): Decoder<SessionRecord<R>> => {
  const has = (role: unknown, configuration: string): boolean =>
    !isRole(tables, role) || tables[role].has(configuration);
  return object<SessionRecord<R>>({
    version: () => right(VERSION),
    role: oneOf(Object.keys(tables) as R[]),
    configuration: must(
      'a configuration of the chart of its role',
      (value, { role }): value is string => typeof value === 'string' && has(role, value),
    ),
    epoch: COUNT,
    owner: textOrNull,
    smId: textOrNull,
    max: TIME,
    location: textOrNull,
    handled: UINT32,
    handledOutOfOrder: list(RUN),
    acked: UINT32,
    totalAcked: UINT32,
    written: must(
      'a whole number from 0 to the length of unacked',
      (value, { unacked }): value is number =>
        isWhole(value) && value >= 0 && !(Array.isArray(unacked) && value > unacked.length),
    ),
    timers: object<Timers>({ ackIdle: DEADLINE, ackWait: DEADLINE, overflowGrace: DEADLINE, resumption: DEADLINE }),
    unacked: list(
      object<Entry>({ xml: text, kind: oneOf(['message', 'presence', 'iq']), type: text, at: TIME, key: textOrNull }),
    ),
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
  'two whole numbers from 0 to 4294967295',
  (value): value is readonly [Uint32, number] =>
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((count) => isWhole(count) && count >= 0 && count <= 0xffffffff),
);
