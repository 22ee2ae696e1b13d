import { describe, expect, it } from 'vitest';
import { policyOptions } from '../../src/cli/host/policy-options.js';
import { DEFAULT_POLICY } from '../../src/index.js';

describe('the policy flags of smacks host', () => {
  const fields = policyOptions().map((option) => option.attributeName());

  it('are one for each field of the policy, but for deferred handling', () => {
    expect([...fields, 'deferHandling'].sort()).toEqual(Object.keys(DEFAULT_POLICY).sort());
  });

  it('have the defaults of the policy', () => {
    const stated = policyOptions().filter(({ defaultValue }) => defaultValue !== undefined);
    const defaults = Object.fromEntries(stated.map((option) => [option.attributeName(), option.defaultValue]));
    const { resume, location, deferHandling, ...others } = DEFAULT_POLICY;
    expect(defaults).toEqual(others);
    expect({ resume, location, deferHandling }).toEqual({ resume: true, location: null, deferHandling: false });
  });
});
