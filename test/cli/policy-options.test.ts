import { right } from 'fp-ts/lib/Either.js';
import { expect, it } from 'vitest';
import { policyOptions } from '../../src/cli/host/policy-options.js';
import { readOptions } from '../../src/cli/options.js';
import { DEFAULT_POLICY } from '../../src/index.js';

it('smacks host has one option for each field of the policy but deferHandling, with the same default', () => {
  const { deferHandling, location, ...others } = DEFAULT_POLICY;
  expect({ deferHandling, location }).toEqual({ deferHandling: false, location: null });
  expect(readOptions(policyOptions, {})).toEqual(right({ ...others, location: undefined }));
});
