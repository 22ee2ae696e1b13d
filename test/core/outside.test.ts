/** What peers, stores and embedders say is checked before it counts. */
import { describe, expect, it } from 'vitest';
import {
  hasTag,
  open,
  type Policy,
  policy,
  type Role,
  type Session,
  SM_2,
  SM_3,
  type SmEvent,
  step,
  toArray,
  uint32,
} from '../../src/index.js';
import {
  acknowledgedIn,
  type Endpoint,
  enabledEndpoint,
  endpointOf,
  replayedIn,
  reportsIn,
  SM_ID,
} from '../support/endpoint.js';

const OWNER = 'user@example.net';

const writtenIn = (effects: ReturnType<Endpoint['tell']>) =>
  effects.flatMap((effect) => (effect.type === 'write' ? [{ ...effect.nonza, xmlns: effect.xmlns }] : []));

/** A client that waits for the answer to its `<resume/>`: 4 stanzas are written, and 2 of them acknowledged. */
const resuming = (start = 2 ** 32 - 3): Endpoint => {
  const endpoint = enabledEndpoint('client', policy({ initialCount: uint32(start) }));
  for (const key of ['a', 'b', 'c', 'd']) endpoint.send(key);
  endpoint.peer({ type: 'peer.a', h: uint32(start + 2) });
  endpoint.cut();
  endpoint.tell({ type: 'link.opened', epoch: 7 });
  endpoint.tell({ type: 'app.authenticated', owner: OWNER });
  endpoint.tell({ type: 'app.resume' });
  return endpoint;
};

describe('a client whose <resume/> is refused', () => {
  for (const [name, h] of [
    ['stale', 2 ** 32 - 2],
    ['too high', 5],
  ] as const)
    it(`passes no h on that is ${name}, and reports a violation without harm (R-15)`, () => {
      const effects = resuming().peer({ type: 'peer.failed', condition: 'item-not-found', h: uint32(h) });
      expect(reportsIn(effects, 'resumptionFailed')).toMatchObject([{ condition: 'item-not-found', h: null }]);
      expect(reportsIn(effects, 'toleratedViolation')).toHaveLength(1);
      expect(acknowledgedIn(effects)).toEqual([]);
      expect(reportsIn(effects, 'returned')).toMatchObject([{ stanzas: [{ key: 'c' }, { key: 'd' }] }]);
    });

  for (const condition of ['undefined-condition', 'policy-violation', 'conflict', 'not-authorized'] as const)
    it(`takes a stream error for the answer: ${condition} (R-10)`, () => {
      const endpoint = resuming();
      const effects = endpoint.peer({ type: 'peer.error', condition });
      expect(reportsIn(effects, 'resumptionFailed')).toMatchObject([{ condition: null, h: null }]);
      expect(reportsIn(effects, 'returned')).toMatchObject([{ reason: 'resumptionFailed' }]);
      expect(hasTag(endpoint.state, 'hibernating')).toBe(false);
      expect(endpoint.session.smId).toBeNull();
    });

  for (const condition of ['system-shutdown', 'reset', 'connection-timeout', 'internal-server-error'] as const)
    it(`asks again after a stream error that says restart: ${condition}`, () => {
      const endpoint = resuming();
      expect(reportsIn(endpoint.peer({ type: 'peer.error', condition }), 'returned')).toEqual([]);
      expect(replayedIn(endpoint.resume(uint32(2 ** 32 - 1)))).toEqual(['c', 'd']);
    });
});

