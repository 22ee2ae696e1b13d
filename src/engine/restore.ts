/** The state that a record describes, and the timers that are due in it. */

import { check } from '../arguments/check.js';
import type { Effect } from '../core/effects.js';
import { type Either, map, pipe } from '../core/fp-ts.js';
import type { Policy } from '../core/policy.js';
import { TIMER_NAMES } from '../core/session.js';
import { checkPolicy } from './policy.js';
import { type RecordFault, readRecordOn } from './read-record.js';
import { type SessionRecord, sessionOf } from './record.js';
import { type Role, type State, stepOn, type Tables } from './step.js';

export const restoreOn = <R extends Role>(tables: Tables<R>) => {
  const readRecord = readRecordOn(tables);
  return (record: unknown, policy: Policy, at: number): Either<RecordFault, readonly [State<R>, readonly Effect[]]> => {
    checkPolicy(policy);
    check(Number.isFinite(at), 'at', 'a time in milliseconds', at);
    return pipe(readRecord(record), map(restored(tables, policy, at)));
  };
};

const restored =
  <R extends Role>(tables: Tables<R>, policy: Policy, at: number) =>
  (record: SessionRecord<R>): readonly [State<R>, readonly Effect[]] => {
    const { role, configuration } = record;
    const [unlinked, effects] = withoutLink(tables, { role, policy, configuration, session: sessionOf(record) }, at);
    const running = TIMER_NAMES.flatMap((timer): Effect[] => {
      const deadline = unlinked.session.timers[timer];
      return deadline === null ? [] : [{ type: 'timer.set', timer, deadline }];
    });
    return [unlinked, [...effects.filter(({ type }) => !type.startsWith('timer.')), ...running]];
  };

/** The session without its link. The store does not answer the requests that the session made before. */
const withoutLink = <R extends Role>(
  tables: Tables<R>,
  state: State<R>,
  at: number,
): readonly [State<R>, readonly Effect[]] => {
  const step = stepOn(tables);
  let left: readonly [State<R>, readonly Effect[]] = [state, []];
  const { epoch } = state.session.link;
  for (const event of [
    { type: 'link.lost', at, epoch },
    { type: 'store.failed', at, reason: 'the session was restored' },
  ] as const) {
    const [after, effects] = step(left[0], event);
    if (after.configuration !== left[0].configuration) left = [after, [...left[1], ...effects]];
  }
  return left;
};
