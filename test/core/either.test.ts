import * as fpTs from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { isLeft, isRight, left, right } from '../../src/index.js';

describe('an Either', () => {
  it('is one of fp-ts, either way round', () => {
    expect([left('no'), right('yes')]).toEqual([fpTs.left('no'), fpTs.right('yes')]);
    expect([left('no'), right('yes'), fpTs.left('no'), fpTs.right('yes')].map(isLeft)).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect([left('no'), right('yes'), fpTs.left('no'), fpTs.right('yes')].map(isRight)).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });
});
