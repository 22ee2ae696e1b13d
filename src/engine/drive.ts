/**
 * The loop around `step`: one event, then all its effects in order, then the next event. An effect that causes an event
 * queues it; nothing is ever stepped in the middle of another step's effects.
 */
import type { Effect } from '../core/effects.js';
import type { SmEvent } from '../core/events.js';
import type { Role, State, Step } from './step.js';

export interface Driver<R extends Role = Role> {
  /** Steps the event and carries out its effects, or queues it when called from within an effect. */
  send(event: SmEvent): void;
  readonly state: State<R>;
}

export type Drive<R extends Role = Role> = (
  initial: State<R>,
  /** Carries out one effect; it may call `send`. It must not throw. */
  perform: (effect: Effect) => void,
  /** What to step with: `step`, or a traced one. */
  stepped?: Step<R>,
) => Driver<R>;

export const driveOn =
  <R extends Role>(step: Step<R>): Drive<R> =>
  (initial, perform, stepped = step) => {
    let state = initial;
    const queue: SmEvent[] = [];
    let running = false;
    return {
      send(event) {
        queue.push(event);
        if (running) return;
        running = true;
        try {
          for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
            const [after, effects] = stepped(state, next);
            state = after;
            for (const effect of effects) perform(effect);
          }
        } finally {
          running = false;
        }
      },
      get state() {
        return state;
      },
    };
  };
