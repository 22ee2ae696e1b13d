import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TimerName } from '../../src/index.js';
import { NOT_RUNNING, type TimerOwner } from '../../src/session/deadline-heap.js';
import { timersOn } from '../../src/session/timer-queue.js';
import { systemClock } from '../../src/session/timers.js';
import { createRandom, seedFrom } from '../../src/testing/random.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { rounds } from '../support/effort.js';

const SEED = seedFrom(process.env.SEED);

const owner = (due: (timer: TimerName, at: number) => void = () => {}): TimerOwner => ({
  ackIdle: NOT_RUNNING,
  ackWait: NOT_RUNNING,
  overflowGrace: NOT_RUNNING,
  resumption: NOT_RUNNING,
  storeWait: NOT_RUNNING,
  due,
});

describe('the timers of all sessions on one clock', () => {
  it('use one timer of the clock for each name, and no timer of the clock when none is set', () => {
    const clock = createVirtualClock();
    const timers = timersOn(clock);
    const owners = Array.from({ length: 100 }, () => owner());
    for (const [index, each] of owners.entries()) timers.set('resumption', 100 - index, each);
    timers.set('ackIdle', 5, owner());
    expect([clock.pending, clock.next()]).toEqual([2, 1]);
    for (const each of owners) timers.clear('resumption', each);
    clock.advance(5);
    expect(clock.pending).toBe(0);
  });

  it(`fire once each, at their last deadlines, in order of time, and not when they were cleared (SEED=${SEED})`, () => {
    const random = createRandom(SEED);
    for (let round = 0; round < rounds(300); round++) {
      const clock = createVirtualClock();
      const timers = timersOn(clock);
      const expected = new Map<number, number>();
      const fired: (readonly [number, number])[] = [];
      const owners = Array.from({ length: random.integer(1, 40) }, (_, index) =>
        owner((_timer, at) => fired.push([index, at])),
      );
      for (let change = 0; change < 200; change++) {
        const index = random.integer(0, owners.length - 1);
        const each = owners[index] ?? owner();
        if (random.chance(0.3)) {
          timers.clear('ackWait', each);
          expected.delete(index);
        } else {
          const deadline = random.integer(1, 50);
          timers.set('ackWait', deadline, each);
          expected.set(index, deadline);
        }
      }
      clock.advance(50);
      const times = fired.map(([, at]) => at);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(new Map(fired)).toEqual(expected);
      expect(fired).toHaveLength(expected.size);
    }
  });

  it('accept timers that are set and cleared while they fire', () => {
    const clock = createVirtualClock();
    const timers = timersOn(clock);
    const fired: string[] = [];
    const cleared = owner(() => fired.push('cleared'));
    const again = owner((_timer, at) => {
      fired.push(`at ${at}`);
      timers.clear('ackWait', cleared);
      if (at < 7) timers.set('ackWait', at + 3, again);
    });
    timers.set('ackWait', 1, again);
    timers.set('ackWait', 2, cleared);
    clock.advance(10);
    expect(fired).toEqual(['at 1', 'at 4', 'at 7']);
    expect(clock.pending).toBe(0);
  });

  it('fire although another one threw', () => {
    const clock = createVirtualClock();
    const timers = timersOn(clock);
    const fired: number[] = [];
    timers.set(
      'ackWait',
      1,
      owner(() => {
        throw new Error('broken');
      }),
    );
    timers.set(
      'ackWait',
      1,
      owner((_timer, at) => fired.push(at)),
    );
    timers.set(
      'ackWait',
      2,
      owner((_timer, at) => fired.push(at)),
    );
    expect(() => clock.advance(5)).toThrow('broken');
    clock.advance(5);
    expect(fired).toEqual([1, 2]);
  });

  it('let other work run when very many timers are due together', () => {
    const clock = createVirtualClock();
    const timers = timersOn(clock);
    const order: string[] = [];
    for (let i = 0; i < 1000; i++)
      timers.set(
        'resumption',
        1,
        owner(() => order.push('session')),
      );
    clock.at(1, () => order.push('something else'));
    clock.advance(1);
    expect(order).toHaveLength(1001);
    expect(order.indexOf('something else')).toBeLessThan(500);
  });
});

describe('on the clock of the system they', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('fire at their deadlines, however far away', () => {
    vi.useFakeTimers();
    const clock = { ...systemClock };
    const start = clock.now();
    const fired: number[] = [];
    const far = start + 2 ** 31 + 5;
    const remember = owner((_timer, at) => fired.push(at - start));
    timersOn(clock).set('resumption', far, { ...remember });
    timersOn(clock).set('resumption', start + 500, { ...remember });
    vi.advanceTimersByTime(499);
    expect(fired).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(fired).toEqual([500]);
    vi.advanceTimersByTime(2 ** 31);
    expect(fired).toEqual([500, 2 ** 31 + 5]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
