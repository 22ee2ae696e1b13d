import { describe, expect, it } from 'vitest';
import { type DemoResult, tableOf } from '../../src/cli/demo/table.js';

const result = (early: number): DemoResult => ({
  seed: 7,
  verdict: 'passed',
  faults: [],
  seconds: 20,
  cuts: { planned: 40, made: 40, early, byKind: { fin: 30, rst: 10 } },
  directions: [],
});

describe('the table of the demo', () => {
  it('says how many cuts happened while a client was still connecting', () => {
    expect(tableOf(result(13))).toContain(
      '\n40 of 40 cuts made: fin 30, rst 10\n13 of them while a connection was still being opened again\n20.0 s, seed 7\n',
    );
  });

  it('does not mention such cuts when there were none', () => {
    expect(tableOf(result(0))).toContain('\n40 of 40 cuts made: fin 30, rst 10\n20.0 s, seed 7\n');
  });

  it('shows a fault in place of a success', () => {
    const failed: DemoResult = { ...result(0), verdict: 'failed', faults: ['3 of 40 cuts not made'] };
    expect(tableOf(failed)).toMatch(/\nfailed: 3 of 40 cuts not made$/);
  });
});
