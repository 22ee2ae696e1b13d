/** Whether memory stays flat, told from samples. */

export interface Reading {
  /** Seconds since the run began. */
  readonly at: number;
  /** Bytes. */
  readonly memory: number;
}

/** Of the run, which is seen in quarters; the first one is for warming up. */
export interface Flatness {
  /** Bytes in the middle of the readings of each quarter; NaN for one without readings. */
  readonly medians: readonly [number, number, number, number];
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
  const middle = (number: number): number => median(quarter(number).map(({ memory }) => memory));
  const medians = [middle(0), middle(1), middle(2), middle(3)] as const;
  return {
    medians,
    slope: slopeOf([1, 2, 3].flatMap(quarter)),
    isFlat: medians[3] <= medians[1] * TOLERANCE,
  };
};

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

const slopeOf = (readings: readonly Reading[]): number => {
  const mean = (value: (reading: Reading) => number): number =>
    readings.reduce((sum, reading) => sum + value(reading), 0) / readings.length;
  const [at, memory] = [mean((reading) => reading.at), mean((reading) => reading.memory)];
  const covariance = mean((reading) => (reading.at - at) * (reading.memory - memory));
  return covariance / mean((reading) => (reading.at - at) ** 2);
};
