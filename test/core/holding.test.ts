import { describe, expect, it } from 'vitest';
import { writtenSinceRequest } from '../../src/core/session.js';
import { type Effect, hasTag, judgeClaim, open, type Policy, policy, type Role, uint32 } from '../../src/index.js';
import { createRandom, seedFrom } from '../../src/testing/random.js';
import { rounds } from '../support/effort.js';
import {
  acknowledgedIn,
  asksIn,
  countsWritten,
  type Endpoint,
  enabledEndpoint,
  endpointOf,
  replayedIn,
  reportsIn,
} from '../support/endpoint.js';

const seed = seedFrom(process.env.SEED);
const roles = ['client', 'server'] as const satisfies Role[];

/** The keys of the stanzas that go to the connection, in order. */
const writtenIn = (effects: readonly Effect[]): readonly (string | null)[] =>
  effects.flatMap((effect) => {
    if (effect.type === 'replay') return effect.stanzas.map(({ key }) => key);
    return effect.type === 'transmit' ? [/id='([^']*)'/.exec(effect.xml)?.[1] ?? null] : [];
  });

for (const role of roles) {
  /** Its peer is inactive. */
  const idle = (changes: Partial<Policy> = {}): Endpoint => {
    const endpoint = enabledEndpoint(role, policy(changes));
    endpoint.tell({ type: 'app.inactive' });
    return endpoint;
  };
  const hold = (endpoint: Endpoint, ...keys: readonly string[]) => keys.map((key) => endpoint.send(key, true));
  const acked = (h: number) => ({ type: 'peer.a', h: uint32(h) }) as const;

  describe(`a ${role} whose peer is inactive, SEED=${seed}`, () => {
    it('holds back a stanza that may wait, with no write, no <r/> and no timer (P-3)', () => {
      const endpoint = idle({ maxUnackedStanzas: 0 });
      expect(hold(endpoint, 'a', 'b')).toEqual([[], []]);
      expect(endpoint.session).toMatchObject({ written: 0, unacked: { length: 2 } });
      expect(writtenSinceRequest(endpoint.session)).toBe(0);
      expect(Object.values(endpoint.session.timers).filter((deadline) => deadline !== null)).toEqual([]);
    });

    it('writes a stanza that may wait at once when the peer is active (P-3)', () => {
      const endpoint = enabledEndpoint(role, policy());
      expect(hold(endpoint, 'a').map(writtenIn)).toEqual([['a']]);
    });

    it('writes the stanzas that it holds back, in order, before the next stanza that may not wait (P-3)', () => {
      const endpoint = idle();
      hold(endpoint, 'a', 'b');
      expect(writtenIn(endpoint.send('c'))).toEqual(['a', 'b', 'c']);
      expect(endpoint.session).toMatchObject({ written: 3 });
      expect(writtenSinceRequest(endpoint.session)).toBe(3);
    });

    it('writes the stanzas that it holds back when the peer becomes active, and sends <r/> (P-3)', () => {
      const endpoint = idle();
      hold(endpoint, 'a', 'b');
      const effects = endpoint.tell({ type: 'app.active' });
      expect(writtenIn(effects)).toEqual(['a', 'b']);
      expect(effects.map(({ type }) => type).slice(0, 2)).toEqual(['replay', 'write']);
      expect(asksIn(effects)).toBe(1);
      expect(writtenIn(endpoint.tell({ type: 'app.active' }))).toEqual([]);
    });

    it('writes the stanzas that it holds back when the peer becomes active, and sends no second <r/> while one is unanswered (P-1, P-3)', () => {
      const endpoint = idle();
      endpoint.send('a');
      endpoint.tell({ type: 'app.requestAck' });
      hold(endpoint, 'b');
      const effects = endpoint.tell({ type: 'app.active' });
      expect([writtenIn(effects), asksIn(effects)]).toEqual([['b'], 0]);
      endpoint.peer(acked(1));
      expect(endpoint.session.timers.ackIdle).not.toBeNull();
    });

    it('sends no <r/> when every written stanza is acknowledged, however many it holds back (P-3, A-4)', () => {
      const endpoint = idle();
      endpoint.send('a');
      hold(endpoint, 'b');
      expect(asksIn(endpoint.tell({ type: 'app.requestAck' }))).toBe(1);
      expect(acknowledgedIn(endpoint.peer(acked(1)))).toEqual(['a']);
      expect(endpoint.state.configuration).toContain('acking.allAcked');
      expect(endpoint.session.timers.ackWait).toBeNull();
      expect(endpoint.session.unacked.length).toBe(1);
    });

    it('sends <r/> for the written stanzas on `requestAck`, and goes on to hold back the others (P-1, P-3)', () => {
      const endpoint = idle();
      hold(endpoint, 'a');
      const effects = endpoint.tell({ type: 'app.requestAck' });
      expect([writtenIn(effects), asksIn(effects)]).toEqual([[], 1]);
      endpoint.peer(acked(0));
      expect(endpoint.session.written).toBe(0);
    });

    it('accepts no h that covers stanzas that it holds back (A-8)', () => {
      const endpoint = idle();
      endpoint.send('a');
      hold(endpoint, 'b');
      const effects = endpoint.peer(acked(2));
      const tooHigh = { handledCountTooHigh: { h: 2, sendCount: 1 } };
      expect(effects).toContainEqual(
        expect.objectContaining({ type: 'stream.error', violation: expect.objectContaining(tooHigh) }),
      );
      expect(reportsIn(effects, 'returned')[0]?.stanzas.map(({ key, written }) => [key, written])).toEqual([
        ['a', true],
        ['b', false],
      ]);
    });

    it('replays the written stanzas and then the stanzas that it held back, in order, after a cut (R-4, R-5)', () => {
      const endpoint = idle();
      endpoint.send('a');
      hold(endpoint, 'b', 'c');
      expect(reportsIn(endpoint.cut(), 'hibernationStart')).toMatchObject([{ unacked: 3 }]);
      endpoint.send('d');
      const back = endpoint.resume(uint32(0));
      expect(replayedIn(back)).toEqual(['a', 'b', 'c', 'd']);
      expect(endpoint.session).toMatchObject({ written: 4, link: { inactive: false } });
    });

    it('checks the h of a resumption against the stanzas written before the cut (A-8, R-5)', () => {
      const endpoint = idle({ initialCount: uint32(-2) });
      endpoint.send('a');
      hold(endpoint, 'b');
      endpoint.cut();
      if (role === 'server') {
        expect(judgeClaim(endpoint.session, uint32(0))).toEqual({ type: 'tooHigh', sendCount: 0xffffffff });
      }
      expect(replayedIn(endpoint.resume(uint32(-1)))).toEqual(['b']);
      expect(acknowledgedIn(endpoint.peer(acked(0)))).toEqual(['b']);
    });

    it('counts the stanzas that it held back correctly across 2^32 (A-4)', () => {
      const endpoint = idle({ initialCount: uint32(-3) });
      hold(endpoint, 'a', 'b', 'c', 'd');
      expect(writtenIn(endpoint.send('e'))).toEqual(['a', 'b', 'c', 'd', 'e']);
      expect(acknowledgedIn(endpoint.peer({ type: 'peer.a', h: uint32(1) }))).toEqual(['a', 'b', 'c', 'd']);
      expect(countsWritten(endpoint.peer({ type: 'peer.r' }))).toEqual([uint32(-3)]);
    });

    it('returns the stanzas that it held back as unwritten when the session ends (A-12, A-13, design law 8)', () => {
      const endpoint = idle();
      hold(endpoint, 'a');
      const [returned] = reportsIn(endpoint.tell({ type: 'app.close' }), 'returned');
      expect(returned).toMatchObject({ reason: 'closed', stanzas: [{ key: 'a', written: false }] });
    });

    it('holds back no more than maxInactiveUnackedStanzas, then writes them all and sends <r/> (M-5, P-3)', () => {
      const endpoint = idle({ maxInactiveUnackedStanzas: 3 });
      endpoint.send('a');
      expect(hold(endpoint, 'b', 'c')).toEqual([[], []]);
      const [full = []] = hold(endpoint, 'd');
      expect([writtenIn(full), asksIn(full)]).toEqual([['b', 'c', 'd'], 1]);
      expect(hold(endpoint, 'e')).toEqual([[]]);
    });

    it('holds nothing back when maxInactiveUnackedStanzas is 0 (M-5)', () => {
      const endpoint = idle({ maxInactiveUnackedStanzas: 0 });
      const [effects = []] = hold(endpoint, 'a');
      expect([writtenIn(effects), asksIn(effects)]).toEqual([['a'], 1]);
    });

    it('writes the stanzas that it holds back and sends <r/> when the queue is full, before the grace period begins (M-10)', () => {
      const endpoint = idle({ maxQueueStanzas: 10, overflowGrace: 10 });
      const sent = Array.from({ length: 10 }, (_, index) => endpoint.send(`${index}`, true));
      expect(sent.map((effects) => writtenIn(effects).length)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 10]);
      expect(sent.map(asksIn)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
      expect(sent.map((effects) => reportsIn(effects, 'queuePressure').map(({ full }) => full))).toMatchObject([
        [],
        [],
        [],
        [],
        [],
        [],
        [],
        [false],
        [],
        [true],
      ]);
      endpoint.peer(acked(10));
      endpoint.wait(10_000);
      endpoint.tell({ type: 'timer.overflowGrace' });
      expect(hasTag(endpoint.state, 'over')).toBe(false);
    });

    it('sends <r/> again within the grace period when the earlier <r/> did not cover the stanzas that fill the queue (M-10, P-1)', () => {
      const endpoint = idle({ maxQueueStanzas: 4 });
      endpoint.send('a');
      endpoint.tell({ type: 'app.requestAck' });
      hold(endpoint, 'b', 'c');
      for (const key of ['d', 'e']) expect(asksIn(endpoint.send(key))).toBe(0);
      expect(asksIn(endpoint.peer(acked(1)))).toBe(1);
      expect(asksIn(endpoint.peer(acked(1)))).toBe(0);
    });

    it('keeps the order and loses nothing over random traffic (design law 8, P-3)', () => {
      const random = createRandom(seed);
      for (let round = 0; round < rounds(300); round++) {
        const endpoint = enabledEndpoint(role, policy({ maxInactiveUnackedStanzas: random.pick([0, 2, 256]) }));
        const sent: string[] = [];
        const wire: (string | null)[] = [];
        for (let i = 0; i < 30; i++) {
          const dice = random.next();
          if (dice < 0.6) sent.push(`k${i}`);
          const { acked: before, written } = endpoint.session;
          wire.push(
            ...writtenIn(
              dice < 0.6
                ? endpoint.send(`k${i}`, random.chance(0.6))
                : dice < 0.8
                  ? endpoint.tell({ type: random.pick(['app.inactive', 'app.active', 'app.requestAck'] as const) })
                  : endpoint.peer(acked(before + random.integer(0, written))),
            ),
          );
          expect(wire).toEqual(sent.slice(0, wire.length));
          expect(endpoint.session.unacked.length - endpoint.session.written).toBe(sent.length - wire.length);
        }
        wire.push(...writtenIn(endpoint.tell({ type: 'app.active' })));
        expect(wire).toEqual(sent);
      }
    });
  });
}

describe('a stream without stream management', () => {
  it('has no queue, so it writes a stanza that may wait at once (A-3)', () => {
    const endpoint = endpointOf(open('server', policy()));
    endpoint.tell({ type: 'app.authenticated', owner: 'user@example.net' });
    endpoint.tell({ type: 'app.bound' });
    endpoint.tell({ type: 'app.inactive' });
    expect(writtenIn(endpoint.send('a', true))).toEqual(['a']);
  });
});
