/** The receivers whose queues are at a limit, and the senders that wait until there is room (design law 8). */
import type { Report } from '../index.js';
import type { RunningSession } from '../server.js';

export class Pressure {
  readonly #waiting = new Map<object, Set<() => void>>();

  /** Hears every report of a receiver's session: the core says when a queue reaches its limit, and when it has room again. */
  hear(receiver: RunningSession, report: Report): void {
    // Without a connection there is no client whose acknowledgements the sender could wait for.
    if (report.type === 'queuePressure' && report.full && receiver.status === 'enabled')
      this.#waiting.set(receiver, this.#waiting.get(receiver) ?? new Set());
    else if (ENDS.includes(report.type)) this.#relieve(receiver);
  }

  isFull(receiver: RunningSession | undefined): receiver is RunningSession {
    // Mostly no queue is full, and the size costs less than the search.
    return this.#waiting.size > 0 && receiver !== undefined && this.#waiting.has(receiver);
  }

  /** Calls `wake` once, when the receiver has room again, or no longer has a connection. */
  wait(receiver: object, wake: () => void): void {
    this.#waiting.get(receiver)?.add(wake);
  }

  /** The senders go on in a turn of their own: the receiver's session may be in the middle of an event. */
  #relieve(receiver: object): void {
    const wakes = this.#waiting.get(receiver) ?? [];
    this.#waiting.delete(receiver);
    for (const wake of wakes) setImmediate(wake);
  }
}

const ENDS: readonly Report['type'][] = ['queuePressure', 'hibernationStart', 'superseded', 'ended'];
