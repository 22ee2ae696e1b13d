import { describe, expect, it } from 'vitest';
import { Claims } from '../../src/session/claims.js';

describe('a claim that waits for its answer (R-11)', () => {
  const link = {};

  it('is taken when another link claims the same session, and not another session', () => {
    const claims = new Claims<object>();
    const [a, b] = [claims.begin(link, 'a'), claims.begin(link, 'b')];
    claims.take(link, 'a');
    expect([a.isTaken, b.isTaken]).toEqual([true, false]);
  });

  it('is repeated when its own link claims the same session again', () => {
    const claims = new Claims<object>();
    const first = claims.begin(link, 'a');
    const second = claims.begin(link, 'a');
    expect([first.isRepeated, second.isRepeated]).toEqual([true, false]);
  });

  it('is of no interest after its answer, or for another link', () => {
    const claims = new Claims<object>();
    const claim = claims.begin(link, 'a');
    claims.take({}, 'a');
    claims.end(link, claim);
    claims.take(link, 'a');
    claims.begin(link, 'a');
    expect(claim).toEqual({ smId: 'a', isTaken: false, isRepeated: false });
  });
});
