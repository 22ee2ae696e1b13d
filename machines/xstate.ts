/** The charts as ordinary xstate machines. No other file loads xstate, so a program without this file does not need it. */
import { setup } from 'xstate';
import type { Effect } from '../src/core/effects.js';
import type { SmEvent } from '../src/core/events.js';
import type { Action } from '../src/core/outcome.js';
import { client } from './client.js';
import { server } from './server.js';
import { type ActionName, type Context, type GuardName, type Meta, type Tag, words } from './vocabulary.js';

const { actions, guards } = words;

const namesOf = <K extends string>(table: Record<K, unknown>): K[] => Object.keys(table) as K[];

const base = setup({
  types: {
    context: {} as Context,
    events: {} as SmEvent,
    emitted: {} as Effect,
    input: {} as Context,
    meta: {} as Meta,
    tags: {} as Tag,
  },
});

/** An action of our table as an xstate action: it assigns the next session, and emits the effects in order. */
const xstateAction = (act: Action) =>
  base.enqueueActions(({ context, event, enqueue, check }) => {
    const state = leavesOf(activeStates(check)).join(' & ');
    const { session, effects } = act(context.session, event, context.policy, state);
    enqueue.assign({ session });
    for (const effect of effects) enqueue.emit(effect);
  });

/** xstate gives the active states to guards only, not to actions. So the action runs a guard that reads them. The tests check this. */
const activeStates = (check: (guard: never) => boolean): unknown => {
  let value: unknown;
  const look = (snapshot: { readonly value: unknown }): boolean => {
    value = snapshot.value;
    return true;
  };
  check(Object.assign(() => true, { check: look }) as never);
  return value;
};

/** The active leaf states of a state value, as a session's `configuration` names them. */
export const leavesOf = (value: unknown): readonly string[] =>
  typeof value !== 'object' || value === null
    ? [String(value)]
    : Object.entries(value).flatMap(([key, inner]) => leavesOf(inner).map((leaf) => `${key}.${leaf}`));

/** xstate's setup with every action and guard: `sm.createMachine(chart)` is an ordinary xstate machine. */
const sm = base.extend({
  actions: Object.fromEntries(namesOf(actions).map((name) => [name, xstateAction(actions[name])])) as Record<
    ActionName,
    ReturnType<typeof xstateAction>
  >,
  guards: Object.fromEntries(
    namesOf(guards).map((name) => [
      name,
      ({ context, event }: { context: Context; event: SmEvent }) =>
        guards[name](context.session, event, context.policy),
    ]),
  ) as Record<GuardName, ({ context, event }: { context: Context; event: SmEvent }) => boolean>,
});

/** Its input is `{ session, policy }`. */
export const clientMachine = sm.createMachine({ ...client, context: ({ input }) => ({ ...input }) });
/** Its input is `{ session, policy }`. */
export const serverMachine = sm.createMachine({ ...server, context: ({ input }) => ({ ...input }) });
