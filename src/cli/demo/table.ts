import type { Account } from './ledger.js';

/** The result of a run. Times are in seconds. */
export interface DemoResult {
  readonly seed: number;
  /**
   * `passed` when every cut was made; no message is lost, doubled or out of order; and no receipt is wrong or pending.
   */
  readonly verdict: 'passed' | 'failed';
  /** The faults, in words. */
  readonly faults: readonly string[];
  readonly seconds: number;
  readonly cuts: Cuts;
  readonly directions: readonly Direction[];
}

/** The counts of cuts. */
export interface Cuts {
  readonly planned: number;
  readonly made: number;
  /** The cuts, among those made, of a connection that was still reopening and had no session yet. */
  readonly early: number;
  readonly byKind: Readonly<Record<string, number>>;
}

/** A direction, and how often the session of its sender was resumed. */
export interface Direction extends Omit<Account, 'longestGap'> {
  readonly from: string;
  readonly to: string;
  readonly resumptions: number;
  readonly failedResumptions: number;
  readonly longestGap: number;
}

/** The result as a table for people. */
export const tableOf = (result: DemoResult): string => {
  const { seed, seconds, cuts, directions } = result;
  const rows = [
    ['', ...directions.map(({ from, to }) => `${from} -> ${to}`)],
    ...ROWS.map(([name, cell]) => [name, ...directions.map((direction) => String(cell(direction)))]),
  ];
  const width = Math.max(...rows.map(([, ...cells]) => Math.max(...cells.map(({ length }) => length))));
  const lines = rows.map(([name = '', ...cells]) =>
    [name.padEnd(NAME_WIDTH), ...cells.map((cell) => cell.padStart(width))].join('  ').trimEnd(),
  );
  const kinds = Object.entries(cuts.byKind).map(([kind, count]) => `${kind} ${count}`);
  return [
    ...lines,
    '',
    `${cuts.made} of ${cuts.planned} cuts made: ${kinds.join(', ')}`,
    ...(cuts.early > 0 ? [`${cuts.early} of them while a connection was still being opened again`] : []),
    `${seconds.toFixed(1)} s, seed ${seed}`,
    verdictLine(result),
  ].join('\n');
};

const verdictLine = ({ verdict, faults }: DemoResult): string =>
  verdict === 'passed'
    ? 'passed: every cut made, nothing lost, doubled or out of order, every receipt right'
    : `failed: ${faults.join('; ')}`;

const ROWS: readonly (readonly [string, (direction: Direction) => string | number])[] = [
  ['sent', ({ sent }) => sent],
  ['delivered', ({ delivered }) => delivered],
  ['lost', ({ lost }) => lost],
  ['doubled', ({ doubled }) => doubled],
  ['out of order', ({ outOfOrder }) => outOfOrder],
  ['receipts acked', ({ receipts }) => receipts.acked],
  ['receipts failed', ({ receipts }) => receipts.failed],
  ['receipts pending', ({ receipts }) => receipts.pending],
  ['resumptions of the sender', ({ resumptions }) => resumptions],
  ['failed resumptions', ({ failedResumptions }) => failedResumptions],
  ['longest gap', ({ longestGap }) => `${longestGap.toFixed(2)} s`],
];

const NAME_WIDTH = Math.max(...ROWS.map(([name]) => name.length));
