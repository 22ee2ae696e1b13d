/**
 * A tree of guards, made once, that selects the plan for an event. Each guard runs at most once for an event; every region gets
 * the same answer, because the session does not change between two guards.
 */
import type { SmEvent } from '../core/events.js';
import type { Guard } from '../core/outcome.js';
import type { Policy } from '../core/policy.js';
import type { Session } from '../core/session.js';

/** A node of the tree: a guard and the node for each answer; without a guard, the plan or nothing to do. */
export interface Decision<Plan> {
  readonly guard: Guard | null;
  readonly yes: Decision<Plan> | null;
  readonly no: Decision<Plan> | null;
  readonly plan: Plan | undefined;
}

/** A transition that an event may take. */
export interface Guarded {
  readonly guard: Guard | null;
}

/** A leaf of the tree: all guards have their answers. */
export const decided = <Plan>(plan: Plan | undefined): Decision<Plan> => ({ guard: null, yes: null, no: null, plan });

export const follow = <Plan>(
  first: Decision<Plan>,
  session: Session,
  event: SmEvent,
  policy: Policy,
): Plan | undefined => {
  let decision = first;
  for (;;) {
    const { guard, yes, no } = decision;
    if (guard === null || yes === null || no === null) return decision.plan;
    decision = guard(session, event, policy) ? yes : no;
  }
};

/** Every plan that the tree may lead to. */
export const plansIn = <Plan>(decision: Decision<Plan> | null): readonly Plan[] => {
  if (decision === null) return [];
  const { yes, no, plan } = decision;
  return plan === undefined ? [...plansIn(yes), ...plansIn(no)] : [plan];
};

type Answers = ReadonlyMap<Guard, boolean>;

/** Pairs of guards: the second holds whenever the first does. */
type Implied = readonly (readonly [stronger: Guard, weaker: Guard])[];

type Done<Candidate, Plan> = (taken: readonly Candidate[], answers: Answers) => Decision<Plan>;

/** Each region takes its first candidate whose guard holds; regions choose on their own. */
export const decide = <Candidate extends Guarded, Plan>(
  regions: readonly (readonly Candidate[])[],
  done: Done<Candidate, Plan>,
  implied: Implied,
  answers: Answers = new Map(),
  taken: readonly Candidate[] = [],
): Decision<Plan> => {
  const [region, ...others] = regions;
  if (region === undefined) return done(taken, answers);
  const [candidate, ...rest] = region;
  if (candidate === undefined) return decide(others, done, implied, answers, taken);
  const { guard } = candidate;
  const answer = guard === null || answers.get(guard);
  if (answer === true) return decide(others, done, implied, answers, [...taken, candidate]);
  if (answer === false) return decide([rest, ...others], done, implied, answers, taken);
  const asked = weakest(guard, regions, implied, answers);
  const knowing = (holds: boolean): Decision<Plan> =>
    decide(regions, done, implied, withAnswer(answers, implied, asked, holds), taken);
  return { guard: asked, yes: knowing(true), no: knowing(false), plan: undefined };
};

/** The weakest open guard runs first: mostly it does not hold, and then every stronger guard does not hold either. */
const weakest = (guard: Guard, regions: readonly (readonly Guarded[])[], implied: Implied, answers: Answers): Guard => {
  const [, weaker] = implied.find(([stronger]) => stronger === guard) ?? [];
  const isAsked = weaker !== undefined && regions.some((region) => region.some((other) => other.guard === weaker));
  return isAsked && !answers.has(weaker) ? weakest(weaker, regions, implied, answers) : guard;
};

const withAnswer = (answers: Answers, implied: Implied, guard: Guard, holds: boolean): Answers => {
  const known = new Map(answers).set(guard, holds);
  if (!holds) for (const [stronger, weaker] of implied) if (known.get(weaker) === false) known.set(stronger, false);
  return known;
};
