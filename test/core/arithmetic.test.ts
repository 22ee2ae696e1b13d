import { describe, expect, it } from 'vitest';
import { type Effect, hasTag, judgeClaim, policy, type Role, type Uint32, uint32 } from '../../src/index.js';
import { createRandom, type Random, seedFrom } from '../../src/testing/random.js';
import { encodeStreamError } from '../../src/xml.js';
import { rounds } from '../support/effort.js';
import {
  acknowledgedIn,
  countsWritten,
  type Endpoint,
  enabledEndpoint,
  replayedIn,
  reportsIn,
} from '../support/endpoint.js';

const seed = seedFrom(process.env.SEED);
const roles = ['client', 'server'] as const satisfies Role[];
const starts = [0, 1, 2 ** 31 - 2, 2 ** 31, 2 ** 32 - 3, 2 ** 32 - 2, 2 ** 32 - 1];

/** Counts that never wrap: what really happened. */
interface Reference {
  sent: bigint;
  acked: bigint;
  received: bigint;
  readonly start: bigint;
}

const onTheWire = (count: bigint): Uint32 => uint32(Number(BigInt.asUintN(32, count)));

const enabledAt = (role: Role, start: number, maxUnackedStanzas = 1000): { endpoint: Endpoint; real: Reference } => {
  const chosen = policy({ initialCount: uint32(start), maxUnackedStanzas, maxQueueStanzas: 10_000 });
  const from = BigInt(start);
  return {
    endpoint: enabledEndpoint(role, chosen),
    real: { sent: from, acked: from, received: from, start: from },
  };
};

const sendMany = (endpoint: Endpoint, real: Reference, count: number): void => {
  for (let i = 0; i < count; i++) endpoint.send(String(real.sent++));
};

const keys = (from: bigint, to: bigint): readonly string[] =>
  Array.from({ length: Number(to - from) }, (_, i) => String(from + BigInt(i)));

/** The peer's h moves to `h`: exactly what is newly covered is acknowledged, once and in order. */
const expectAcknowledged = (effects: readonly Effect[], real: Reference, h: bigint): void => {
  expect(acknowledgedIn(effects)).toEqual(keys(real.acked, h));
  real.acked = h;
};

const walk = (role: Role, start: number, random: Random): void => {
  const { endpoint, real } = enabledAt(role, start, random.pick([0, 1, 5, 1000]));
  for (let i = 0; i < 60; i++) {
    const choice = random.integer(0, 6);
    if (choice <= 1) sendMany(endpoint, real, random.integer(1, 4));
    else if (choice === 2) {
      const h = real.acked + BigInt(random.integer(0, Number(real.sent - real.acked)));
      expectAcknowledged(endpoint.peer({ type: 'peer.a', h: onTheWire(h) }), real, h);
    } else if (choice === 3) {
      for (let n = random.integer(1, 3); n > 0; n--, real.received++) endpoint.peer({ type: 'peer.stanza' });
      expect(countsWritten(endpoint.peer({ type: 'peer.r' }))).toEqual([onTheWire(real.received)]);
    } else if (choice === 4 && real.acked > real.start) {
      const past = real.acked - 1n - BigInt(random.integer(0, Number(real.acked - real.start) - 1));
      const effects = endpoint.peer({ type: 'peer.a', h: onTheWire(past) });
      expect(acknowledgedIn(effects)).toEqual([]);
      expect(reportsIn(effects, 'toleratedViolation')).toHaveLength(1);
    } else if (choice === 5) {
      endpoint.cut();
      const h = real.acked + BigInt(random.integer(0, Number(real.sent - real.acked)));
      const effects = endpoint.resume(onTheWire(h));
      expect(countsWritten(effects)).toEqual([onTheWire(real.received)]);
      expectAcknowledged(effects, real, h);
      expect(replayedIn(effects)).toEqual(keys(h, real.sent));
    }
    expect(endpoint.session.unacked.length).toBe(Number(real.sent - real.acked));
    expect(endpoint.session.acked).toBe(onTheWire(real.acked));
    expect(endpoint.session.received).toBe(onTheWire(real.received));
  }
  const effects = endpoint.peer({ type: 'peer.a', h: onTheWire(real.sent + 1n) });
  expect(acknowledgedIn(effects)).toEqual([]);
  expect(hasTag(endpoint.state, 'over')).toBe(true);
};