describe('what a server grants', () => {
  const granted = (changes: Partial<Policy>, grant: object): Endpoint => {
    const endpoint = endpointOf(open('client', policy(changes)));
    endpoint.tell({ type: 'link.opened', epoch: 1 });
    endpoint.tell({ type: 'app.authenticated', owner: OWNER });
    endpoint.tell({ type: 'app.bound' });
    endpoint.tell({ type: 'app.enable' });
    endpoint.peer({ type: 'peer.enabled', resume: true, id: SM_ID, ...grant });
    return endpoint;
  };

  it('is not more time than the client asked for (E-6)', () => {
    expect(granted({ hibernationTime: 60 }, { max: 99_999_999 }).session.max).toBe(60);
    expect(granted({ hibernationTime: 60 }, { max: 20 }).session.max).toBe(20);
    expect(granted({ hibernationTime: 60 }, {}).session.max).toBe(60);
  });

  for (const changes of [{ resume: false }, { hibernationTime: 0 }])
    it(`is no resumption that the client did not ask for: ${JSON.stringify(changes)} (R-1)`, () => {
      const endpoint = granted(changes, { max: 300 });
      expect(endpoint.session).toMatchObject({ smId: null, max: 0 });
      endpoint.cut();
      expect(hasTag(endpoint.state, 'over')).toBe(true);
    });

  it('was not asked for when the client keeps no session without a link (E-6)', () => {
    const endpoint = endpointOf(open('client', policy({ hibernationTime: 0 })));
    endpoint.tell({ type: 'link.opened', epoch: 1 });
    endpoint.tell({ type: 'app.authenticated', owner: OWNER });
    endpoint.tell({ type: 'app.bound' });
    expect(writtenIn(endpoint.tell({ type: 'app.enable' }))).toEqual([{ name: 'enable', resume: false, xmlns: SM_3 }]);
  });
});

