/**
 * The types of actions and guards. An action is a pure function of the session, the event, the policy and the active states. A guard is a
 * pure function of the first three. An action changes nothing when it does not know the event.
 */
import type { Effect, Report, ReportEffect } from './effects.js';
import type { EventType, SmEvent } from './events.js';
import type { Policy } from './policy.js';
import type { Session } from './session.js';

export interface Outcome {
  readonly session: Session;
  readonly effects: readonly Effect[];
}

/** @param state the active leaf states, joined by ' & ', for reports */
export type Action = (session: Session, event: SmEvent, policy: Policy, state: string) => Outcome;

export type Guard = (session: Session, event: SmEvent, policy: Policy) => boolean;

const NOTHING: readonly Effect[] = [];

export const unchanged = (session: Session): Outcome => ({ session, effects: NOTHING });

export const changed = (session: Session, ...effects: readonly Effect[]): Outcome => ({ session, effects });

/** The effect that reports to the embedder. */
export const report = (told: Report): ReportEffect => ({ type: 'report', report: told });

/** Reports what the peer did wrong without harm; nothing else happens. */
export const tolerate = (session: Session, text: string, state: string): Outcome =>
  changed(session, report({ type: 'toleratedViolation', failure: { kind: 'toleratedViolation', text }, state }));

/** The embedder did something that it may not do in this state. */
export const misuse = (event: string, reason: string, state: string): ReportEffect =>
  report({ type: 'misuse', failure: { kind: 'localMisuse', event, state, reason } });

/** Adds the outcome of `second`, which gets the session of `first`. */
export const andThen = (first: Outcome, second: (session: Session) => Outcome): Outcome => {
  const last = second(first.session);
  return { session: last.session, effects: [...first.effects, ...last.effects] };
};

type Of<T extends EventType> = Extract<SmEvent, { readonly type: T }>;

const isOf = <T extends EventType>(event: SmEvent, types: readonly T[]): event is Of<T> =>
  event.type === types[0] || (types.length > 1 && types.some((type) => type === event.type));

/** An action that acts on these events only. */
export const on =
  <T extends EventType>(
    types: readonly T[],
    act: (session: Session, event: Of<T>, policy: Policy, state: string) => Outcome,
  ): Action =>
  (session, event, policy, state) =>
    isOf(event, types) ? act(session, event, policy, state) : unchanged(session);
