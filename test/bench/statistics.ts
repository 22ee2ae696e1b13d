export const median = (values: readonly number[]): number => percentile(values, 50);

/** Between two of the values it is interpolated. */
export const percentile = (values: readonly number[], percent: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const position = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position % 1);
};

/** The lowest and the highest, as a cell of a table. */
export const spread = (values: readonly number[]): string =>
  [Math.min(...values), Math.max(...values)].map(short).join(' - ');

const short = (value: number): string =>
  (value >= 100 ? Math.round(value) : Number(value.toPrecision(3))).toLocaleString('en');
