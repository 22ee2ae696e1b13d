import { afterEach, describe, expect, it, vi } from 'vitest';
import { type CheckReport, checks, type Result, type Verdict } from '../../src/check.js';
import { tableOf } from '../../src/cli/check/table.js';

const result = (id: string, verdict: Verdict, more: Partial<Result> = {}): Result => {
  const check = checks.find((one) => one.id === id);
  if (check === undefined) throw new Error(`no check ${id}`);
  return { check, verdict, expected: '', found: '', seconds: 0, transcript: [], ...more };
};

const report = (seconds: number, ...results: readonly Result[]): CheckReport => {
  const count = (verdict: Verdict): number => results.filter((one) => one.verdict === verdict).length;
  return {
    results,
    counts: { pass: count('pass'), fail: count('fail'), warn: count('warn'), skip: count('skip') },
    seconds,
  };
};

const RESULTS = [
  result('enable-twice-refused', 'pass'),
  result('enable-location', 'skip', { expected: 'no location is given' }),
  result('r-answered', 'fail', { expected: 'one', found: 'another', transcript: ['  0.001 romeo > <r/>'] }),
];

describe('the table of smacks check', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('has a line for each check under its subject, then the checks that did not pass, then the counts', () => {
    expect(tableOf(report(1.25, ...RESULTS), { isTTY: false })).toBe(`enabling
  pass  A second <enable/> is refused with unexpected-request, or ends the stream with an error
  skip  A location is a host name or an address, with or without a port (no location is given)

acks
  fail  <r/> is answered also when nothing new came

fail  <r/> is answered also when nothing new came  --only r-answered
  expected  one
  found     another
  A-5       Both sides answer <r/> with <a h/> without delay, also when no new stanza came.
    0.001 romeo > <r/>

3 checks: 1 pass, 1 fail, 0 warn, 1 skip; 1.3 s`);
  });

  it('is coloured on a terminal, unless NO_COLOR is set', () => {
    vi.stubEnv('NO_COLOR', '');
    expect(tableOf(report(1, ...RESULTS), { isTTY: true })).toContain('\u001b[32mpass\u001b[0m');
    vi.stubEnv('NO_COLOR', '1');
    expect(tableOf(report(1, ...RESULTS), { isTTY: true })).not.toContain('\u001b[');
  });

  it('shows the end of a long transcript, and says that there is more', () => {
    const transcript = Array.from({ length: 100 }, (_, line) => `line ${line}`);
    const table = tableOf(report(1, result('r-answered', 'fail', { transcript })), { isTTY: false });
    expect(table).toContain('... 60 lines before; --transcript writes them all');
    expect(table).not.toContain('line 59\n');
    expect(table).toContain('line 60\n');
  });
});
