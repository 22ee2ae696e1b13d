import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckReport, Result } from '../../check.js';
import { Failure, reasonOf } from '../failure.js';
import type { CheckFlags } from './options.js';

/**
 * Writes the report files that the options ask for.
 * @returns rejects with Failure when a file cannot be written
 */
export const writeReports = async (report: CheckReport, flags: CheckFlags): Promise<void> => {
  if (flags.json !== undefined) await write('--json', flags.json, jsonOf(report));
  if (flags.junit !== undefined) await write('--junit', flags.junit, junitOf(report));
  if (flags.transcript === undefined) return;
  const directory = flags.transcript;
  await mkdir(directory, { recursive: true }).catch(fail('--transcript', directory));
  for (const { check, transcript } of report.results) {
    if (transcript.length > 0)
      await write('--transcript', join(directory, `${check.id}.txt`), `${transcript.join('\n')}\n`);
  }
};

export const jsonOf = ({ results, seconds }: CheckReport): string =>
  `${JSON.stringify({ seconds: rounded(seconds), checks: results.map(plain) }, null, 2)}\n`;

const plain = ({ check, verdict, expected, found, seconds, transcript }: Result) => ({
  id: check.id,
  sentence: check.sentence,
  clauses: check.clauses,
  level: check.level,
  verdict,
  ...(verdict === 'skip' && { reason: expected }),
  ...((verdict === 'fail' || verdict === 'warn') && { expected, found, transcript }),
  seconds: rounded(seconds),
});

/** The results as JUnit XML. A warning is not a failure there: it is in the output of its case. */
export const junitOf = ({ results, counts, seconds }: CheckReport): string => {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="XEP-0198" tests="${results.length}" failures="${counts.fail}" skipped="${counts.skip}" errors="0" time="${seconds.toFixed(3)}">`,
    ...results.map(testCase),
    '</testsuite>',
    '',
  ].join('\n');
};

const testCase = ({ check, verdict, expected, found, seconds, transcript }: Result): string => {
  const head = `<testcase classname="XEP-0198.${check.clauses[0]}" name="${escapeXml(`${check.id}: ${check.sentence}`)}" time="${seconds.toFixed(3)}"`;
  const wire = escapeXml(transcript.join('\n'));
  if (verdict === 'pass') return `  ${head}/>`;
  if (verdict === 'skip') return `  ${head}><skipped message="${escapeXml(expected)}"/></testcase>`;
  const said = `expected ${expected}; found ${found}`;
  if (verdict === 'fail') return `  ${head}><failure message="${escapeXml(said)}">${wire}</failure></testcase>`;
  return `  ${head}><system-out>${escapeXml(`warning: ${said}`)}\n${wire}</system-out></testcase>`;
};

const escapeXml = (text: string): string =>
  text
    .replaceAll(/[^\t\n\u0020-\uD7FF\uE000-\uFFFD]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const write = async (option: string, file: string, text: string): Promise<void> => {
  if (file === '-') process.stdout.write(text);
  else await writeFile(file, text).catch(fail(option, file));
};

const fail =
  (option: string, file: string) =>
  (error: unknown): never => {
    throw new Failure(`${option} ${file}: ${reasonOf(error)}`, 2);
  };

const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;
