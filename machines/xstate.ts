/** The charts as ordinary xstate machines. No other file loads xstate: a program that only steps sessions never does. */
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

/** An action of the table as one of xstate's: its session is assigned, its effects are emitted in order. */
const bound = (act: Action) =>
  base.enqueueActions(({ context, event, enqueue, check }) => {
    const state = leavesOf(activeStates(check)).join(' & ');
    const { session, effects } = act(context.session, event, context.policy, state);
    enqueue.assign({ session });
    for (const effect of effects) enqueue.emit(effect);
  });

/** xstate shows the active states to guards of its own kind only, so an action asks with such a guard. The tests hold this against xstate. */
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

/** xstate's setup with every word of the vocabulary: `sm.createMachine(chart)` is an ordinary xstate machine. */
const sm = base.extend({
  actions: Object.fromEntries(namesOf(actions).map((name) => [name, bound(actions[name])])) as Record<
    ActionName,
    ReturnType<typeof bound>
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
