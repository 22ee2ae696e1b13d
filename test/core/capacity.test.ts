import { describe, expect, it } from 'vitest';
import { hasTag, type Policy, policy, type Role, uint32 } from '../../src/index.js';
import { createRandom, seedFrom } from '../../src/testing/random.js';
import { rounds } from '../support/effort.js';
import { acknowledgedIn, asksIn, enabledEndpoint, reportsIn } from '../support/endpoint.js';

const seed = seedFrom(process.env.SEED);
const roles = ['client', 'server'] as const satisfies Role[];

for (const role of roles) {
  const enabled = (changes: Partial<Policy> = {}) =>
    enabledEndpoint(role, policy({ maxQueueStanzas: 10, overflowGrace: 10, ...changes }));

  describe(`the queue of a ${role} at its limits (M-10, S-2), SEED=${seed}`, () => {
    it('reports pressure at 80 % and again when it is full', () => {
      const endpoint = enabled();
      const told = Array.from({ length: 10 }, () => reportsIn(endpoint.send(), 'queuePressure'));
      expect(told.flatMap((reports, index) => reports.map(({ full }) => [index + 1, full]))).toEqual([
        [8, false],
        [10, true],
      ]);
    });

    it('reports pressure once while the queue stays between 80 % and its limit', () => {
      const endpoint = enabled({ maxQueueStanzas: 20 });
      const told = Array.from({ length: 19 }, () => reportsIn(endpoint.send(), 'queuePressure').length);
      expect(told).toEqual([...Array(15).fill(0), 1, 0, 0, 0]);
    });

    it('counts characters as well as stanzas', () => {
      const endpoint = enabled({ maxQueueStanzas: 1000, maxQueueBytes: 50 });
      expect([1, 2, 3, 4].map(() => reportsIn(endpoint.send(), 'queuePressure').length)).toEqual([0, 0, 1, 1]);
    });

    it('is full at its limit of characters, and accepts stanzas up to twice the limit', () => {
      const endpoint = enabled({ maxQueueBytes: "<message id='a'/>".length });
      expect(reportsIn(endpoint.send('a'), 'queuePressure')).toMatchObject([{ full: true }]);
      expect(reportsIn(endpoint.send('b'), 'returned')).toEqual([]);
      expect(reportsIn(endpoint.send('c'), 'returned')).toMatchObject([{ reason: 'overflow' }]);
    });

    it('reports pressure again after the queue became shorter, and only once while the pressure lasts', () => {
      const endpoint = enabled();
      const fill = (count: number) =>
        Array.from({ length: count }, () => reportsIn(endpoint.send(), 'queuePressure').length);
      expect(fill(9)).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 0]);
      endpoint.peer({ type: 'peer.a', h: uint32(9) });
      expect(fill(8)).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
    });

    it('sends <r/> when it is full, also when an <r/> is unanswered', () => {
      const endpoint = enabled({ maxUnackedStanzas: 1000 });
      for (let n = 0; n < 9; n++) endpoint.send();
      expect(endpoint.send()).toContainEqual(expect.objectContaining({ type: 'write', nonza: { name: 'r' } }));
    });

    it('does not end the session when the peer acknowledges within the grace period', () => {
      const endpoint = enabled();
      for (let n = 0; n < 10; n++) endpoint.send();
      endpoint.peer({ type: 'peer.a', h: uint32(5) });
      endpoint.wait(10_000);
      expect(reportsIn(endpoint.tell({ type: 'timer.overflowGrace' }), 'returned')).toEqual([]);
      expect(hasTag(endpoint.state, 'over')).toBe(false);
    });

    it('starts a new grace period each time the queue fills up again, for a peer that acknowledges', () => {
      const endpoint = enabled();
      for (let burst = 1; burst <= 20; burst++) {
        for (let n = 0; n < 10; n++) endpoint.send();
        expect(endpoint.session.timers.overflowGrace).not.toBeNull();
        endpoint.wait(1_000);
        endpoint.peer({ type: 'peer.a', h: uint32(burst * 10) });
        expect(endpoint.session.timers.overflowGrace).toBeNull();
      }
      expect(hasTag(endpoint.state, 'over')).toBe(false);
    });

    it('ends with a stanza that alone is larger than twice the limit (design law 8)', () => {
      const endpoint = enabled({ maxQueueBytes: 50 });
      endpoint.send('a');
      const xml = `<message>${'x'.repeat(200)}</message>`;
      const effects = endpoint.tell({ type: 'app.send', stanza: { xml, kind: 'message', type: '' } });
      expect(reportsIn(effects, 'returned')).toMatchObject([
        {
          reason: 'overflow',
          stanzas: [
            { key: 'a', written: true },
            { xml, written: false },
          ],
        },
      ]);
      expect(hasTag(endpoint.state, 'over')).toBe(true);
    });

    it('ends the stream with policy-violation after the grace period, and returns every stanza', () => {
      const endpoint = enabled();
      for (let n = 0; n < 12; n++) endpoint.send(String(n));
      endpoint.wait(10_000);
      const effects = endpoint.tell({ type: 'timer.overflowGrace' });
      expect(effects).toContainEqual(
        expect.objectContaining({
          type: 'stream.error',
          violation: expect.objectContaining({ condition: 'policy-violation' }),
        }),
      );
      const [returned] = reportsIn(effects, 'returned');
      expect(returned?.reason).toBe('overflow');
      expect(returned?.stanzas).toHaveLength(12);
      expect(hasTag(endpoint.state, 'over')).toBe(true);
    });

    it('ends the stream with policy-violation at twice its limit, and returns every stanza: a stream that goes on has no holes (design law 8)', () => {
      const endpoint = enabled();
      for (let n = 0; n < 20; n++) expect(reportsIn(endpoint.send(), 'returned')).toEqual([]);
      const effects = endpoint.send('last');
      const [returned] = reportsIn(effects, 'returned');
      expect(returned?.reason).toBe('overflow');
      expect(returned?.stanzas).toHaveLength(21);
      expect(returned?.stanzas.at(-1)).toMatchObject({ key: 'last', written: false });
      expect(effects).toContainEqual(
        expect.objectContaining({
          type: 'stream.error',
          violation: expect.objectContaining({ condition: 'policy-violation' }),
        }),
      );
      expect(hasTag(endpoint.state, 'over')).toBe(true);
    });

    it('begins with a grace period and an <r/> when it is full as stream management begins again (M-10)', () => {
      const endpoint = enabled({ overflowGrace: 5 });
      for (let n = 0; n < 12; n++) endpoint.send(String(n));
      endpoint.cut();
      endpoint.wait(1_000);
      const effects = endpoint.resume(uint32(1));
      expect(asksIn(effects)).toBe(1);
      expect(endpoint.session.timers.overflowGrace).toBe(6_000);
      endpoint.wait(5_000);
      expect(reportsIn(endpoint.tell({ type: 'timer.overflowGrace' }), 'returned')).toMatchObject([
        { reason: 'overflow' },
      ]);
    });

    it('reports pressure and a full queue also without a connection (M-10)', () => {
      const endpoint = enabled();
      endpoint.cut();
      const told = Array.from({ length: 10 }, () =>
        reportsIn(endpoint.send(), 'queuePressure').map(({ full }) => full),
      );
      expect(told.flat()).toEqual([false, true]);
      expect(told[7]).toEqual([false]);
      expect(told[9]).toEqual([true]);
    });

    it('forgets the pressure when it drains in one <a/>: the next stanza that crosses 80 % is reported (M-10)', () => {
      const endpoint = enabled();
      for (let n = 0; n < 10; n++) endpoint.send();
      endpoint.peer({ type: 'peer.a', h: uint32(3) });
      expect(reportsIn(endpoint.send(), 'queuePressure')).toMatchObject([{ unacked: 8, full: false }]);
    });

    it('is asked about once more within the grace period, also for an inactive peer that has nothing to acknowledge (P-1)', () => {
      const endpoint = enabled({ maxQueueStanzas: 3, overflowGrace: 10, ackIdle: 60 });
      for (let n = 0; n < 3; n++) endpoint.send();
      endpoint.tell({ type: 'app.inactive' });
      endpoint.peer({ type: 'peer.a', h: uint32(0) });
      const { ackIdle, overflowGrace } = endpoint.session.timers;
      expect(ackIdle).not.toBeNull();
      expect(ackIdle).toBeLessThan(overflowGrace ?? 0);
      endpoint.wait(ackIdle ?? 0);
      expect(asksIn(endpoint.tell({ type: 'timer.ackIdle' }))).toBe(1);
    });

    it('never drops a stanza in silence, and never holds more than twice its limits (design law 8, client class J)', () => {
      const random = createRandom(seed);
      for (let round = 0; round < rounds(300); round++) {
        const endpoint = enabled({
          maxQueueStanzas: random.pick([1, 3, 10]),
          maxQueueBytes: random.pick([30, 200, 10_000]),
        });
        const accepted: string[] = [];
        const out: (string | null)[] = [];
        for (let i = 0; i < 60 && !hasTag(endpoint.state, 'over'); i++) {
          const key = `k${i}`;
          const { acked, written } = endpoint.session;
          const sends = random.chance(0.6);
          const effects = sends
            ? endpoint.send(key)
            : random.chance(0.4)
              ? endpoint.peer({ type: 'peer.a', h: uint32(acked + random.integer(0, written)) })
              : random.chance(0.3)
                ? endpoint.tell({ type: 'timer.overflowGrace' })
                : random.chance(0.5)
                  ? endpoint.cut()
                  : endpoint.resume(acked);
          endpoint.wait(random.pick([0, 1_000]));
          out.push(...acknowledgedIn(effects));
          out.push(...reportsIn(effects, 'returned').flatMap(({ stanzas }) => stanzas.map((stanza) => stanza.key)));
          const queued = JSON.stringify(endpoint.session.unacked).includes(`"${key}"`);
          expect(queued || out.includes(key)).toBe(sends);
          if (sends) accepted.push(key);
          expect(endpoint.session.unacked.length).toBeLessThanOrEqual(2 * endpoint.state.policy.maxQueueStanzas);
          expect(endpoint.session.unacked.size).toBeLessThan(2 * endpoint.state.policy.maxQueueBytes + 40);
        }
        expect(new Set(out).size).toBe(out.length);
        expect(endpoint.session.unacked.length + out.length).toBe(accepted.length);
      }
    });
  });
}

describe('the queue of a client without a link', () => {
  it('returns a new stanza at once when the limit is reached (M-10)', () => {
    const endpoint = enabledEndpoint('client', policy({ maxQueueStanzas: 2 }));
    endpoint.cut();
    endpoint.send('a');
    endpoint.send('b');
    const [returned] = reportsIn(endpoint.send('c'), 'returned');
    expect(returned).toMatchObject({ reason: 'queueFull', stanzas: [{ key: 'c', written: false }] });
  });
});

describe('the queue of a server that hibernates', () => {
  it('ends the session when a stanza exceeds the limit, and returns every stanza and that one (M-10, A-12)', () => {
    const endpoint = enabledEndpoint('server', policy({ maxQueueStanzas: 2 }));
    endpoint.send('a');
    endpoint.cut();
    endpoint.send('b');
    const effects = endpoint.send('c');
    const [returned] = reportsIn(effects, 'returned');
    expect(returned?.reason).toBe('overflow');
    expect(returned?.stanzas.map(({ key, written }) => [key, written])).toEqual([
      ['a', true],
      ['b', false],
      ['c', false],
    ]);
    expect(effects).toContainEqual({ type: 'store.expire', owner: 'user@example.net', smId: 'id-1', h: 0 });
  });
});
