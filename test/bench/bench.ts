/** What a benchmark is: a program that measures side by side, prints tables, and says which of its goals were met. */

export interface Bench {
  readonly name: string;
  /** One line for `--help`. */
  readonly description: string;
  /** Flags for the process it runs in, beside `--expose-gc`. */
  readonly execArgv?: readonly string[];
  /** @param progress takes a line about what is under way: a benchmark is not silent for longer than some seconds */
  run(progress: (line: string) => void): Promise<Result>;
}

export interface Result {
  readonly tables: readonly Table[];
  readonly goals: readonly Goal[];
}

export interface Table {
  readonly title: string;
  /** The first column names the row. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** A figure that was to be reached, as the issue of cost or the design's budget has it. */
export interface Goal {
  readonly what: string;
  readonly unit: string;
  readonly measured: number;
  readonly limit: number;
  /** Which side of the limit is good. */
  readonly wants: 'atMost' | 'atLeast';
}

/** The same goal as a ratio, which a slow machine leaves as it is: to be so many times faster than this peer. */
export const against = (what: string, peer: string, times: number, wanted: number): Goal => ({
  what: `${what}: faster than ${peer}`,
  unit: 'times',
  measured: times,
  limit: wanted,
  wants: 'atLeast',
});

export const isMet = ({ measured, limit, wants }: Goal): boolean =>
  wants === 'atMost' ? measured <= limit : measured >= limit;
