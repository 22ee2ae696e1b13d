/** The state that a record describes, and the timers that are due in it. */

import { check } from '../arguments/check.js';
import type { Effect } from '../core/effects.js';
import type { StoreFault } from '../core/failures.js';
import { type Either, map, pipe } from '../core/fp-ts.js';
import type { Policy } from '../core/policy.js';
import { restoredSession, TIMER_NAMES } from '../core/session.js';
import { fromArray } from '../core/unacked.js';
import { checkPolicy } from './policy.js';
import { readRecordOn } from './read-record.js';
import type { SessionRecord } from './record.js';
import { type Role, type State, stepOn, type Tables } from './step.js';

export const restoreOn = <R extends Role>(tables: Tables<R>) => {
  const readRecord = readRecordOn(tables);
  return (record: unknown, policy: Policy, at: number): Either<StoreFault, readonly [State<R>, readonly Effect[]]> => {
    checkPolicy(policy);
    check(Number.isFinite(at), 'at', 'a time in milliseconds', at);
    return pipe(readRecord(record), map(restored(tables, policy, at)));
  };
};

const restored =
  <R extends Role>(tables: Tables<R>, policy: Policy, at: number) =>
  (record: SessionRecord<R>): readonly [State<R>, readonly Effect[]] => {
    const { version: _version, role, configuration, epoch, unacked, ...plain } = record;
    const session = restoredSession({ ...plain, unacked: fromArray(unacked) }, epoch);
    const [unlinked, effects] = withoutLink(tables, { role, policy, configuration, session }, at);
    const stillDue = TIMER_NAMES.flatMap((timer): Effect[] => {
      const deadline = unlinked.session.timers[timer];
      const isSet = effects.some((effect) => effect.type === 'timer.set' && effect.timer === timer);
      return deadline === null || isSet ? [] : [{ type: 'timer.set', timer, deadline }];
    });
    return [unlinked, [...effects, ...stillDue]];
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
