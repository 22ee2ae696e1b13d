/**
 * The charts as ordinary xstate machines. This is the one file that loads xstate: whoever only steps sessions never does.
 */
import { setup } from 'xstate';
import type { Effect } from '../src/core/effects.js';
import type { SmEvent } from '../src/core/events.js';
import type { Action } from '../src/core/outcome.js';
import { client } from './client.js';
import { server } from './server.js';
import { type ActionName, actions, type Context, type GuardName, guards, type Meta } from './vocabulary.js';

const words = <K extends string>(table: Record<K, unknown>): K[] => Object.keys(table) as K[];

const base = setup({
  types: {
    context: {} as Context,
    events: {} as SmEvent,
    emitted: {} as Effect,
    input: {} as Context,
    meta: {} as Meta,
    tags: {} as 'asksStore',
  },
});

/** An action of the table as one of xstate's: its session is assigned, its effects are emitted in order. */
const bound = (act: Action) =>
  base.enqueueActions(({ context, event, enqueue }) => {
    const { session, effects } = act(context.session, event, context.policy);
    enqueue.assign({ session });
    for (const effect of effects) enqueue.emit(effect);
  });

/** xstate's setup with every word of the vocabulary: `sm.createMachine(chart)` is an ordinary xstate machine. */
const sm = base.extend({
  actions: Object.fromEntries(words(actions).map((word) => [word, bound(actions[word])])) as Record<
    ActionName,
    ReturnType<typeof bound>
  >,
  guards: Object.fromEntries(
    words(guards).map((word) => [
      word,
      ({ context, event }: { context: Context; event: SmEvent }) =>
        guards[word](context.session, event, context.policy),
    ]),
  ) as Record<GuardName, ({ context, event }: { context: Context; event: SmEvent }) => boolean>,
});

/** Its input is `{ session, policy }`. */
export const clientMachine = sm.createMachine({ ...client, context: ({ input }) => ({ ...input }) });
/** Its input is `{ session, policy }`. */
export const serverMachine = sm.createMachine({ ...server, context: ({ input }) => ({ ...input }) });
