/**
 * The persisted form of a session: our own versioned JSON, with the queue as a flat list. The link is not in it, for it
 * does not survive; the deadlines are, so that a restored session knows what is due.
 */
import type { Effect } from '../core/effects.js';
import { type Either, left, right } from '../core/either.js';
import type { StoreFault } from '../core/failures.js';
import type { Policy } from '../core/policy.js';
import { freshLink, NO_LINK, type Session, TIMER_NAMES } from '../core/session.js';
import { type Entry, fromArray, toArray } from '../core/unacked.js';
import { type Role, type State, stepOn, type Tables } from './step.js';

export interface SessionRecord extends Pick<Session, (typeof PLAIN_FIELDS)[number]> {
  readonly version: 2;
  readonly role: Role;
  readonly configuration: string;
  readonly epoch: number;
  readonly unacked: readonly Entry[];
}

const PLAIN_FIELDS = [
  'owner',
  'smId',
  'max',
  'location',
  'handled',
  'handledOutOfOrder',
  'acked',
  'totalAcked',
  'written',
  'timers',
] as const satisfies readonly (keyof Session)[];

export const toRecord = (state: State): SessionRecord => {
  const { owner, smId, max, location, handled, handledOutOfOrder, acked, totalAcked, written, timers, link, unacked } =
    state.session;
  return {
    version: 2,
    role: state.role,
    configuration: state.configuration,
    epoch: link.epoch,
    owner,
    smId,
    max,
    location,
    handled,
    handledOutOfOrder,
    acked,
    totalAcked,
    written,
    timers,
    unacked: toArray(unacked),
  };
};

export const restoreOn =
  <R extends Role>(tables: Tables<R>) =>
  (record: unknown, policy: Policy, at: number): Either<StoreFault, readonly [State<R>, readonly Effect[]]> => {
    if (!isRecord(record, tables))
      return left({ kind: 'storeFault', reason: 'this is no session record of version 2' });
    const { version: _version, role, configuration, epoch, unacked, ...plain } = record;
    const session: Session = {
      ...plain,
      received: record.handled,
      delivered: 0,
      unacked: fromArray(unacked),
      link: epoch === 0 ? NO_LINK : freshLink(epoch, record.acked),
    };
    const [unlinked, effects] = withoutLink(tables, { role, policy, configuration, session }, at);
    const stillDue = TIMER_NAMES.flatMap((timer): Effect[] => {
      const deadline = unlinked.session.timers[timer];
      const isSet = effects.some((effect) => effect.type === 'timer.set' && effect.timer === timer);
      return deadline === null || isSet ? [] : [{ type: 'timer.set', timer, deadline }];
    });
    return right([unlinked, [...effects, ...stillDue]]);
  };

/** Its link is gone, and nobody will answer what it had asked of the store. */
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

const isRecord = <R extends Role>(value: unknown, tables: Tables<R>): value is SessionRecord & { readonly role: R } => {
  if (!isObject(value) || value.version !== 2 || !isRoleOf(tables, value.role)) return false;
  return (
    typeof value.configuration === 'string' &&
    tables[value.role].has(value.configuration) &&
    isCount(value.epoch) &&
    isTextOrNull(value.owner) &&
    isTextOrNull(value.smId) &&
    isTextOrNull(value.location) &&
    isTime(value.max) &&
    [value.handled, value.acked, value.totalAcked].every(isUint32) &&
    Array.isArray(value.handledOutOfOrder) &&
    value.handledOutOfOrder.every((run) => Array.isArray(run) && run.length === 2 && run.every(isUint32)) &&
    Array.isArray(value.unacked) &&
    value.unacked.every(isEntry) &&
    isCount(value.written) &&
    value.written <= value.unacked.length &&
    hasTimers(value.timers)
  );
};

const isRoleOf = <R extends Role>(tables: Tables<R>, role: unknown): role is R =>
  typeof role === 'string' && Object.hasOwn(tables, role);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

const isUint32 = (value: unknown): boolean => isCount(value) && value <= 0xffffffff;

/** Seconds or milliseconds. */
const isTime = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value >= 0;

const isTextOrNull = (value: unknown): boolean => value === null || typeof value === 'string';

const isEntry = (value: unknown): boolean =>
  isObject(value) &&
  typeof value.xml === 'string' &&
  (value.kind === 'message' || value.kind === 'presence' || value.kind === 'iq') &&
  typeof value.type === 'string' &&
  isTime(value.at) &&
  isTextOrNull(value.key);

const hasTimers = (value: unknown): boolean =>
  isObject(value) && TIMER_NAMES.every((timer) => value[timer] === null || isTime(value[timer]));
