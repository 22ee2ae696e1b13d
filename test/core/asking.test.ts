import { describe, expect, it } from 'vitest';
import { writtenSinceRequest } from '../../src/core/session.js';
import { type Effect, type Policy, policy, type Role, uint32 } from '../../src/index.js';
import { createRandom, seedFrom } from '../../src/testing/random.js';
import { rounds } from '../support/effort.js';
import { asksIn, enabledEndpoint, reportsIn } from '../support/endpoint.js';

const seed = seedFrom(process.env.SEED);
const roles = ['client', 'server'] as const satisfies Role[];

const deadlinesOf = (effects: readonly Effect[], timer: string): readonly number[] =>
  effects.flatMap((effect) => (effect.type === 'timer.set' && effect.timer === timer ? [effect.deadline] : []));

for (const role of roles) {
  const enabled = (changes: Partial<Policy> = {}) => enabledEndpoint(role, policy(changes));
  const acked = (h: number) => ({ type: 'peer.a', h: uint32(h) }) as const;

  describe(`a ${role} that sends <r/>, SEED=${seed}`, () => {
    it('sends <r/> after the first stanza beyond maxUnackedStanzas (P-1, M-5)', () => {
      const endpoint = enabled({ maxUnackedStanzas: 3 });
      expect([1, 2, 3, 4].map(() => asksIn(endpoint.send()))).toEqual([0, 0, 0, 1]);
    });

    it('sends no <r/> for stanzas that the peer acknowledged without an <r/> (P-1, A-6)', () => {
      const endpoint = enabled({ maxUnackedStanzas: 3 });
      for (let n = 0; n < 3; n++) endpoint.send();
      endpoint.peer(acked(3));
      expect([1, 2, 3, 4].map(() => asksIn(endpoint.send()))).toEqual([0, 0, 0, 1]);
    });

    it('sends no second <r/> when an answer leaves maxUnackedStanzas stanzas or fewer (P-1, M-5)', () => {
      const endpoint = enabled({ maxUnackedStanzas: 2 });
      for (let n = 0; n < 5; n++) endpoint.send();
      expect(writtenSinceRequest(endpoint.session)).toBe(2);
      expect(asksIn(endpoint.peer(acked(1)))).toBe(0);
    });

    it('clears no timer that it did not set: a held stanza sets no ackIdle (P-3)', () => {
      const endpoint = enabled();
      endpoint.tell({ type: 'app.inactive' });
      const effects = [...endpoint.send('a', true), ...endpoint.tell({ type: 'app.handled', position: 0 })];
      expect(effects.filter(({ type }) => type.startsWith('timer.'))).toEqual([]);
    });

    it('sends <r/> after each stanza when maxUnackedStanzas is 0 (M-5)', () => {
      const effects = enabled({ maxUnackedStanzas: 0 }).send();
      expect(effects.map(({ type }) => type).slice(0, 2)).toEqual(['transmit', 'write']);
    });

    it('sends <r/> when the first stanza has waited for ackIdle, however many stanzas follow it (P-1)', () => {
      const endpoint = enabled({ ackIdle: 2 });
      expect(deadlinesOf(endpoint.send(), 'ackIdle')).toEqual([2_000]);
      endpoint.wait(1_500);
      expect(deadlinesOf(endpoint.send(), 'ackIdle')).toEqual([]);
      endpoint.wait(500);
      expect(asksIn(endpoint.tell({ type: 'timer.ackIdle' }))).toBe(1);
    });

    it('has at most one unanswered <r/>, whatever the application sends meanwhile (P-1, server class 13)', () => {
      const endpoint = enabled({ maxUnackedStanzas: 0 });
      endpoint.send();
      expect([1, 2, 3, 4, 5].map(() => asksIn(endpoint.send()))).toEqual([0, 0, 0, 0, 0]);
      expect(asksIn(endpoint.tell({ type: 'app.requestAck' }))).toBe(0);
      expect(asksIn(endpoint.peer(acked(1)))).toBe(1);
    });

    it('sends no second <r/> before the answer to the first, over random traffic (P-1)', () => {
      const random = createRandom(seed);
      for (let round = 0; round < rounds(200); round++) {
        const endpoint = enabled({ maxUnackedStanzas: random.integer(0, 4) });
        let open = 0;
        for (let i = 0; i < 40; i++) {
          endpoint.wait(random.pick([0, 100, 2_000]));
          const { unacked } = endpoint.session;
          const h = (endpoint.session.acked + random.integer(0, unacked.length)) >>> 0;
          const answers = random.chance(0.3);
          if (answers) open = 0;
          open += asksIn(
            answers
              ? endpoint.peer(acked(h))
              : random.chance(0.7)
                ? endpoint.send()
                : endpoint.tell({ type: random.pick(['app.requestAck', 'timer.ackIdle', 'app.active'] as const) }),
          );
          expect(open).toBeLessThanOrEqual(1);
        }
      }
    });

    it('covers every stanza by an <r/>, or by a timer that leads to one (P-1)', () => {
      const random = createRandom(seed);
      for (let round = 0; round < rounds(200); round++) {
        const endpoint = enabled({ maxUnackedStanzas: random.integer(0, 4) });
        for (let i = 0; i < 30; i++) {
          const { unacked, acked: before } = endpoint.session;
          if (random.chance(0.6)) endpoint.send();
          else endpoint.peer(acked((before + random.integer(0, unacked.length)) >>> 0));
          const { timers } = endpoint.session;
          if (endpoint.session.unacked.length > 0) expect(timers.ackIdle ?? timers.ackWait).not.toBeNull();
        }
      }
    });

    it('first reports that an answer is late, then treats the link as dead (P-2, M-6)', () => {
      const endpoint = enabled({ maxUnackedStanzas: 0, maxAckDelay: 30, deadAfter: 60 });
      expect(deadlinesOf(endpoint.send(), 'ackWait')).toEqual([30_000]);
      endpoint.wait(30_000);
      const late = endpoint.tell({ type: 'timer.ackWait' });
      expect(reportsIn(late, 'ackDelayed')).toMatchObject([{ unacked: 1, stanzas: [{ kind: 'message' }] }]);
      expect(deadlinesOf(late, 'ackWait')).toEqual([60_000]);
      endpoint.wait(30_000);
      const dead = endpoint.tell({ type: 'timer.ackWait' });
      expect(dead).toContainEqual({ type: 'link.close', epoch: endpoint.session.link.epoch, graceful: false });
    });

    it('accepts an answer that is late (P-2)', () => {
      const endpoint = enabled({ maxUnackedStanzas: 0 });
      endpoint.send();
      endpoint.wait(30_000);
      endpoint.tell({ type: 'timer.ackWait' });
      endpoint.peer(acked(1));
      expect(Object.values(endpoint.session.timers).filter((deadline) => deadline !== null)).toEqual([]);
      expect(endpoint.state.configuration).toContain('acking.allAcked');
    });

    it('sends <r/> for the uncovered stanzas when the client becomes inactive, while there is traffic anyhow (P-1, P-3)', () => {
      const endpoint = enabled({ maxUnackedStanzas: 5 });
      expect(asksIn(endpoint.tell({ type: 'app.inactive' }))).toBe(0);
      endpoint.tell({ type: 'app.active' });
      endpoint.send();
      expect(asksIn(endpoint.tell({ type: 'app.inactive' }))).toBe(1);
    });

    it('sends no <r/> to an inactive client until many stanzas wait, or the client is active again (P-3)', () => {
      const endpoint = enabled({ maxUnackedStanzas: 1, maxInactiveUnackedStanzas: 4 });
      endpoint.tell({ type: 'app.inactive' });
      const sent = [1, 2, 3, 4].map(() => endpoint.send('', true));
      expect(sent.map(asksIn)).toEqual([0, 0, 0, 0]);
      expect(sent.flatMap((effects) => deadlinesOf(effects, 'ackIdle'))).toEqual([]);
      expect(asksIn(endpoint.tell({ type: 'app.active' }))).toBe(1);
    });

    it('sends <r/> to an inactive client that was woken, when the stanza has waited for ackIdle (P-1, P-2, H7)', () => {
      const endpoint = enabled({ ackIdle: 2 });
      endpoint.tell({ type: 'app.inactive' });
      endpoint.send('held', true);
      expect(deadlinesOf(endpoint.send('wakes'), 'ackIdle')).toEqual([2_000]);
      endpoint.wait(2_000);
      expect(asksIn(endpoint.tell({ type: 'timer.ackIdle' }))).toBe(1);
      expect(deadlinesOf(endpoint.peer(acked(1)), 'ackIdle')).toEqual([4_000]);
    });

    it('sends <r/> to an inactive client beyond maxInactiveUnackedStanzas (P-3, M-5)', () => {
      const endpoint = enabled({ maxInactiveUnackedStanzas: 2 });
      endpoint.tell({ type: 'app.inactive' });
      expect([1, 2, 3].map(() => asksIn(endpoint.send()))).toEqual([0, 0, 1]);
    });

    it('sends a new <r/> on a new link, also when one was unanswered on the old link (design law 6, server class 14)', () => {
      const endpoint = enabled({ maxUnackedStanzas: 0 });
      endpoint.send();
      endpoint.cut();
      expect(endpoint.session.timers.ackWait).toBeNull();
      expect(asksIn(endpoint.resume(uint32(0)))).toBe(1);
    });
  });
}