for (const role of roles) {
  describe(`a ${role} that counts modulo 2^32, SEED=${seed}`, () => {
    for (const start of starts) {
      it(`gives the same results as counters that never wrap, from ${start} (A-4, A-9, A-11, R-5, R-6, server class 6)`, () => {
        const random = createRandom(seed);
        for (let round = 0; round < rounds(60); round++) walk(role, start, random);
      });
    }

    it('removes from the queue the stanzas that an <a/> covers across the wrap (A-4)', () => {
      const { endpoint } = enabledAt(role, 2 ** 32 - 3);
      for (const key of ['a', 'b', 'c', 'd', 'e']) endpoint.send(key);
      expect(acknowledgedIn(endpoint.peer({ type: 'peer.a', h: uint32(2 ** 32 - 1) }))).toEqual(['a', 'b']);
      expect(acknowledgedIn(endpoint.peer({ type: 'peer.a', h: uint32(1) }))).toEqual(['c', 'd']);
      expect(acknowledgedIn(endpoint.peer({ type: 'peer.a', h: uint32(2) }))).toEqual(['e']);
    });

    it('removes nothing when the same h comes twice, also at 0 after the wrap (A-11)', () => {
      const { endpoint } = enabledAt(role, 2 ** 32 - 1);
      endpoint.send('a');
      endpoint.send('b');
      endpoint.peer({ type: 'peer.a', h: uint32(0) });
      const effects = endpoint.peer({ type: 'peer.a', h: uint32(0) });
      expect(acknowledgedIn(effects)).toEqual([]);
      expect(reportsIn(effects, 'violation')).toEqual([]);
      expect(reportsIn(effects, 'toleratedViolation')).toEqual([]);
      expect(endpoint.session.unacked.length).toBe(1);
    });

    it('reports an h from before the wrap as stale, and keeps the queue (A-9)', () => {
      const { endpoint } = enabledAt(role, 2 ** 32 - 2);
      for (const key of ['a', 'b', 'c', 'd']) endpoint.send(key);
      endpoint.peer({ type: 'peer.a', h: uint32(1) });
      const effects = endpoint.peer({ type: 'peer.a', h: uint32(2 ** 32 - 1) });
      expect(reportsIn(effects, 'toleratedViolation')).toHaveLength(1);
      expect(endpoint.session.unacked.length).toBe(1);
      expect(hasTag(endpoint.state, 'over')).toBe(false);
    });

    it('reads the first h of the session, when it comes again, as stale (A-9)', () => {
      const { endpoint } = enabledAt(role, 0);
      endpoint.send('a');
      endpoint.peer({ type: 'peer.a', h: uint32(1) });
      const effects = endpoint.peer({ type: 'peer.a', h: uint32(0) });
      expect(reportsIn(effects, 'toleratedViolation')).toMatchObject([
        { failure: { kind: 'toleratedViolation', text: expect.stringContaining('below 1') } },
      ]);
      expect(hasTag(endpoint.state, 'over')).toBe(false);
    });

    it('reads 2^32-1 on a fresh session as too high, and reports the send count (A-8)', () => {
      const { endpoint } = enabledAt(role, 0);
      const effects = endpoint.peer({ type: 'peer.a', h: uint32(2 ** 32 - 1) });
      expect(streamErrors(effects)).toEqual([expect.stringMatching(tooHigh('4294967295', '0'))]);
      expect(hasTag(endpoint.state, 'over')).toBe(true);
    });

    it('reads an h that is one stanza too high as too high, also across the wrap, and returns the queue (A-8)', () => {
      const { endpoint } = enabledAt(role, 2 ** 32 - 2);
      for (const key of ['a', 'b', 'c']) endpoint.send(key);
      const effects = endpoint.peer({ type: 'peer.a', h: uint32(2) });
      expect(streamErrors(effects)).toEqual([expect.stringMatching(tooHigh('2', '1'))]);
      expect(acknowledgedIn(effects)).toEqual([]);
      const [returned] = reportsIn(effects, 'returned');
      expect(returned?.reason).toBe('violation');
      expect(returned?.stanzas.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
    });

    it('reads an h that is one stanza too high as too high while an <r/> is unanswered and the next one is due (A-8)', () => {
      const { endpoint } = enabledAt(role, 2 ** 32 - 2, 0);
      for (const key of ['a', 'b', 'c']) endpoint.send(key);
      const effects = endpoint.peer({ type: 'peer.a', h: uint32(2) });
      expect(streamErrors(effects)).toEqual([expect.stringMatching(tooHigh('2', '1'))]);
      expect(acknowledgedIn(effects)).toEqual([]);
    });

    it('reads an h that covers stanzas that are held back as too high (A-8)', () => {
      const { endpoint } = enabledAt(role, 0);
      endpoint.send('written');
      endpoint.cut();
      endpoint.send('held');
      const effects = endpoint.resume(uint32(2));
      expect(acknowledgedIn(effects)).toEqual([]);
      expect(replayedIn(effects)).toEqual([]);
    });

    it('answers <r/> across the wrap with the number of stanzas that it has handled (A-4, A-5)', () => {
      const { endpoint } = enabledAt(role, 2 ** 32 - 2);
      const named = [1, 2, 3].flatMap(() => {
        endpoint.peer({ type: 'peer.stanza' });
        return countsWritten(endpoint.peer({ type: 'peer.r' }));
      });
      expect(named).toEqual([2 ** 32 - 1, 0, 1]);
    });
  });
}

describe('a server whose session is claimed with a wrong h', () => {
  it('does not change the session when h is too high, across the wrap (R-5, A-8)', () => {
    const { endpoint } = enabledAt('server', 2 ** 32 - 1);
    endpoint.send('a');
    endpoint.cut();
    const before = endpoint.state;
    expect(judgeClaim(endpoint.session, uint32(1))).toEqual({ type: 'tooHigh', sendCount: 0 });
    expect(endpoint.state).toEqual(before);
  });

  it('does not change the session when h is stale (R-5, A-9)', () => {
    const { endpoint } = enabledAt('server', 2 ** 32 - 1);
    endpoint.send('a');
    endpoint.send('b');
    endpoint.peer({ type: 'peer.a', h: uint32(1) });
    endpoint.cut();
    const before = endpoint.state;
    expect(judgeClaim(endpoint.session, uint32(0))).toEqual({ type: 'stale', h: 2 ** 32 - 1 });
    expect(endpoint.state).toEqual(before);
  });
});

const streamErrors = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((effect) => (effect.type === 'stream.error' ? [encodeStreamError(effect.violation)] : []));

const tooHigh = (h: string, sendCount: string): RegExp =>
  new RegExp(
    `<undefined-condition .*<handled-count-too-high xmlns='urn:xmpp:sm:3' h='${h}' send-count='${sendCount}'/>`,
  );
