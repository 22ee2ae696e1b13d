/** The record of a session after deltas: for a store that starts again, and for a store that makes one record of a record and its deltas. */
import { check } from '../arguments/check.js';
import { hasCount, type Run } from '../core/count-set.js';
import { type Faults, type Fields, isObject, isWhole, object } from '../core/decoding.js';
import { apply, type CountChanges } from '../core/delta.js';
import { type Either, isLeft, left, right } from '../core/fp-ts.js';
import type { Session } from '../core/session.js';
import { plus, span } from '../core/uint32.js';
import { deltaOn } from './read-delta.js';
import { type RecordFault, readRecordOn, reasonOf, stanzasIn } from './read-record.js';
import { recordOf, type SessionRecord, sessionOf } from './record.js';
import { headFieldsOn, MOST_OUT_OF_ORDER } from './record-fields.js';
import type { SessionDelta } from './session-delta.js';
import type { Role, Tables } from './step.js';

/** @returns a fault that says which delta does not fit and why, with the stanzas that are left after the deltas that can be read */
export const recordAfterOn = <R extends Role>(tables: Tables<R>) => {
  const readRecord = readRecordOn(tables);
  const readDelta = deltaOn(tables);
  const readHead = object(headFieldsOn(tables));
  return (record: unknown, deltas: readonly unknown[]): Either<RecordFault, SessionRecord<R>> => {
    check(Array.isArray(deltas), 'deltas', 'a list', deltas);
    const fault = (reason: string): Either<RecordFault, never> =>
      left({ kind: 'storeFault', reason, stanzas: stanzasIn(roughly(record, deltas)) });
    const read = readRecord(record);
    if (isLeft(read)) return fault(read.left.reason);
    let after = { ...read.right, session: sessionOf(read.right) };
    for (const [index, value] of deltas.entries()) {
      const delta = readDelta(value, {});
      if (isLeft(delta)) return fault(reasonOf(`deltas[${index}]`, delta.left));
      const faults = misfits(after.session, delta.right);
      if (faults.length > 0) return fault(reasonOf(`deltas[${index}]`, faults));
      const { configuration = after.configuration, note = after.note, ...head } = delta.right.head ?? {};
      after = { ...after, configuration, note, session: apply(after.session, { ...delta.right, head }) };
    }
    const whole = recordOf(after, after.note);
    const head = readHead(whole, {});
    return isLeft(head) ? fault(reasonOf('after the deltas, record', head.left)) : right(whole);
  };
};

/** Why the delta does not belong behind this session. */
const misfits = (session: Session, { trimmed, head }: SessionDelta): Faults => {
  const { length } = session.unacked;
  const { handledOutOfOrder: counts, handled = session.handled } = head ?? {};
  return [
    ...(trimmed > length ? [`.trimmed must be ${length}, the length of the queue, or less`] : []),
    ...(counts === undefined ? [] : misfitsOf(counts, { ...session, handled })),
  ];
};

const misfitsOf = ({ added, removed }: CountChanges, { handled, handledOutOfOrder }: Session): Faults => {
  const has = ([first, length]: Run, wanted: boolean): boolean =>
    Array.from({ length }, (_, n) => hasCount(handledOutOfOrder, plus(first, n))).every((found) => found === wanted);
  const isNear = ([first]: Run): boolean => span(handled, first) <= MOST_OUT_OF_ORDER;
  return [
    ...(added.every((run) => has(run, false) && isNear(run))
      ? []
      : ['.head.handledOutOfOrder.added must be counts above handled that the record does not have']),
    ...(removed.every((run) => has(run, true))
      ? []
      : ['.head.handledOutOfOrder.removed must be counts that the record has']),
  ];
};

/** The queue after all deltas, as far as they can be read, and how many of its stanzas were written. */
const roughly = (record: unknown, deltas: readonly unknown[]): unknown => {
  const start: Fields = isObject(record) ? record : {};
  let { written } = start;
  let unacked: readonly unknown[] = Array.isArray(start.unacked) ? start.unacked : [];
  for (const delta of deltas) {
    if (!isObject(delta)) continue;
    const { trimmed, appended, head } = delta;
    unacked = [
      ...unacked.slice(isWhole(trimmed) ? Math.max(0, trimmed) : 0),
      ...(Array.isArray(appended) ? appended : []),
    ];
    if (isObject(head) && head.written !== undefined) written = head.written;
  }
  return { unacked, written };
};
