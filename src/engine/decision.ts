/**
 * Which plan an event leads to: a tree of guards, made once. A guard is asked once: it gives the same answer for every region,
 * for nothing changes in between.
 */
import { implied } from '../core/capacity.js';
import type { SmEvent } from '../core/events.js';
import type { Guard } from '../core/outcome.js';
import type { Policy } from '../core/policy.js';
import type { Session } from '../core/session.js';

/** What to ask, and where each answer leads; where there is no guard the plan, or nothing to do. */
export interface Decision<Plan> {
  readonly guard: Guard | null;
  readonly yes: Decision<Plan> | null;
  readonly no: Decision<Plan> | null;
  readonly plan: Plan | undefined;
}

/** A transition that may be taken. */
export interface Guarded {
  readonly guard: Guard | null;
}

export const settled = <Plan>(plan: Plan | undefined): Decision<Plan> => ({ guard: null, yes: null, no: null, plan });

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

/** Every plan it may lead to. */
export const plansOf = <Plan>(decision: Decision<Plan> | null): readonly Plan[] => {
  if (decision === null) return [];
  const { yes, no, plan } = decision;
  return plan === undefined ? [...plansOf(yes), ...plansOf(no)] : [plan];
};

type Answers = ReadonlyMap<Guard, boolean>;

type Done<Candidate, Plan> = (taken: readonly Candidate[], answers: Answers) => Decision<Plan>;

/** Each region takes its first candidate whose guard holds; regions choose on their own. */
export const decide = <Candidate extends Guarded, Plan>(
  regions: readonly (readonly Candidate[])[],
  done: Done<Candidate, Plan>,
  answers: Answers = new Map(),
  taken: readonly Candidate[] = [],
): Decision<Plan> => {
  const [region, ...others] = regions;
  if (region === undefined) return done(taken, answers);
  const [candidate, ...rest] = region;
  if (candidate === undefined) return decide(others, done, answers, taken);
  const { guard } = candidate;
  const answer = guard === null || answers.get(guard);
  if (answer === true) return decide(others, done, answers, [...taken, candidate]);
  if (answer === false) return decide([rest, ...others], done, answers, taken);
  const asked = weakest(guard, regions, answers);
  const knowing = (holds: boolean): Decision<Plan> => decide(regions, done, withAnswer(answers, asked, holds), taken);
  return { guard: asked, yes: knowing(true), no: knowing(false), plan: undefined };
};

/** Asked first, where it is among those to be asked: mostly it does not hold, and then neither does what implies it. */
const weakest = (guard: Guard, regions: readonly (readonly Guarded[])[], answers: Answers): Guard => {
  const [, weaker] = implied.find(([stronger]) => stronger === guard) ?? [];
  const isAsked = weaker !== undefined && regions.some((region) => region.some((other) => other.guard === weaker));
  return isAsked && !answers.has(weaker) ? weakest(weaker, regions, answers) : guard;
};

const withAnswer = (answers: Answers, guard: Guard, holds: boolean): Answers => {
  const known = new Map(answers).set(guard, holds);
  if (!holds) for (const [stronger, weaker] of implied) if (known.get(weaker) === false) known.set(stronger, false);
  return known;
};
