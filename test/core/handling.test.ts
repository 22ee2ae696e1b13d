import { describe, expect, it } from 'vitest';
import { plus } from '../../src/core/uint32.js';
import { type Effect, open, policy, type Role, SM_3, uint32 } from '../../src/index.js';
import { createRandom, seedFrom } from '../../src/testing/random.js';
import { rounds } from '../support/effort.js';
import { countsWritten, enabledEndpoint, endpointOf, reportsIn, SM_ID } from '../support/endpoint.js';

const seed = seedFrom(process.env.SEED);
const roles = ['client', 'server'] as const satisfies Role[];

const positionsIn = (effects: readonly Effect[]): readonly (number | null)[] =>
  effects.flatMap((effect) => (effect.type === 'deliver' ? [effect.position] : []));

for (const role of roles) {
  const deferring = (start = 0) => enabledEndpoint(role, policy({ deferHandling: true, initialCount: uint32(start) }));

  describe(`a ${role} with deferHandling (A-14), SEED=${seed}`, () => {
    it('counts in h the stanzas that are handled without a gap, in whatever order the application handles them', () => {
      const random = createRandom(seed);
      for (let round = 0; round < rounds(200); round++) {
        const start = random.pick([0, 2 ** 32 - 5]);
        const endpoint = deferring(start);
        const waiting: number[] = [];
        const handled = new Set<number>();
        for (let i = 0; i < 40; i++) {
          const position = random.chance(0.5) || waiting.length === 0 ? undefined : random.pick(waiting);
          if (position === undefined) {
            waiting.push(...positionsIn(endpoint.peer({ type: 'peer.stanza' })).filter((p) => p !== null));
          } else {
            waiting.splice(waiting.indexOf(position), 1);
            handled.add(position);
            expect(endpoint.tell({ type: 'app.handled', position })).toEqual([]);
          }
          let mark = 0;
          while (handled.has(mark + 1)) mark += 1;
          expect(countsWritten(endpoint.peer({ type: 'peer.r' }))).toEqual([plus(uint32(start), mark)]);
        }
      }
    });

    it('reports misuse when a stanza is handled twice, or was never delivered, and changes nothing', () => {
      const endpoint = deferring();
      endpoint.peer({ type: 'peer.stanza' });
      endpoint.peer({ type: 'peer.stanza' });
      endpoint.peer({ type: 'peer.stanza' });
      endpoint.tell({ type: 'app.handled', position: 1 });
      endpoint.tell({ type: 'app.handled', position: 3 });
      const before = endpoint.state;
      for (const position of [0, 1, 3, 4, -1, 1.5, Number.NaN, 2 ** 32 - 1]) {
        expect(reportsIn(endpoint.tell({ type: 'app.handled', position }), 'misuse')).toHaveLength(1);
        expect(endpoint.state).toEqual(before);
      }
    });

    it('does not deliver a stanza twice when the peer repeats it after a resumption because it was not handled', () => {
      const endpoint = deferring(2 ** 32 - 2);
      for (let n = 0; n < 4; n++) endpoint.peer({ type: 'peer.stanza' });
      endpoint.tell({ type: 'app.handled', position: 1 });
      endpoint.tell({ type: 'app.handled', position: 3 });
      endpoint.cut();
      expect(countsWritten(endpoint.resume(endpoint.session.acked))).toEqual([2 ** 32 - 1]);
      const repeated = [1, 2, 3].flatMap(() => positionsIn(endpoint.peer({ type: 'peer.stanza' })));
      expect(repeated).toEqual([]);
      expect(positionsIn(endpoint.peer({ type: 'peer.stanza' }))).toEqual([5]);
      endpoint.tell({ type: 'app.handled', position: 2 });
      expect(countsWritten(endpoint.peer({ type: 'peer.r' }))).toEqual([1]);
    });

    it('accepts `handled` while there is no link', () => {
      const endpoint = deferring();
      endpoint.peer({ type: 'peer.stanza' });
      endpoint.cut();
      endpoint.tell({ type: 'app.handled', position: 1 });
      expect(countsWritten(endpoint.resume(endpoint.session.acked))).toEqual([1]);
      expect(positionsIn(endpoint.peer({ type: 'peer.stanza' }))).toEqual([2]);
    });
  });
}

