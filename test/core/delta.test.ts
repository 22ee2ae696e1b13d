/** The difference of two values of a session, and the later value from the earlier one. */
import { describe, expect, it } from 'vitest';
import { runsOf } from '../../src/core/count-set.js';
import { apply, type Delta, difference } from '../../src/core/delta.js';
import { amend, freshLink, NO_LINK } from '../../src/core/session.js';
import { span } from '../../src/core/uint32.js';
import { fromArray } from '../../src/core/unacked.js';
import { type Entry, open, policy, type Role, type Session, SM_3, toArray, uint32 } from '../../src/index.js';
import { createRandom, seedFrom } from '../../src/testing/random.js';
import { rounds } from '../support/effort.js';
import { type Endpoint, enabledEndpoint, endpointOf, SM_ID } from '../support/endpoint.js';
import { randomWalk } from '../support/random-walk.js';

const seed = seedFrom(process.env.SEED);
const roles = ['client', 'server'] as const satisfies Role[];

/** What outlives a link, in one form. */
const kept = ({ received: _received, isRestored: _isRestored, link, ...session }: Session) => ({
  ...session,
  epoch: link.epoch,
  unacked: toArray(session.unacked),
  size: session.unacked.size,
  handledOutOfOrder: runsOf(session.handledOutOfOrder, session.handled),
});

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const expectInverse = (stored: Session, now: Session): Delta | null => {
  const delta = difference(stored, now);
  const after = delta === null ? stored : apply(stored, delta);
  if (!isSame(kept(after), kept(now))) expect(kept(after)).toEqual(kept(now));
  expect(delta === null).toBe(isSame(kept(stored), kept(now)));
  return delta;
};

for (const role of roles)
  describe(`the difference of two values of a ${role}'s session, SEED=${seed}`, () => {
    it('turns the earlier value into the later one, any number of steps apart, from 2^32-3 on too (A-4)', () => {
      const random = createRandom(seed);
      for (let round = 0; round < rounds(300); round++) {
        const states = randomWalk(role, random);
        for (const [index, { session }] of states.entries())
          for (const before of [index - 1, random.integer(0, index), random.integer(0, states.length - 1)])
            expectInverse((states[before] ?? states[0] ?? expect.fail()).session, session);
      }
    }, 120_000);

    it('names only the stanzas that left and the stanzas that came, when the acknowledged ones left', () => {
      const random = createRandom(seed);
      let continued = 0;
      for (let round = 0; round < rounds(300, 30); round++) {
        const states = randomWalk(role, random);
        for (const [index, { session: now }] of states.entries()) {
          const { session: stored } = states[random.integer(Math.max(0, index - 10), index)] ?? expect.fail();
          const [before, after] = [toArray(stored.unacked), toArray(now.unacked)];
          const gone = before.filter((entry) => !after.includes(entry)).length;
          const came = after.filter((entry) => !before.includes(entry));
          if (gone !== span(stored.acked, now.acked) || new Set(after).size < after.length) continue;
          const { trimmed, appended } = difference(stored, now) ?? { trimmed: 0, appended: [] };
          expect(trimmed).toBe(gone);
          expect(appended).toEqual(came);
          if (before.length > gone && came.length + gone > 0) continued += 1;
        }
      }
      expect(continued).toBeGreaterThan(10);
    }, 120_000);

    it('is made of two values of different sessions too: every stanza leaves and every stanza comes', () => {
      const random = createRandom(seed);
      for (let round = 0; round < rounds(100); round++) {
        const [one, another] = [randomWalk(role, random), randomWalk(role, random)];
        for (let n = 0; n < 10; n++) expectInverse(random.pick(one).session, random.pick(another).session);
      }
    });
  });

