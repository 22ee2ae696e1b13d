import { right } from 'fp-ts/lib/Either.js';
import { expect, it } from 'vitest';
import { policyOptions } from '../../src/cli/host/policy-options.js';
import { readOptions } from '../../src/cli/options.js';
import { DEFAULT_POLICY } from '../../src/index.js';

it('the policy options of smacks host are one for each field but deferred handling, with the defaults of the policy', () => {
  const { deferHandling, location, ...others } = DEFAULT_POLICY;
  expect({ deferHandling, location }).toEqual({ deferHandling: false, location: null });
  expect(readOptions(policyOptions, {})).toEqual(right({ ...others, location: undefined }));
});
