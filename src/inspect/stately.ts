/**
 * The sessions as actors for Stately's inspector. `@statelyai/inspect` makes its messages; the compiled charts are what runs, so
 * what it is told is what xstate's actors would have said: the machine's definition, each event, and snapshots in xstate's own form.
 */

import type { SmEvent } from '../index.js';
import { clientMachine, serverMachine } from '../machines.js';
import { persistedSnapshot } from './snapshot.js';
import type { Inspected, Watch } from './watch.js';

/** What is used of `@statelyai/inspect`. */
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

/** One that is looked at. */
export interface StatelyFeed {
  /** A session has made a step; the watch knows of it already. */
  stepped(id: number, event: SmEvent): void;
  /**
   * Messages since the last time. There is one snapshot of each session that made a step, its newest, and of more events than can be
   * kept the newest.
   */
  take(): readonly object[];
}

/** Begins with all sessions that the watch knows. */
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
    // The library names an actor after its machine.
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

/** Deeper than any chart. */
const DEPTH = 40;
const MOST_EVENTS = 1000;
