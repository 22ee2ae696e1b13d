import fc from 'fast-check';
import { expect, it } from 'vitest';
import { implied } from '../../src/core/capacity.js';
import { amend, freshSession } from '../../src/core/session.js';
import { EMPTY } from '../../src/core/unacked.js';
import { policy, type SmEvent } from '../../src/index.js';
import { seedFrom } from '../../src/testing/random.js';
import { rounds } from '../support/effort.js';

const seed = seedFrom(process.env.SEED) & 0x7fffffff;

const few = fc.integer({ min: 0, max: 30 });
const limit = fc.integer({ min: 1, max: 15 });

/** Fewer rounds may by chance miss one of the three cases. */
const LEAST = 1_000;

it(`a queue that reaches a higher limit also reaches each lower one, at any length and size (M-10), SEED=${seed}`, () => {
  const held = { strong: 0, weakOnly: 0, neither: 0 };
  fc.assert(
    fc.property(few, few, few, limit, limit, (length, size, stanza, maxQueueStanzas, maxQueueBytes) => {
      const limits = policy({ maxQueueStanzas, maxQueueBytes });
      const session = amend(freshSession(limits, 1), { unacked: { ...EMPTY, length, size } });
      const event: SmEvent = { type: 'app.send', at: 0, stanza: { xml: 'x'.repeat(stanza), kind: 'iq', type: 'get' } };
      for (const [stronger, weaker] of implied) {
        const [strong, weak] = [stronger, weaker].map((guard) => guard(session, event, limits));
        held[strong ? 'strong' : weak ? 'weakOnly' : 'neither'] += 1;
        expect([strong, weak]).not.toEqual([true, false]);
      }
    }),
    { seed, numRuns: rounds(2_000, LEAST) },
  );
  expect(Object.values(held).filter((count) => count === 0)).toEqual([]);
});
