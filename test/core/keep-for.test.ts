import { describe, expect, it } from 'vitest';
import { open, policy, step } from '../../src/index.js';
import { uptoEnabled } from '../support/random-events.js';

const enabled = (resume = true) =>
  uptoEnabled.server.reduce((state, event) => step(state, event)[0], open('server', policy({ resume })));

describe('app.keepFor changes how long a session waits for its client (M-1, H9)', () => {
  it('an enabled session hibernates for the new time', () => {
    const [kept] = step(enabled(), { type: 'app.keepFor', at: 0, seconds: 7200 });
    const [, effects] = step(kept, { type: 'link.lost', at: 1000, epoch: 1 });
    expect(effects).toContainEqual({ type: 'timer.set', timer: 'resumption', deadline: 7_201_000 });
  });
  it('a hibernation under way keeps its time, and the next one has the new time', () => {
    const [hibernating] = step(enabled(), { type: 'link.lost', at: 0, epoch: 1 });
    const [after, effects] = step(hibernating, { type: 'app.keepFor', at: 5000, seconds: 60 });
    expect(effects).toEqual([]);
    expect(after.session.timers).toEqual(hibernating.session.timers);
    expect(after.session.max).toBe(60);
  });
  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, undefined])(
    '%s seconds are a misuse, and change nothing',
    (seconds) => {
      const before = enabled();
      const [after, effects] = step(before, { type: 'app.keepFor', at: 0, seconds: seconds as number });
      expect(after).toEqual(before);
      expect(effects).toEqual([{ type: 'report', report: expect.objectContaining({ type: 'misuse' }) }]);
    },
  );
});
