/** Reads a record from outside: gives the record of a session, or a fault that lists every error in it. */

import { type Decoder, type Faults, isObject, isWhole, object, oneOf } from '../core/decoding.js';
import type { Returned } from '../core/effects.js';
import type { StoreFault } from '../core/failures.js';
import { type Either, left, mapLeft, pipe, right } from '../core/fp-ts.js';
import type { StanzaKind } from '../core/nonzas.js';
import { type SessionRecord, VERSION } from './record.js';
import { ENTRIES, headFieldsOn, isTime, KINDS } from './record-fields.js';
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
      mapLeft((faults) => ({ kind: 'storeFault', reason: reasonOf('record', faults), stanzas: stanzasIn(value) })),
    );
  };
};

/** The fields of another version have other meanings. */
export const OTHER_VERSION: Either<Faults, never> = left([`.version must be ${VERSION}`]);

/** Version 2 had no `delivered`. No session delivers so many stanzas, so a position of before is not given again. */
const DELIVERED_UNKNOWN = 2 ** 40;

/** The record in this version. A record of another version has fields with other meanings: it keeps its version, and is refused. */
const ofThisVersion = (value: unknown): unknown => {
  if (!isObject(value)) return value;
  if (value.version === 3) return { ...value, version: VERSION, note: null };
  if (value.version !== 2) return value;
  const timers = withStoreWait(value.timers);
  return { ...value, version: VERSION, note: null, delivered: DELIVERED_UNKNOWN, timers };
};

const withStoreWait = (timers: unknown): unknown => (isObject(timers) ? { ...timers, storeWait: null } : timers);

/** What can be read of the queue of any record. A stanza may have been written, unless the record says that it was not. */
export const stanzasIn = (value: unknown): readonly Returned[] => {
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

/** Keeps a log line readable when every stanza of a long queue is wrong. */
const MOST_FAULTS = 50;

/** @param name what the faults are about, such as `record` */
export const reasonOf = (name: string, faults: Faults): string => {
  const named = faults.slice(0, MOST_FAULTS).map((fault) => `${name}${fault}`);
  const rest = faults.length - named.length;
  return [...named, ...(rest > 0 ? [`${rest} more faults`] : [])].join('; ');
};

const fieldsOn = <R extends Role>(tables: Tables<R>): Decoder<SessionRecord<R>> =>
  object<SessionRecord<R>>({
    version: () => right(VERSION),
    role: oneOf(Object.keys(tables) as R[]),
    ...headFieldsOn(tables),
    unacked: ENTRIES,
  });
