/** Reads a delta from outside: gives the delta, or a fault that lists every error in it. */
import { type Decoder, type Faults, isObject, object, partial, wholeNumber } from '../core/decoding.js';
import type { StoreFault } from '../core/failures.js';
import { type Either, mapLeft, pipe, right } from '../core/fp-ts.js';
import { OTHER_VERSION, reasonOf } from './read-record.js';
import { VERSION } from './record.js';
import { COUNT_CHANGES, ENTRIES, headFieldsOn } from './record-fields.js';
import type { RecordChanges, SessionDelta } from './session-delta.js';
import type { Role, Tables } from './step.js';

/** @returns a fault whose reason says what each wrong field must be. The reason shows no value: stanzas and the SM-ID are secrets. */
export const readDeltaOn = <R extends Role>(tables: Tables<R>) => {
  const decode = deltaOn(tables);
  return (value: unknown): Either<StoreFault, SessionDelta> =>
    pipe(
      decode(value, {}),
      mapLeft((faults) => ({ kind: 'storeFault', reason: reasonOf('delta', faults) })),
    );
};

export const deltaOn = <R extends Role>(tables: Tables<R>): Decoder<SessionDelta> => {
  const changes = partial<Required<RecordChanges>>({ ...headFieldsOn(tables), handledOutOfOrder: COUNT_CHANGES });
  const fields = object<SessionDelta>({
    version: () => right(VERSION),
    trimmed: wholeNumber(0),
    appended: ENTRIES,
    head: (value, around): Either<Faults, RecordChanges | null> =>
      value === null ? right(null) : changes(value, around),
  });
  return (value, around) => (isObject(value) && value.version !== VERSION ? OTHER_VERSION : fields(value, around));
};