describe('what a store gives', () => {
  const hibernated = (): Session => {
    const endpoint = enabledEndpoint('server', policy());
    for (const key of ['a', 'b']) endpoint.send(key);
    endpoint.peer({ type: 'peer.a', h: uint32(1) });
    endpoint.cut();
    return endpoint.session;
  };
  const claiming = (h = 1): Endpoint => {
    const endpoint = endpointOf(open('server', policy({ storeTimeout: 5 })));
    endpoint.tell({ type: 'app.authenticated', owner: OWNER });
    endpoint.peer({ type: 'peer.resume', xmlns: SM_3, previd: SM_ID, h: uint32(h) });
    return endpoint;
  };

  for (const [name, wrong] of [
    ["another owner's session", { owner: 'other@example.net' }],
    ['another session of the owner', { smId: 'id-2' }],
    ['a session whose peer acknowledged more than the claim says', { acked: uint32(2), written: 0 }],
    ['a session that sent less than the claim says', { acked: uint32(2 ** 32 - 9) }],
  ] as const)
    it(`is refused when it is ${name}, and its queue is returned (R-12, design law 8)`, () => {
      const endpoint = claiming();
      const effects = endpoint.tell({ type: 'store.claimed', session: { ...hibernated(), ...wrong } });
      expect(writtenIn(effects)).toMatchObject([{ name: 'failed', condition: 'internal-server-error' }]);
      expect(reportsIn(effects, 'storeFault')).toMatchObject([{ state: 'claiming' }]);
      expect(reportsIn(effects, 'returned')).toMatchObject([{ reason: 'storeFault', stanzas: [{ key: 'b' }] }]);
      expect(endpoint.session).toMatchObject({ owner: OWNER, smId: null });
      expect(endpoint.state.configuration).toBe('disabled.authenticated');
    });

  it('is returned when it comes after the request was refused, whatever the session does by then', () => {
    for (const before of [
      [{ type: 'store.failed', reason: 'no disk' }],
      [{ type: 'store.failed', reason: 'no disk' }, { type: 'app.bound' }],
      [{ type: 'store.failed', reason: 'no disk' }, { type: 'app.close' }],
      [{ type: 'store.unknown' }],
    ] as const) {
      const endpoint = claiming();
      for (const event of before) endpoint.tell(event);
      const { configuration } = endpoint.state;
      const effects = endpoint.tell({ type: 'store.claimed', session: hibernated() });
      expect(reportsIn(effects, 'returned')).toMatchObject([{ reason: 'storeFault', stanzas: [{ key: 'b' }] }]);
      expect(effects).toContainEqual({ type: 'store.expire', owner: OWNER, smId: SM_ID, h: 0 });
      expect(endpoint.state.configuration).toBe(configuration);
    }
  });

  it('is forgotten when the store has saved too late (E-5, design law 7)', () => {
    const endpoint = endpointOf(open('server', policy({ storeTimeout: 5 })));
    endpoint.tell({ type: 'app.authenticated', owner: OWNER });
    endpoint.tell({ type: 'app.bound' });
    endpoint.peer({ type: 'peer.enable', xmlns: SM_3, resume: true });
    endpoint.wait(5_000);
    expect(writtenIn(endpoint.tell({ type: 'timer.storeWait' }))).toMatchObject([
      { condition: 'internal-server-error' },
    ]);
    expect(endpoint.tell({ type: 'store.saved', smId: 'id-9' })).toEqual([
      { type: 'store.forget', owner: OWNER, smId: 'id-9' },
    ]);
  });

  it('is waited for until storeTimeout, also after the stream ended (design law 7)', () => {
    for (const ending of ['link.lost', 'app.close'] as const) {
      const endpoint = claiming();
      if (ending === 'link.lost') endpoint.cut();
      else endpoint.tell({ type: ending });
      endpoint.wait(5_000);
      endpoint.tell({ type: 'timer.storeWait' });
      expect(hasTag(endpoint.state, 'over')).toBe(true);
      const late = endpoint.tell({ type: 'store.claimed', session: hibernated() });
      expect(reportsIn(late, 'returned')).toMatchObject([{ stanzas: [{ key: 'b' }] }]);
    }
  });

  it('ends with the session that the embedder closed while it was claimed (A-12)', () => {
    for (const first of ['app.close', 'link.lost'] as const) {
      const endpoint = claiming();
      if (first === 'link.lost') endpoint.cut();
      endpoint.tell({ type: 'app.close', error: 'system-shutdown' });
      const effects = endpoint.tell({ type: 'store.claimed', session: hibernated() });
      expect(reportsIn(effects, 'returned')).toMatchObject([{ reason: 'closed', stanzas: [{ key: 'b' }] }]);
      expect(reportsIn(effects, 'ended')).toHaveLength(1);
      expect(effects).toContainEqual({ type: 'store.expire', owner: OWNER, smId: SM_ID, h: 0 });
    }
  });

  it('hibernates again when only the connection was lost while it was claimed (R-17)', () => {
    const endpoint = claiming();
    endpoint.cut();
    endpoint.tell({ type: 'store.claimed', session: hibernated() });
    expect(hasTag(endpoint.state, 'hibernating')).toBe(true);
    expect(toArray(endpoint.session.unacked)).toMatchObject([{ key: 'b' }]);
  });

  it('is a misuse when it has no h, no SM-ID or no send count, and changes nothing', () => {
    const { state } = claiming();
    for (const event of [
      { type: 'store.saved', smId: '' },
      { type: 'store.expired', h: Number.NaN },
      { type: 'store.stale', h: -1 },
      { type: 'store.tooHigh', sendCount: 2 ** 32 },
    ]) {
      const [after, effects] = step(state, { ...event, at: 0 } as SmEvent);
      expect(after).toBe(state);
      expect(reportsIn(effects, 'misuse')).toMatchObject([{ failure: { event: event.type } }]);
    }
  });
});

