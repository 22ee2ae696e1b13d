/**
 * All the timers that run on one clock, behind a single timer of that clock: it is set for the earliest deadline.
 *
 * Sessions are many, and set and clear their timers all the time: a timer is one small object and its place in a heap.
 */
import type { TimerName } from '../index.js';
import type { Clock } from '../ports/index.js';

/** Whoever sets timers. */
export interface TimerOwner {
  /** Those that are running, as a list. It is for the queue to write. */
  timers: Timer | undefined;
  /** A deadline has passed. `at` is the clock's time, never before the deadline. */
  due(timer: TimerName, at: number): void;
}

export interface Timer {
  readonly owner: TimerOwner;
  readonly name: TimerName;
  /** Where it is in the heap. */
  place: number;
  /** Of equal deadlines the one that was set first goes first. */
  turn: number;
  next: Timer | undefined;
}

/** The rest of what is due lets everything else go ahead once. */
const AT_ONCE = 250;

export class TimerQueue {
  /** A heap, and the deadline of each in the same place of an array of its own: comparing them touches no timer. */
  private readonly heap: Timer[] = [];
  private readonly deadlines: number[] = [];
  private turn = 0;
  /** The time for which the clock's timer is set; while timers fire it need not be set. */
  private awaited = Number.POSITIVE_INFINITY;
  private cancel: (() => void) | undefined;

  constructor(readonly clock: Clock) {}

  /** Replaces an earlier deadline of the same timer. */
  set(owner: TimerOwner, name: TimerName, deadline: number): void {
    let timer = owner.timers;
    while (timer !== undefined && timer.name !== name) timer = timer.next;
    if (timer === undefined) {
      timer = { owner, name, place: this.heap.length, turn: 0, next: owner.timers };
      owner.timers = timer;
    }
    // It starts again behind all others; round the corner, 2^31 timers later, the order of equals does not matter.
    this.turn = (this.turn + 1) | 0;
    timer.turn = this.turn;
    this.settle(timer, deadline);
    this.watch();
  }

  clear(owner: TimerOwner, name: TimerName): void {
    const timer = unlink(owner, name);
    if (timer === undefined) return;
    this.remove(timer);
    if (this.heap.length > 0 || this.cancel === undefined) return;
    this.cancel();
    this.cancel = undefined;
    this.awaited = Number.POSITIVE_INFINITY;
  }

  private remove({ place }: Timer): void {
    const last = this.heap.pop();
    const deadline = this.deadlines.pop();
    if (last === undefined || deadline === undefined || last.place === place) return;
    last.place = place;
    this.settle(last, deadline);
  }

  /** Finds the place for a timer, from the one that it has on; nothing of value is in that. */
  private settle(timer: Timer, deadline: number): void {
    let { place } = timer;
    for (let up = (place - 1) >> 1; place > 0 && this.isAhead(timer, deadline, up); up = (place - 1) >> 1) {
      this.move(up, place);
      place = up;
    }
    for (let down = this.firstBelow(place); down > 0 && !this.isAhead(timer, deadline, down); ) {
      this.move(down, place);
      place = down;
      down = this.firstBelow(place);
    }
    this.put(timer, deadline, place);
  }

  /** Of the two below, the one that is due first; 0 when there is none. */
  private firstBelow(place: number): number {
    const left = 2 * place + 1;
    if (left >= this.heap.length) return 0;
    const right = this.heap[left + 1];
    return right !== undefined && this.isAhead(right, this.deadlines[left + 1] ?? 0, left) ? left + 1 : left;
  }

  private isAhead(timer: Timer, deadline: number, place: number): boolean {
    const other = this.deadlines[place] ?? Number.POSITIVE_INFINITY;
    return deadline < other || (deadline === other && ((timer.turn - (this.heap[place]?.turn ?? 0)) | 0) < 0);
  }

  private move(from: number, to: number): void {
    const timer = this.heap[from];
    const deadline = this.deadlines[from];
    if (timer !== undefined && deadline !== undefined) this.put(timer, deadline, to);
  }

  private put(timer: Timer, deadline: number, place: number): void {
    this.heap[place] = timer;
    this.deadlines[place] = deadline;
    timer.place = place;
  }

  /** To be woken for a timer that was cleared meanwhile costs less than to set the clock's anew each time. */
  private watch(): void {
    const earliest = this.deadlines[0] ?? Number.POSITIVE_INFINITY;
    if (earliest >= this.awaited) return;
    this.cancel?.();
    this.awaited = earliest;
    this.cancel = this.clock.at(earliest, () => this.fire(earliest));
  }

  /** A clock that was set back meanwhile still called at the time that it was asked for. */
  private fire(awaited: number): void {
    this.cancel = undefined;
    this.awaited = Number.NEGATIVE_INFINITY;
    const now = Math.max(awaited, this.clock.now());
    try {
      for (let left = AT_ONCE; left > 0; left--) {
        const [timer] = this.heap;
        const [deadline = Number.POSITIVE_INFINITY] = this.deadlines;
        if (timer === undefined || deadline > now) break;
        this.remove(timer);
        unlink(timer.owner, timer.name);
        timer.owner.due(timer.name, Math.max(deadline, this.clock.now()));
      }
    } finally {
      this.awaited = Number.POSITIVE_INFINITY;
      this.watch();
    }
  }
}

const unlink = (owner: TimerOwner, name: TimerName): Timer | undefined => {
  let before: Timer | undefined;
  let timer = owner.timers;
  for (; timer !== undefined && timer.name !== name; timer = timer.next) before = timer;
  if (before === undefined) owner.timers = timer?.next;
  else before.next = timer?.next;
  return timer;
};

const queues = new WeakMap<Clock, TimerQueue>();

/** The queue of a clock: all sessions that are given the same clock share it. */
export const timersOn = (clock: Clock): TimerQueue => {
  const queue = queues.get(clock) ?? new TimerQueue(clock);
  queues.set(clock, queue);
  return queue;
};