describe('a client that enables a new session because the old session could not be resumed', () => {
  const enabledAnew = () => {
    const endpoint = enabledEndpoint('client', policy({ deferHandling: true }));
    endpoint.peer({ type: 'peer.stanza' });
    endpoint.peer({ type: 'peer.stanza' });
    endpoint.cut();
    endpoint.tell({ type: 'link.opened', epoch: 2 });
    endpoint.tell({ type: 'app.authenticated', owner: 'user@example.net' });
    endpoint.tell({ type: 'app.resume' });
    endpoint.peer({ type: 'peer.failed', condition: 'item-not-found' });
    endpoint.tell({ type: 'app.bound' });
    endpoint.tell({ type: 'app.enable' });
    endpoint.peer({ type: 'peer.enabled', resume: true, id: 'id-2' });
    return endpoint;
  };

  it('does not treat a stanza of the new session as a repetition of the old one (A-2, A-14, R-10)', () => {
    expect(positionsIn(enabledAnew().peer({ type: 'peer.stanza' }))).toEqual([3]);
  });

  it('does not count a stanza of the old session, handled late, for the new session (A-14)', () => {
    const endpoint = enabledAnew();
    endpoint.peer({ type: 'peer.stanza' });
    for (const position of [1, 2]) {
      expect(reportsIn(endpoint.tell({ type: 'app.handled', position }), 'misuse')).toHaveLength(1);
    }
    expect(countsWritten(endpoint.peer({ type: 'peer.r' }))).toEqual([0]);
    endpoint.tell({ type: 'app.handled', position: 3 });
    expect(countsWritten(endpoint.peer({ type: 'peer.r' }))).toEqual([1]);
  });
});

describe('a server that asks its store to keep a new session, with deferHandling', () => {
  it('counts a stanza in h that the application handles before the store answers (A-2, A-14)', () => {
    for (const start of [0, 2 ** 32 - 3]) {
      const endpoint = endpointOf(open('server', policy({ deferHandling: true, initialCount: uint32(start) }), 1));
      endpoint.tell({ type: 'app.authenticated', owner: 'user@example.net' });
      endpoint.tell({ type: 'app.bound' });
      endpoint.peer({ type: 'peer.enable', xmlns: SM_3, resume: true });
      const positions = ['x', 'y'].flatMap(() => positionsIn(endpoint.peer({ type: 'peer.stanza' })));
      const answers = positions.flatMap((position) => endpoint.tell({ type: 'app.handled', position: position ?? 0 }));
      expect(answers).toEqual([]);
      endpoint.tell({ type: 'store.saved', smId: SM_ID });
      expect(countsWritten(endpoint.peer({ type: 'peer.r' }))).toEqual([plus(uint32(start), 2)]);
    }
  });
});

describe('a server whose store fails while another server waits for <enabled/>, with deferHandling', () => {
  const refused = (answer: 'store.failed' | 'timer.storeWait') => {
    const endpoint = endpointOf(open('server', policy({ deferHandling: true, initialCount: uint32(2 ** 32 - 3) }), 1));
    endpoint.tell({ type: 'app.verified', owner: 'example.org' });
    endpoint.peer({ type: 'peer.enable', xmlns: SM_3, resume: true });
    endpoint.peer({ type: 'peer.stanza' });
    endpoint.peer({ type: 'peer.stanza' });
    if (answer === 'store.failed') endpoint.tell({ type: answer, reason: 'disk full' });
    else {
      endpoint.wait(10_000);
      endpoint.tell({ type: answer });
    }
    return endpoint;
  };

  for (const answer of ['store.failed', 'timer.storeWait'] as const) {
    it(`accepts \`handled\` no more for the stanzas that counted before the refusal (${answer}, A-14)`, () => {
      const endpoint = refused(answer);
      for (const position of [1, 2]) {
        expect(reportsIn(endpoint.tell({ type: 'app.handled', position }), 'misuse')).toHaveLength(1);
      }
      endpoint.peer({ type: 'peer.enable', xmlns: SM_3, resume: false });
      expect(positionsIn(endpoint.peer({ type: 'peer.stanza' }))).toEqual([3]);
      endpoint.tell({ type: 'app.handled', position: 3 });
      expect(countsWritten(endpoint.peer({ type: 'peer.r' }))).toEqual([2 ** 32 - 2]);
    });

    it(`refuses <resume/> on that stream, so no two stanzas get one position (${answer}, R-14)`, () => {
      const effects = refused(answer).peer({ type: 'peer.resume', xmlns: SM_3, previd: 'id-1', h: uint32(0) });
      expect(effects).toMatchObject([
        { type: 'write', nonza: { name: 'failed', condition: 'unexpected-request' } },
        { type: 'report', report: { type: 'refused' } },
      ]);
    });
  }
});
