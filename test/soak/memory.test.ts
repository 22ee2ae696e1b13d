import { describe, expect, it } from 'vitest';
import { flatnessOf } from './memory.js';

const MIB = 1024 ** 2;

/** A reading every 2.5 seconds for two minutes. */
const readings = (memory: (at: number) => number) =>
  Array.from({ length: 48 }, (_, index) => ({ at: index * 2.5, memory: memory(index * 2.5) }));

describe('memory', () => {
  it('is flat when it grows only in the first quarter', () => {
    const { isFlat, slope, levels } = flatnessOf(
      readings((at) => (at < 30 ? at * MIB : 40 * MIB)),
      120,
    );
    expect({ isFlat, slope }).toEqual({ isFlat: true, slope: 0 });
    expect(levels.slice(1)).toEqual([40 * MIB, 40 * MIB, 40 * MIB]);
  });

  it('is flat when it goes up and down around the same average', () => {
    expect(
      flatnessOf(
        readings((at) => (at % 5 === 0 ? 40 : 60) * MIB),
        120,
      ).isFlat,
    ).toBe(true);
  });

  it('grows when some memory of each second is never freed', () => {
    const { isFlat, slope } = flatnessOf(
      readings((at) => 40 * MIB + at * 100_000),
      120,
    );
    expect(isFlat).toBe(false);
    expect(slope).toBeCloseTo(100_000);
  });

  it('is not called flat without readings', () => {
    expect(flatnessOf([], 120).isFlat).toBe(false);
  });

  it('does not depend on readings after the run', () => {
    expect(flatnessOf([...readings(() => MIB), { at: 120, memory: 1000 * MIB }], 120).isFlat).toBe(true);
  });
});
