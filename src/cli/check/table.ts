import type { WriteStream } from 'node:tty';
import { type CheckReport, clauses, type Result, subjects, type Verdict } from '../../check.js';

/** The results for people: a line for each check, then what was expected and seen for each check that did not pass. */
export const tableOf = (report: CheckReport, terminal: Pick<WriteStream, 'isTTY'>): string => {
  const { results } = report;
  const paint = painter(terminal);
  const blocks = Object.entries(subjects).flatMap(([subject, checks]) => {
    const rows = results.filter(({ check }) => checks.includes(check));
    return rows.length === 0 ? [] : [[paint.bold(subject), ...rows.map((result) => row(result, paint))].join('\n')];
  });
  const troubles = results.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');
  return [...blocks, ...troubles.map((result) => trouble(result, paint)), summaryOf(report, paint)].join('\n\n');
};

const row = ({ check, verdict, expected }: Result, paint: Painter): string => {
  const reason = verdict === 'skip' ? paint.dim(` (${expected})`) : '';
  return `  ${paint[verdict](verdict)}  ${check.sentence}${reason}`;
};

const trouble = ({ check, verdict, expected, found, transcript }: Result, paint: Painter): string =>
  [
    `${paint[verdict](verdict)}  ${paint.bold(check.sentence)}  ${paint.dim(`--only ${check.id}`)}`,
    `  expected  ${expected}`,
    `  found     ${found}`,
    ...check.clauses.map((id) => `  ${id.padEnd(8)}  ${clauses.find((clause) => clause.id === id)?.text ?? ''}`),
    ...lastOf(transcript).map((line) => paint.dim(`  ${line.replaceAll('\n', '\n                    ')}`)),
  ].join('\n');

/** The end of the transcript, where the fault is. */
const lastOf = (transcript: readonly string[]): readonly string[] => {
  const left = transcript.length - MOST_LINES;
  if (left <= 0) return transcript;
  return [`  ... ${left} lines before; --transcript writes them all`, ...transcript.slice(left)];
};

const MOST_LINES = 40;

const summaryOf = ({ results, counts, seconds }: CheckReport, paint: Painter): string => {
  const words = (['pass', 'fail', 'warn', 'skip'] as const).map((verdict) => {
    const text = `${counts[verdict]} ${verdict}`;
    return counts[verdict] === 0 ? text : paint[verdict](text);
  });
  return `${results.length} checks: ${words.join(', ')}; ${seconds.toFixed(1)} s`;
};

type Painter = Readonly<Record<Verdict | 'bold' | 'dim', (text: string) => string>>;

const painter = ({ isTTY }: Pick<WriteStream, 'isTTY'>): Painter => {
  const coloured = isTTY && (process.env.NO_COLOR ?? '') === '';
  const ink = (code: number) => (text: string) => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { pass: ink(32), fail: ink(31), warn: ink(33), skip: ink(2), bold: ink(1), dim: ink(2) };
};
