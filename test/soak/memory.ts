/** Whether memory stays flat, told from samples. */

export interface Reading {
  /** Seconds since the run began. */
  readonly at: number;
  /** Bytes. */
  readonly memory: number;
}

/** Of the run, which is seen in quarters; the first one is for warming up. */
export interface Flatness {
  /** Bytes that three of four readings of a quarter reach: what waits for sessions that are away comes and goes. NaN without readings. */
  readonly levels: readonly [number, number, number, number];
  /** Bytes a second over the last three quarters, by least squares. */
  readonly slope: number;
  readonly isFlat: boolean;
}

/** The last quarter may have this many times what the second has. */
export const TOLERANCE = 1.1;

/** @param seconds that the run took; readings from after it do not count */
export const flatnessOf = (readings: readonly Reading[], seconds: number): Flatness => {
  const quarter = (number: number): readonly Reading[] =>
    readings.filter(({ at }) => at >= (seconds * number) / 4 && at < (seconds * (number + 1)) / 4);
  const level = (number: number): number => lowerQuartile(quarter(number).map(({ memory }) => memory));
  const levels = [level(0), level(1), level(2), level(3)] as const;
  return {
    levels,
    slope: slopeOf([1, 2, 3].flatMap(quarter)),
    isFlat: levels[3] <= levels[1] * TOLERANCE,
  };
};

const lowerQuartile = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 4)] ?? Number.NaN;
};

const slopeOf = (readings: readonly Reading[]): number => {
  const mean = (value: (reading: Reading) => number): number =>
    readings.reduce((sum, reading) => sum + value(reading), 0) / readings.length;
  const [at, memory] = [mean((reading) => reading.at), mean((reading) => reading.memory)];
  const covariance = mean((reading) => (reading.at - at) * (reading.memory - memory));
  return covariance / mean((reading) => (reading.at - at) ** 2);
};
