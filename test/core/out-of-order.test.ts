/** Deferred handling in any order, through a loss, a restart and a resumption. */
import { describe, expect, it } from 'vitest';
import { span } from '../../src/core/uint32.js';
import { isRight, policy, type Role, restore, type State, toRecord, uint32 } from '../../src/index.js';
import { createRandom, seedFrom } from '../../src/testing/random.js';
import { rounds } from '../support/effort.js';
import { countsWritten, type Endpoint, enabledEndpoint, endpointOf, reportsIn } from '../support/endpoint.js';

const seed = seedFrom(process.env.SEED);

const positionsIn = (effects: ReturnType<Endpoint['tell']>): readonly (number | null)[] =>
  effects.flatMap((effect) => (effect.type === 'deliver' ? [effect.position] : []));

const restarted = (state: State, changes = {}): Endpoint => {
  const found = restore(JSON.parse(JSON.stringify(toRecord(state))), { ...state.policy, ...changes }, 0);
  return endpointOf(isRight(found) ? found.right[0] : expect.fail(found.left.reason));
};

for (const role of ['client', 'server'] as const satisfies Role[]) {
  /** Two stanzas have arrived, and the second one is handled. */
  const second = (initialCount: number): Endpoint => {
    const endpoint = enabledEndpoint(role, policy({ deferHandling: true, initialCount: uint32(initialCount) }));
    for (let n = 0; n < 2; n++) endpoint.peer({ type: 'peer.stanza' });
    endpoint.tell({ type: 'app.handled', position: 2 });
    return endpoint;
  };

  describe(`a ${role} that handles stanzas in any order, SEED=${seed}`, () => {
    for (const start of [0, 2 ** 32 - 2])
      it(`never says more than it received, also after a restart: from ${start}`, () => {
        const again = restarted(second(start).state);
        again.resume(uint32(start));
        const [position] = positionsIn(again.peer({ type: 'peer.stanza' }));
        again.tell({ type: 'app.handled', position: position ?? 0 });
        expect(again.session.handled).toBe(again.session.received);
        expect(again.session.received).toBe(uint32(start + 1));
        expect(positionsIn(again.peer({ type: 'peer.stanza' }))).toEqual([]);
        expect(countsWritten(again.peer({ type: 'peer.r' }))).toEqual([uint32(start + 2)]);
        expect(positionsIn(again.peer({ type: 'peer.stanza' }))).toHaveLength(1);
      });

    it('does not deliver a stanza again that was handled, when the policy no longer defers', () => {
      const again = restarted(second(0).state, { deferHandling: false });
      again.resume(uint32(0));
      expect(positionsIn(again.peer({ type: 'peer.stanza' }))).toHaveLength(1);
      expect(again.session.handled).toBe(1);
      expect(positionsIn(again.peer({ type: 'peer.stanza' }))).toEqual([]);
      expect(countsWritten(again.peer({ type: 'peer.r' }))).toEqual([2]);
    });

    it('gives no position twice, so a position of before the restart is a misuse', () => {
      const endpoint = second(0);
      const again = restarted(endpoint.state);
      again.resume(uint32(0));
      const [fresh] = positionsIn(again.peer({ type: 'peer.stanza' }));
      expect(fresh).toBeGreaterThan(2);
      for (const stale of [1, 2]) {
        const effects = again.tell({ type: 'app.handled', position: stale });
        expect(reportsIn(effects, 'misuse')).toHaveLength(1);
      }
      expect(again.session.handled).toBe(0);
    });

    it('keeps handled at most received, and every handled stanza handled, over random losses and restarts', () => {
      const random = createRandom(seed);
      for (let round = 0; round < rounds(400); round++) {
        const start = random.pick([0, 2 ** 32 - 3]);
        let endpoint = enabledEndpoint(role, policy({ deferHandling: true, initialCount: uint32(start) }));
        /** By number from 1: which stanzas the application has handled. The peer sends the others again. */
        const handled = new Set<number>();
        /** The position of each stanza that waits to be handled. */
        let waiting = new Map<number, number>();
        let sent = 0;
        const arrive = (number: number): void => {
          for (const position of positionsIn(endpoint.peer({ type: 'peer.stanza' }))) {
            expect(handled.has(number), `stanza ${number} is delivered after it was handled`).toBe(false);
            if (position !== null) waiting.set(number, position);
          }
        };
        for (let i = 0; i < 40; i++) {
          const dice = random.next();
          if (dice < 0.4) arrive(++sent);
          else if (dice < 0.75 && waiting.size > 0) {
            const [number, position] = random.pick([...waiting]);
            waiting.delete(number);
            handled.add(number);
            endpoint.tell({ type: 'app.handled', position });
          } else if (dice > 0.85) {
            const isRestart = random.chance(0.5);
            if (isRestart) {
              endpoint = restarted(endpoint.state);
              waiting = new Map();
            } else endpoint.cut();
            const h = span(uint32(start), endpoint.session.handled);
            endpoint.resume(endpoint.session.acked);
            for (let number = h + 1; number <= sent; number++) arrive(number);
          }
          const { session } = endpoint;
          const [h, received] = [session.handled, session.received].map((count) => span(uint32(start), count));
          expect(h).toBeLessThanOrEqual(received ?? 0);
          for (let number = 1; number <= (h ?? 0); number++) expect(handled.has(number)).toBe(true);
        }
      }
    });
  });
}
