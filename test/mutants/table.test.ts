/** What can be said of the mutants without running them. */
import { describe, expect, it } from 'vitest';
import { checks } from '../../src/check.js';
import { clauses } from '../../src/clauses/table.js';
import { mutants } from './faults/index.js';
import type { Mutant } from './mutant.js';
import { mutated } from './mutate.js';

describe('the mutants', () => {
  it('change code that occurs exactly once in the sources', () => {
    expect(mutants.flatMap(faultIn)).toEqual([]);
  });

  it('have unique names', () => {
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });

  it('name only checks that exist', () => {
    const ids = checks.map(({ id }) => id);
    expect(mutants.flatMap(({ seenBy }) => seenBy).filter((id) => !ids.includes(id))).toEqual([]);
    expect(mutants.filter(({ seenBy }) => seenBy.length === 0)).toEqual([]);
  });

  it('name only clauses that exist', () => {
    const ids = clauses.map(({ id }) => id);
    expect(mutants.flatMap((mutant) => mutant.clauses).filter((id) => !ids.includes(id))).toEqual([]);
  });
});

const faultIn = (mutant: Mutant): readonly string[] => {
  try {
    mutated(mutant);
    return [];
  } catch (error) {
    return [String(error)];
  }
};
