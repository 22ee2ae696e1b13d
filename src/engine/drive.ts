/**
 * The loop around `step`: one event, then all its effects in order, then the next event. An effect that causes an event
 * queues the event: the loop finishes all effects of a step before it steps the next event.
 */
import type { Effect } from '../core/effects.js';
import type { SmEvent } from '../core/events.js';
import type { Role, State, Step } from './step.js';

/** The data of one loop. `advance` writes the fields. A program with many sessions can put them into an object that it already has. */
export interface Loop<R extends Role = Role> {
  state: State<R>;
  /** Events that wait until the present event and its effects are finished; undefined while the loop is idle. */
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

export const advanceOn = <R extends Role>(step: Step<R>): Advance<R> => {
  const advance: Advance<R> = (loop, event, stepped = step) => {
    if (loop.pending !== undefined) {
      if (loop.pending === NONE) loop.pending = [];
      loop.pending.push(event);
      return;
    }
    loop.pending = NONE;
    try {
      for (let next: SmEvent | undefined = event; next !== undefined; next = loop.pending?.shift()) {
        const [after, effects] = stepped(loop.state, next);
        loop.state = after;
        for (const effect of effects) loop.perform(effect);
      }
    } finally {
      const left = loop.pending ?? NONE;
      loop.pending = undefined;
      // Events are left over when an effect threw: the loop keeps them.
      for (const waiting of left) advance(loop, waiting, stepped);
    }
  };
  return advance;
};

export const driveOn =
  <R extends Role>(advance: Advance<R>): Drive<R> =>
  (initial, perform, stepped) => {
    const loop: Loop<R> = { state: initial, pending: undefined, perform };
    return {
      send: (event) => advance(loop, event, stepped),
      get state() {
        return loop.state;
      },
    };
  };

/** An empty queue that all loops share until an event has to wait. */
const NONE: SmEvent[] = [];