describe('a later session', () => {
  const endpoint = (start = 2 ** 32 - 3): Endpoint =>
    enabledEndpoint('server', policy({ initialCount: uint32(start), deferHandling: true, maxQueueStanzas: 1000 }));
  const keysOf = (entries: readonly Entry[]) => entries.map(({ key }) => key);

  it('is as a session that comes from a record: its link is new, and stanzas that were not handled count as not received (A-14)', () => {
    const one = endpoint(0);
    const stored = one.session;
    for (let n = 0; n < 3; n++) one.peer({ type: 'peer.stanza' });
    one.tell({ type: 'app.handled', position: 1 });
    const after = apply(stored, expectInverse(stored, one.session) ?? expect.fail());
    expect(after).toMatchObject({ received: 1, handled: 1, delivered: 3, isRestored: true });
    expect(after.link).toEqual(freshLink(1, uint32(0)));
    one.cut();
    expect(apply(stored, expectInverse(stored, one.session) ?? expect.fail()).link).toBe(NO_LINK);
  });

  it('has an <a/> for two and three new stanzas as two trims and three stanzas, across 2^32 (A-4)', () => {
    const one = endpoint(2 ** 32 - 1);
    for (const key of ['a', 'b', 'c']) one.send(key);
    const stored = one.session;
    for (const key of ['d', 'e', 'f']) one.send(key);
    one.peer({ type: 'peer.a', h: uint32(1) });
    const { trimmed, appended, head } = expectInverse(stored, one.session) ?? expect.fail();
    expect([trimmed, keysOf(appended)]).toEqual([2, ['d', 'e', 'f']]);
    expect(head).toMatchObject({ acked: 1, totalAcked: 2, written: 4 });
  });

  it('is found by the acknowledgements also when totalAcked has come to its end', () => {
    const one = endpoint();
    for (const key of ['a', 'b', 'c']) one.send(key);
    const stored = amend(one.session, { totalAcked: 2 ** 31 });
    one.peer({ type: 'peer.a', h: uint32(-2) });
    const now = amend(one.session, { totalAcked: 2 ** 31 });
    expect(expectInverse(stored, now)).toEqual({ trimmed: 1, appended: [], head: { acked: 2 ** 32 - 2, written: 2 } });
  });

  it('has every stanza again when its queue was returned and new stanzas took their places', () => {
    const one = endpoint();
    for (const key of ['a', 'b']) one.send(key);
    const stored = one.session;
    for (const keys of [[], ['c'], ['c', 'd'], ['c', 'd', 'e']]) {
      const queue = keys.map((key): Entry => ({ xml: '<iq/>', kind: 'iq', type: '', at: 0, key }));
      const now = amend(stored, { unacked: fromArray(queue), written: queue.length });
      const { trimmed, appended } = expectInverse(stored, now) ?? expect.fail();
      expect([trimmed, keysOf(appended)]).toEqual([2, keys]);
    }
  });

  it('continues the session that another link claims: the h of the client trims, and stanzas that were held come behind (R-5)', () => {
    const one = endpoint();
    for (const key of ['a', 'b', 'c']) one.send(key);
    one.cut();
    const stored = one.session;
    const link = endpointOf(open('server', one.state.policy, 7));
    link.tell({ type: 'app.authenticated', owner: 'user@example.net' });
    link.peer({ type: 'peer.resume', xmlns: SM_3, previd: SM_ID, h: uint32(-2) });
    link.send('held');
    link.tell({ type: 'store.claimed', session: stored });
    const { trimmed, appended, head } = expectInverse(stored, link.session) ?? expect.fail();
    expect([trimmed, keysOf(appended)]).toEqual([1, ['held']]);
    expect([head?.epoch, link.session.written]).toEqual([7, 3]);
  });

  it('has the counts that came into the set of the stanzas handled out of order, and the counts that left it (A-14)', () => {
    const one = endpoint();
    for (let n = 0; n < 8; n++) one.peer({ type: 'peer.stanza' });
    for (const position of [3, 4, 7]) one.tell({ type: 'app.handled', position });
    const stored = one.session;
    for (const position of [1, 2, 6]) one.tell({ type: 'app.handled', position });
    expect(expectInverse(stored, one.session)?.head).toEqual({
      handled: 1,
      handledOutOfOrder: { added: [[3, 1]], removed: [[0, 2]] },
    });
  });

  it('has no difference when nothing changed but its link', () => {
    const one = endpoint();
    const stored = one.session;
    one.tell({ type: 'app.inactive' });
    expect(one.session).not.toBe(stored);
    expect(difference(stored, one.session)).toBeNull();
  });
});
