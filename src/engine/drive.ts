/**
 * The loop around `step`: one event, then all its effects in order, then the next event. An effect that causes an event
 * queues it; nothing is ever stepped in the middle of another step's effects.
 */
import type { Effect } from '../core/effects.js';
import type { SmEvent } from '../core/events.js';
import type { Role, State, Step } from './step.js';

/** What goes through the loop. Its fields are for `advance` to write; whoever runs many sessions makes them part of an object that there is anyway. */
export interface Loop<R extends Role = Role> {
  state: State<R>;
  /** True while an event is stepped and its effects are carried out. */
  stepping: boolean;
  /** Events that wait for that; undefined while there are none. */
  pending: SmEvent[] | undefined;
  /** Carries out one effect; it may call `advance`. It must not throw. */
  perform(effect: Effect): void;
}

/** Steps the event and carries out its effects, or queues it when called from within an effect. */
export type Advance<R extends Role = Role> = (
  loop: Loop<R>,
  event: SmEvent,
  /** What to step with: `step`, or a traced one. */
  stepped?: Step<R>,
) => void;

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

export const advanceOn =
  <R extends Role>(step: Step<R>): Advance<R> =>
  (loop, event, stepped = step) => {
    if (loop.stepping || loop.pending !== undefined) {
      loop.pending ??= [];
      loop.pending.push(event);
    }
    if (loop.stepping) return;
    loop.stepping = true;
    try {
      for (let next: SmEvent | undefined = takePending(loop) ?? event; next !== undefined; next = takePending(loop)) {
        const [after, effects] = stepped(loop.state, next);
        loop.state = after;
        for (const effect of effects) loop.perform(effect);
      }
    } finally {
      loop.stepping = false;
    }
  };

export const driveOn =
  <R extends Role>(advance: Advance<R>): Drive<R> =>
  (initial, perform, stepped) => {
    const loop: Loop<R> = { state: initial, stepping: false, pending: undefined, perform };
    return {
      send: (event) => advance(loop, event, stepped),
      get state() {
        return loop.state;
      },
    };
  };

const takePending = (loop: Loop): SmEvent | undefined => {
  const next = loop.pending?.shift();
  if (loop.pending?.length === 0) loop.pending = undefined;
  return next;
};
