/** What a step did, for people: which transition, which clauses, which effects. SM-IDs are shortened in every line, and negotiation is left out. */
import type { Effect } from '../core/effects.js';
import type { SmEvent } from '../core/events.js';
import type { Session } from '../core/session.js';
import type { Taken } from './compile.js';
import { carryOut, planOf, type Role, type State, type step } from './step.js';

export interface TraceLine {
  readonly role: Role;
  readonly at: number;
  readonly from: string;
  readonly event: SmEvent;
  /** Empty when the event was late and dropped. */
  readonly taken: readonly Taken[];
  readonly actions: readonly string[];
  readonly effects: readonly Effect[];
  readonly to: string;
  readonly counters: Counters;
}

export type Counters = Pick<Session, 'received' | 'handled' | 'acked' | 'written'> & { readonly unacked: number };

/** `step` that also tells `listen` what it did. */
export const traced =
  (listen: (line: TraceLine) => void): typeof step =>
  (state, event) => {
    const plan = planOf(state, event);
    const [after, effects] = plan === undefined ? ([state, []] as const) : carryOut(state, plan, event);
    listen(
      withoutSecrets(withoutNegotiation(lineOf(state, event, plan?.taken ?? [], plan?.names ?? [], effects, after))),
    );
    return [after, effects];
  };

const lineOf = (
  before: State,
  event: SmEvent,
  taken: readonly Taken[],
  actions: readonly string[],
  effects: readonly Effect[],
  after: State,
): TraceLine => {
  const { received, handled, acked, written, unacked } = after.session;
  return {
    role: before.role,
    at: event.at,
    from: before.configuration,
    event,
    taken,
    actions,
    effects,
    to: after.configuration,
    counters: { received, handled, acked, written, unacked: unacked.length },
  };
};

const SECRET_FIELDS = ['smId', 'id', 'previd'];

/** Negotiation carries passwords: of what is written beside the count only the element's name is shown. */
const withoutNegotiation = (line: TraceLine): TraceLine => {
  if (line.event.type !== 'app.negotiate') return line;
  const event = { ...line.event, xml: nameOnly(line.event.xml) };
  const effects = line.effects.map((effect) =>
    effect.type === 'transmit' ? { ...effect, xml: nameOnly(effect.xml) } : effect,
  );
  return { ...line, event, effects };
};

const nameOnly = (xml: string): string => `${/<[^\s/>?!]+/.exec(xml)?.[0] ?? ''}…`;

/** The same with every SM-ID cut to four characters, or half of a short one: enough to tell two apart, too little to resume with. */
const withoutSecrets = (line: TraceLine): TraceLine =>
  JSON.parse(JSON.stringify(line, (key, value) => (SECRET_FIELDS.includes(key) ? shortened(value) : value)));

const shortened = (value: unknown): unknown =>
  typeof value === 'string' ? `${value.slice(0, Math.min(4, value.length >> 1))}…` : value;
