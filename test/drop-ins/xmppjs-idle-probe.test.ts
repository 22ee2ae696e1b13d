import { describe, expect, it } from 'vitest';
import { IdleProbe } from '../../src/drop-ins/xmppjs/idle-probe.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';

const setUp = (seconds: number) => {
  const clock = createVirtualClock();
  const probes: number[] = [];
  const probe = new IdleProbe(clock, seconds, () => probes.push(clock.now()));
  probe.start();
  return { clock, probe, probes };
};

describe('a silent connection', () => {
  it('gets a probe when nothing has arrived for probeAfter, and another after the same time', () => {
    const { clock, probes } = setUp(30);
    clock.advance(70_000);
    expect(probes).toEqual([30_000, 60_000]);
  });

  it('gets no probe while data arrives', () => {
    const { clock, probe, probes } = setUp(30);
    for (let i = 0; i < 10; i++) {
      clock.advance(20_000);
      probe.heard();
    }
    expect(probes).toEqual([]);
    clock.advance(30_000);
    expect(probes).toEqual([230_000]);
  });

  it('gets no probe when probeAfter is 0, or when the connection is gone', () => {
    const never = setUp(0);
    never.clock.advance(1e9);
    expect(never.probes).toEqual([]);
    const gone = setUp(30);
    gone.probe.stop();
    expect(gone.clock.pending).toBe(0);
  });
});
