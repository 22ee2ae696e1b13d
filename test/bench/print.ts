/** Tables and goals as text. */
import { type Goal, isMet, type Result, type Table } from './bench.js';

export const printed = ({ tables, goals }: Result): string =>
  [...tables.map(tableOf), ...(goals.length === 0 ? [] : [goals.map(goalOf).join('\n')])].join('\n\n');

const tableOf = ({ title, columns, rows }: Table): string => {
  const lines = [columns, ...rows].map((row) => row.map(cellOf));
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  const aligned = lines.map((line) =>
    line
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join('  '),
  );
  return [title, ...aligned].join('\n');
};

export const asMarkdown = ({ tables }: Result): string =>
  tables
    .map(({ title, columns, rows }) => {
      const rule = columns.map((_, index) => (index === 0 ? '---' : '--:'));
      const lines = [columns, rule, ...rows].map((row) => `| ${row.map(cellOf).join(' | ')} |`);
      // An element would be one of the page.
      return `${title}\n\n${lines.join('\n')}\n`.replaceAll(/<[a-z]+\/>/g, '`$&`');
    })
    .join('\n');

const goalOf = (goal: Goal): string => {
  const { what, measured, limit, wants, unit } = goal;
  const bound = `${wants === 'atMost' ? 'at most' : 'at least'} ${cellOf(limit)} ${unit}`;
  return `${isMet(goal) ? 'met   ' : 'MISSED'}  ${what}: ${cellOf(measured)} ${unit} (${bound})`;
};

/** Three significant digits, and whole numbers in groups of three. */
const cellOf = (value: string | number): string => {
  if (typeof value === 'string') return value;
  const rounded = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
  return rounded.toLocaleString('en');
};
