/**
 * `step(state, event) -> [state, effects]`: one event, all its effects in order. Total and pure; the same state and event
 * give the same answer everywhere and always.
 */
import type { Tag } from '../../machines/vocabulary.js';
import { admits, misuseOf } from '../core/admission.js';
import type { Effect } from '../core/effects.js';
import type { SmEvent } from '../core/events.js';
import { type Action, misuse } from '../core/outcome.js';
import type { Policy } from '../core/policy.js';
import type { Session } from '../core/session.js';
import type { Plan, Table } from './compile.js';

/** `client`: the initiating entity, also of a server-to-server stream. `server`: the receiving entity. */
export type Role = 'client' | 'server';

/** A session and its position in the chart: plain data. */
export interface State<R extends Role = Role> {
  readonly role: R;
  readonly policy: Policy;
  /** The active leaf states, joined by ' & '. */
  readonly configuration: string;
  readonly session: Session;
}

/** The table of each role that the engine has: both roles, or one role. */
export type Tables<R extends Role = Role> = { readonly [role in R]: Table };

export type Step<R extends Role = Role> = (state: State<R>, event: SmEvent) => readonly [State<R>, readonly Effect[]];

/** The plan of an event, not yet carried out; undefined when the event has no effect (an old epoch, a cleared timer). */
export const planOf = <R extends Role>(tables: Tables<R>, state: State<R>, event: SmEvent): Plan | undefined =>
  admits(state.session, event)
    ? tables[state.role].plan(state.configuration, state.session, event, state.policy)
    : undefined;

export const stepOn =
  <R extends Role>(tables: Tables<R>): Step<R> =>
  (state, event) => {
    const plan = planOf(tables, state, event);
    return plan === undefined ? [state, misuseBy(state, event)] : carryOut(state, plan, event);
  };

/** Runs the actions of a plan in order; each action gets the session that the action before it returned. */
export const carryOut = <R extends Role>(
  state: State<R>,
  plan: Plan,
  event: SmEvent,
): readonly [State<R>, readonly Effect[]] => {
  const { role, policy, configuration } = state;
  const { actions, to } = plan;
  if (actions.length === 1) {
    // Most steps are a stanza or an ack that changes no state: one action.
    const outcome = (actions[0] as Action)(state.session, event, policy, configuration);
    return [{ role, policy, configuration: to, session: outcome.session }, outcome.effects];
  }
  let session = state.session;
  let effects: readonly Effect[] = NOTHING;
  // V8 runs a loop over an index faster here than `for … of`.
  for (let i = 0; i < actions.length; i += 1) {
    const outcome = (actions[i] as Action)(session, event, policy, configuration);
    session = outcome.session;
    if (outcome.effects.length > 0) effects = effects.length > 0 ? joined(effects, outcome.effects) : outcome.effects;
  }
  return [{ role, policy, configuration: to, session }, effects];
};

/** Most actions have one effect, and JavaScript engines create an array literal fastest. */
const joined = (before: readonly Effect[], after: readonly Effect[]): readonly Effect[] =>
  before.length === 1 && after.length === 1 ? ([before[0], after[0]] as readonly Effect[]) : [...before, ...after];

/** The report for an event that does not reach the chart. */
export const misuseBy = ({ session, configuration }: State, event: SmEvent): readonly Effect[] => {
  const reason = admits(session, event) ? undefined : misuseOf(event);
  return reason === undefined ? NOTHING : [misuse(event.type, reason, configuration)];
};

export const hasTagOn =
  <R extends Role>(tables: Tables<R>) =>
  (state: State<R>, tag: Tag): boolean =>
    tables[state.role].hasTag(state.configuration, tag);

const NOTHING: readonly Effect[] = [];