describe('what an embedder sends while the store is asked', () => {
  const granting = (): Endpoint => {
    const endpoint = endpointOf(open('server', policy({ maxUnackedStanzas: 1, maxQueueStanzas: 3 })));
    endpoint.tell({ type: 'app.authenticated', owner: OWNER });
    endpoint.tell({ type: 'app.bound' });
    endpoint.peer({ type: 'peer.enable', xmlns: SM_3, resume: true });
    return endpoint;
  };

  it('follows <enabled/> and counts, with an <r/> when that is due (A-1, M-5)', () => {
    for (const [count, isFull] of [
      [1, false],
      [2, false],
      [3, true],
    ] as const) {
      const endpoint = granting();
      for (let n = 0; n < count; n++) expect(endpoint.send(`${n}`)).toEqual([]);
      const effects = endpoint.tell({ type: 'store.saved', smId: SM_ID });
      expect(
        effects
          .map((effect) => (effect.type === 'write' ? effect.nonza.name : effect.type))
          .filter((type) => /enabled|replay|^r$/.test(type)),
      ).toEqual(['enabled', 'replay', ...(count > 1 ? ['r'] : [])]);
      expect(endpoint.session).toMatchObject({ written: count });
      expect(endpoint.session.timers.overflowGrace !== null).toBe(isFull);
    }
  });

  it('is written without a count when the request is refused, and reported (A-12)', () => {
    const endpoint = granting();
    endpoint.send('a');
    const effects = endpoint.tell({ type: 'store.failed', reason: 'no disk' });
    expect(effects.map(({ type }) => type)).toEqual(['timer.clear', 'write', 'report', 'replay', 'report']);
    expect(reportsIn(effects, 'returned')).toMatchObject([
      { reason: 'unmanaged', stanzas: [{ key: 'a', written: true }] },
    ]);
  });

  it('is returned when the connection is lost', () => {
    const endpoint = granting();
    endpoint.send('a');
    expect(reportsIn(endpoint.cut(), 'returned')).toMatchObject([
      { reason: 'lost', stanzas: [{ key: 'a', written: false }] },
    ]);
  });

  it('is reported as unmanaged while stream management is off (design law 8)', () => {
    const endpoint = endpointOf(open('server', policy()));
    expect(reportsIn(endpoint.send('a'), 'returned')).toMatchObject([
      { reason: 'unmanaged', stanzas: [{ key: 'a', written: true }] },
    ]);
  });
});

describe('the version of the protocol (design law 2)', () => {
  for (const [name, requests] of [
    ['before authentication', []],
    ['after authentication', [{ type: 'app.authenticated', owner: OWNER }]],
  ] as const)
    it(`stays as it was when a request of sm:2 is refused: ${name}`, () => {
      const endpoint = endpointOf(open('server', policy({ resume: false })));
      for (const event of requests) endpoint.tell(event);
      for (const request of [
        { type: 'peer.enable', xmlns: SM_2, resume: true },
        { type: 'peer.resume', xmlns: SM_2, previd: SM_ID, h: uint32(0) },
      ] as const) {
        const before = endpoint.session;
        expect(writtenIn(endpoint.peer(request))).toMatchObject([{ name: 'failed', xmlns: SM_2 }]);
        expect(endpoint.session).toEqual(before);
      }
    });

  it('stays as it was when the store refuses, between servers too: the next <enabled/> is in its own version', () => {
    const endpoint = endpointOf(open('server', policy()));
    endpoint.tell({ type: 'app.verified', owner: 'example.org' });
    endpoint.peer({ type: 'peer.resume', xmlns: SM_2, previd: SM_ID, h: uint32(0) });
    expect(writtenIn(endpoint.tell({ type: 'store.unknown' }))).toMatchObject([{ name: 'failed', xmlns: SM_2 }]);
    expect(endpoint.session.link.xmlns).toBe(SM_3);
    endpoint.peer({ type: 'peer.enable', xmlns: SM_3, resume: true });
    expect(writtenIn(endpoint.tell({ type: 'store.saved', smId: SM_ID }))).toMatchObject([
      { name: 'enabled', xmlns: SM_3 },
    ]);
  });

  it('is that of the request that is granted', () => {
    const endpoint = endpointOf(open('server', policy()));
    endpoint.tell({ type: 'app.authenticated', owner: OWNER });
    endpoint.tell({ type: 'app.bound' });
    endpoint.peer({ type: 'peer.enable', xmlns: SM_2, resume: true });
    expect(writtenIn(endpoint.tell({ type: 'store.saved', smId: SM_ID }))).toMatchObject([{ xmlns: SM_2 }]);
    expect(writtenIn(endpoint.peer({ type: 'peer.r' }))).toMatchObject([{ name: 'a', xmlns: SM_2 }]);
  });
});

