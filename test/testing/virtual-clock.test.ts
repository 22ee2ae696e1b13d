import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';

describe('the virtual clock', () => {
  it('starts at the given time and moves only when told', () => {
    const clock = createVirtualClock(1000);
    expect(clock.now()).toBe(1000);
    clock.advance(50);
    expect(clock.now()).toBe(1050);
    clock.advanceTo(2000);
    expect(clock.now()).toBe(2000);
    expect(createVirtualClock().now()).toBe(0);
  });

  it('calls back in order of time, each timer at its own time, and not the timers that are not due', () => {
    const clock = createVirtualClock();
    const calls: string[] = [];
    for (const time of [30, 10, 20, 31]) clock.at(time, () => calls.push(`${time} at ${clock.now()}`));
    clock.advance(30);
    expect(calls).toEqual(['10 at 10', '20 at 20', '30 at 30']);
    expect(clock.pending).toBe(1);
    expect(clock.next()).toBe(31);
  });

  it('calls back timers of the same time in the order they were set', () => {
    const clock = createVirtualClock();
    const calls: string[] = [];
    clock.at(5, () => calls.push('first'));
    clock.at(9, () => calls.push('last'));
    clock.at(5, () => calls.push('second'));
    clock.at(5, () => calls.push('third'));
    clock.advance(10);
    expect(calls).toEqual(['first', 'second', 'third', 'last']);
  });

  it('fires a timer that a callback sets, when the advance reaches its time', () => {
    const clock = createVirtualClock();
    const calls: number[] = [];
    const tick = (): void => {
      calls.push(clock.now());
      clock.at(clock.now() + 10, tick);
    };
    clock.at(10, tick);
    clock.advanceTo(35);
    expect(calls).toEqual([10, 20, 30]);
    expect(clock.next()).toBe(40);
  });

  it('never fires inside `at`: a time that has passed waits for the next advance, after the timers that are due now', () => {
    const clock = createVirtualClock(100);
    const calls: string[] = [];
    clock.at(100, () => calls.push('now'));
    clock.at(3, () => calls.push('passed'));
    expect(calls).toEqual([]);
    expect(clock.next()).toBe(100);
    clock.advance(0);
    expect(calls).toEqual(['now', 'passed']);
    expect(clock.now()).toBe(100);
  });

  it('does not fire a cancelled timer, also when a callback of the same time cancels it; cancelling late or twice does nothing', () => {
    const clock = createVirtualClock();
    const calls: string[] = [];
    const cancelEarly = clock.at(5, () => calls.push('cancelled before'));
    const late = clock.at(5, () => {
      calls.push('fired');
      cancelOther();
    });
    const cancelOther = clock.at(5, () => calls.push('cancelled on the way'));
    cancelEarly();
    cancelEarly();
    expect(clock.pending).toBe(2);
    clock.advance(5);
    late();
    expect(calls).toEqual(['fired']);
    expect(clock.pending).toBe(0);
    expect(clock.next()).toBeUndefined();
  });

  it('stops at a callback that throws and keeps the other timers', () => {
    const clock = createVirtualClock();
    const calls: number[] = [];
    clock.at(5, () => {
      throw new Error('broken callback');
    });
    clock.at(6, () => calls.push(clock.now()));
    expect(() => clock.advance(10)).toThrow('broken callback');
    expect(clock.now()).toBe(5);
    clock.advance(5);
    expect(calls).toEqual([6]);
  });

  it('refuses to go back, and refuses invalid times', () => {
    const clock = createVirtualClock(10);
    for (const wrong of [-1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => clock.advance(wrong)).toThrow(RangeError);
    expect(() => clock.advanceTo(9)).toThrow(RangeError);
    expect(() => clock.at(Number.NaN, () => {})).toThrow(RangeError);
    expect(clock.now()).toBe(10);
    expect(clock.pending).toBe(0);
  });
});
