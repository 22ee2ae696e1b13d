/**
 * A trace line tells people and recordings what a step did: the transition, its clauses, its effects. The trace shortens SM-IDs in
 * every line, and leaves negotiation out. Both rewrites are idempotent, so a replay of recorded lines gives the same lines.
 */
import type { GuardName } from '../../machines/vocabulary.js';
import type { Effect } from '../core/effects.js';
import type { SmEvent } from '../core/events.js';
import type { Policy } from '../core/policy.js';
import type { Session } from '../core/session.js';
import type { Plan } from './compile.js';
import { carryOut, misuseBy, planOf, type Role, type State, type Step, type Tables } from './step.js';

export interface TraceLine {
  readonly role: Role;
  /** Only in the first line of a session: its data at the start. With `role` and `from`, `start` is the whole state, epoch included. */
  readonly start?: Start;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly from: string;
  readonly event: SmEvent;
  /** Empty when the event came too late and the step dropped it. */
  readonly taken: readonly Taken[];
  readonly actions: readonly string[];
  readonly effects: readonly Effect[];
  readonly to: string;
  readonly counters: Counters;
}

export interface Taken {
  readonly state: string;
  readonly descriptor: string;
  readonly guard: GuardName | null;
  readonly clauses: readonly string[];
}

export interface Start {
  readonly policy: Policy;
  readonly session: Session;
}

export type Counters = Pick<Session, 'received' | 'handled' | 'acked' | 'written'> & { readonly unacked: number };

export const tracedOn =
  <R extends Role>(tables: Tables<R>) =>
  <Q extends R>(listen: (line: TraceLine) => void): Step<Q> => {
    let last: State | undefined;
    return (state, event) => {
      const plan = planOf(tables, state, event);
      const [after, effects] =
        plan === undefined ? ([state, misuseBy(state, event)] as const) : carryOut(state, plan, event);
      const shown = unlike(event, state.session);
      const line = lineOf(state, shown, plan, effects.map(renamed(event, shown)), after);
      const { policy, session } = state;
      listen(withoutSecrets(withoutNegotiation(state === last ? line : { ...line, start: { policy, session } })));
      last = after;
      return [after, effects];
    };
  };

/** The transitions of a plan: the state that defines each, and its clauses. */
export const takenIn = (plan: Plan | undefined): readonly Taken[] =>
  plan?.taken.map(({ source, descriptor, transition }) => ({
    state: source.path,
    descriptor,
    guard: transition.guard ?? null,
    clauses: transition.meta?.clauses ?? [],
  })) ?? [];

const lineOf = (
  before: State,
  event: SmEvent,
  plan: Plan | undefined,
  effects: readonly Effect[],
  after: State,
): TraceLine => {
  const { received, handled, acked, written, unacked } = after.session;
  return {
    role: before.role,
    at: event.at,
    from: before.configuration,
    event,
    taken: takenIn(plan),
    actions: plan?.names ?? [],
    effects,
    to: after.configuration,
    counters: { received, handled, acked, written, unacked: unacked.length },
  };
};

/** Negotiation carries passwords: the trace shows only the element's name of text that is not counted. */
const withoutNegotiation = (line: TraceLine): TraceLine => {
  if (line.event.type !== 'app.writeUncounted') return line;
  const event = { ...line.event, xml: nameOnly(line.event.xml) };
  const effects = line.effects.map((effect) =>
    effect.type === 'transmit' ? { ...effect, xml: nameOnly(effect.xml) } : effect,
  );
  return { ...line, event, effects };
};

const nameOnly = (xml: string): string => `${/<[^\s/>?!…]+/.exec(xml)?.[0] ?? ''}…`;

/** The same line with every SM-ID cut to four characters (a short SM-ID to its half): enough to compare, too little to resume with. */
const withoutSecrets = (line: TraceLine): TraceLine => rewritten(line, isSecret, shortened);

const isSecret = (key: string): boolean => key === 'smId' || key === 'id' || key === 'previd';

const shortened = (text: string): string =>
  /^.{0,4}…≠?$/s.test(text) || text === '' ? text : `${text.slice(0, Math.min(4, text.length >> 1))}…`;

/**
 * The same line with rewritten texts under some keys of its event, its effects and its start. The new line shares the parts that
 * do not change and does not copy them, because the trace covers every step of every session.
 */
export const rewritten = <L extends TraceLine>(line: L, isMeant: IsMeant, rewrite: Rewrite): L => {
  const [event, effects, start] = [line.event, line.effects, line.start].map((part) => within(part, isMeant, rewrite));
  if (event === line.event && effects === line.effects && start === line.start) return line;
  return { ...line, event, effects, ...(start !== undefined && { start }) };
};

type IsMeant = (key: string) => boolean;
type Rewrite = (text: string, key: string) => string;

const within = (value: unknown, isMeant: IsMeant, rewrite: Rewrite): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  const all = value as Readonly<Record<string, unknown>>;
  let copy: Record<string, unknown> | undefined;
  for (const key in all) {
    const inner = all[key];
    const left =
      typeof inner !== 'string' ? within(inner, isMeant, rewrite) : isMeant(key) ? rewrite(inner, key) : inner;
    if (left === inner) continue;
    copy ??= Array.isArray(value) ? ([...value] as unknown as Record<string, unknown>) : { ...all };
    copy[key] = left;
  }
  return copy ?? value;
};

/** A mark distinguishes another SM-ID with the same beginning from the session's own, because the charts distinguish the two. */
const unlike = (event: SmEvent, { smId, link }: Session): SmEvent => {
  switch (event.type) {
    case 'peer.resumed':
      return { ...event, previd: marked(event.previd, smId) };
    case 'store.saved':
      return { ...event, smId: marked(event.smId, smId) };
    case 'store.claimed': {
      const { session } = event;
      const claimed = session.smId === null ? null : marked(session.smId, link.request.previd);
      return { ...event, session: { ...session, smId: claimed } };
    }
    default:
      return event;
  }
};

/** The effect names the SM-ID of the event as the event shows it. */
const renamed =
  (event: SmEvent, shown: SmEvent) =>
  (effect: Effect): Effect =>
    effect.type === 'store.forget' && event.type === 'store.saved' && shown.type === 'store.saved'
      ? { ...effect, smId: effect.smId === event.smId ? shown.smId : effect.smId }
      : effect;

const marked = (id: string, own: string | null): string =>
  own !== null && id !== own && shortened(id) === shortened(own) ? `${shortened(id)}≠` : id;