for (const role of ['client', 'server'] as const satisfies Role[]) {
  describe(`an event that has no meaning for a ${role}`, () => {
    const ended = (): Endpoint => {
      const endpoint = enabledEndpoint(role, policy());
      endpoint.tell({ type: 'app.close' });
      return endpoint;
    };

    it('is reported when the session is over, and changes nothing', () => {
      for (const event of [
        { type: 'link.opened', epoch: 9 },
        { type: 'app.enable' },
        { type: 'app.resume' },
        { type: 'app.handled', position: 1 },
        { type: 'app.authenticated', owner: OWNER },
        { type: 'app.writeUncounted', xml: '<x/>' },
      ] as const) {
        const endpoint = ended();
        const { state } = endpoint;
        expect(reportsIn(endpoint.tell(event), 'misuse')).toMatchObject([{ failure: { event: event.type } }]);
        expect(endpoint.state).toEqual(state);
      }
    });

    it('is reported when it names a stanza that does not wait to be handled, in every state (A-14)', () => {
      const states = [endpointOf(open(role, policy())), enabledEndpoint(role, policy()), ended()];
      for (const endpoint of states)
        expect(reportsIn(endpoint.tell({ type: 'app.handled', position: 1 }), 'misuse')).toHaveLength(1);
    });

    it('is reported when it has no time, no epoch or a stanza that is none, and changes nothing', () => {
      const { state } = enabledEndpoint(role, policy());
      const stanza = { xml: '<message/>', kind: 'message', type: '' };
      for (const event of [
        { type: 'app.requestAck' },
        { type: 'app.requestAck', at: Number.NaN },
        { type: 'app.requestAck', at: Infinity },
        { type: 'peer.r', at: 0, epoch: 0 },
        { type: 'peer.stanza', at: 0, epoch: Number.NaN },
        { type: 'app.send', at: 0, stanza: { ...stanza, kind: 'msg' } },
        { type: 'app.send', at: 0, stanza: { ...stanza, xml: undefined } },
        { type: 'app.authenticated', at: 0, owner: '' },
      ]) {
        const [after, effects] = step(state, event as unknown as SmEvent);
        expect(after).toBe(state);
        expect(reportsIn(effects, 'misuse')).toMatchObject([{ failure: { event: event.type } }]);
      }
    });
  });

  describe(`a dead link of a ${role} (P-2, design law 4)`, () => {
    it('stays dead when a late <a/> arrives, and the <a/> still counts', () => {
      const endpoint = enabledEndpoint(role, policy({ maxUnackedStanzas: 0 }));
      endpoint.send('a');
      for (const seconds of [30, 30]) {
        endpoint.wait(seconds * 1000);
        endpoint.tell({ type: 'timer.ackWait' });
      }
      const { configuration } = endpoint.state;
      expect(endpoint.session.timers.ackWait).toBeNull();
      expect(acknowledgedIn(endpoint.peer({ type: 'peer.a', h: uint32(1) }))).toEqual(['a']);
      expect(endpoint.state.configuration).toBe(configuration);
      expect(endpoint.tell({ type: 'timer.ackWait' })).toEqual([]);
    });
  });
}

describe('a client that waits for an answer (design law 4)', () => {
  it('destroys the link once, also when the event of the timer comes twice', () => {
    const endpoint = resuming();
    endpoint.wait(60_000);
    const effects = endpoint.tell({ type: 'timer.ackWait' });
    expect(effects).toContainEqual({ type: 'link.close', epoch: 7, graceful: false });
    expect(endpoint.session.timers.ackWait).toBeNull();
    expect(endpoint.tell({ type: 'timer.ackWait' })).toEqual([]);
  });
});
