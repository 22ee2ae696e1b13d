/**
 * Shows the sessions as actors in Stately's inspector. `@statelyai/inspect` makes the messages. The compiled charts run
 * the sessions, but the inspector gets what xstate's actors would send: the definition of the machine, each event, and
 * snapshots in xstate's form.
 */

import type { SmEvent } from '../index.js';
import { clientMachine, serverMachine } from '../machines.js';
import { persistedSnapshot } from './snapshot.js';
import type { Inspected, Watch } from './watch.js';

/** The part of `@statelyai/inspect` that is used. */
export interface StatelyInspect {
  createInspector(
    adapter: { send(message: object): void },
    options: { readonly serializationDepthLimit: number },
  ): {
    actor(actor: object, snapshot: object): void;
    event(actor: string, event: SmEvent): void;
    snapshot(actor: string, snapshot: object, info: { readonly event: SmEvent }): void;
  };
}

/** A feed of messages for Stately's inspector. */
export interface StatelyFeed {
  /** Records that a session has made a step. The watch already knows the step. */
  stepped(id: number, event: SmEvent): void;
  /**
   * Returns the messages since the last call: for each session that made a step, its newest snapshot; and the events,
   * of which only the newest are kept when there are too many.
   */
  take(): readonly object[];
}

/** Makes a feed. It begins with all sessions that the watch knows. */
export const createStatelyFeed = ({ createInspector }: StatelyInspect, watch: Watch): StatelyFeed => {
  let messages: object[] = [];
  let events: (readonly [id: number, event: SmEvent])[] = [];
  const known = new Set<number>();
  const changed = new Map<number, SmEvent>();
  const inspector = createInspector({ send: (message) => messages.push(message) }, { serializationDepthLimit: DEPTH });

  const begin = ({ id, name, state }: Inspected): void => {
    known.add(id);
    inspector.actor(
      { sessionId: `${id}`, logic: state.role === 'client' ? clientMachine : serverMachine },
      persistedSnapshot(state),
    );
    const made = messages.pop();
    // The library names an actor after its machine, so the name of the session replaces that name.
    if (made !== undefined) messages.push({ ...made, name });
  };

  return {
    stepped(id, event) {
      events.push([id, event]);
      if (events.length > 2 * MOST_EVENTS) events = events.slice(-MOST_EVENTS);
      changed.set(id, event);
    },
    take() {
      for (const session of watch.sessions.values()) if (!known.has(session.id)) begin(session);
      for (const [id, event] of events.slice(-MOST_EVENTS)) if (known.has(id)) inspector.event(`${id}`, event);
      for (const [id, event] of changed) {
        const session = watch.sessions.get(id);
        if (session !== undefined) inspector.snapshot(`${id}`, persistedSnapshot(session.state), { event });
      }
      for (const id of known) if (!watch.sessions.has(id)) known.delete(id);
      const taken = messages;
      messages = [];
      events = [];
      changed.clear();
      return taken;
    },
  };
};

/** A depth that no chart reaches. */
const DEPTH = 40;
const MOST_EVENTS = 1000;
