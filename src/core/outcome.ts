/**
 * The shape of every named action and guard: total functions of the session, the event and the policy. An action
 * that is named for an event it does not know changes nothing.
 */
import type { Effect, Report, ReportEffect } from './effects.js';
import type { EventType, SmEvent } from './events.js';
import type { Policy } from './policy.js';
import type { Session } from './session.js';

export interface Outcome {
  readonly session: Session;
  readonly effects: readonly Effect[];
}

export type Action = (session: Session, event: SmEvent, policy: Policy) => Outcome;

export type Guard = (session: Session, event: SmEvent, policy: Policy) => boolean;

const NOTHING: readonly Effect[] = [];

export const unchanged = (session: Session): Outcome => ({ session, effects: NOTHING });

export const changed = (session: Session, ...effects: readonly Effect[]): Outcome => ({ session, effects });

/** Tells the embedder. */
export const report = (told: Report): ReportEffect => ({ type: 'report', report: told });

/** What `first` does and then, on the session it leaves, `second`. */
export const andThen = (first: Outcome, second: (session: Session) => Outcome): Outcome => {
  const last = second(first.session);
  return { session: last.session, effects: [...first.effects, ...last.effects] };
};

type Of<T extends EventType> = Extract<SmEvent, { readonly type: T }>;

const isOf = <T extends EventType>(event: SmEvent, types: readonly T[]): event is Of<T> =>
  event.type === types[0] || (types.length > 1 && types.some((type) => type === event.type));

/** An action for these events. */
export const on =
  <T extends EventType>(
    types: readonly T[],
    act: (session: Session, event: Of<T>, policy: Policy) => Outcome,
  ): Action =>
  (session, event, policy) =>
    isOf(event, types) ? act(session, event, policy) : unchanged(session);
