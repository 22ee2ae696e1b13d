import { describe, expect, it } from 'vitest';
import {
  type Effect,
  hasTag,
  open,
  type PolicyChanges,
  policy,
  SM_2,
  SM_3,
  type SmEvent,
  uint32,
} from '../../src/index.js';
import { acknowledgedIn, enabledEndpoint, endpointOf, reportsIn } from '../support/endpoint.js';

const OWNER = 'user@example.net';

const writtenIn = (effects: readonly Effect[]) =>
  effects.flatMap((effect) => (effect.type === 'write' ? [effect.nonza] : []));

describe('a server that grants a session', () => {
  for (const [wish, limit, granted] of [
    [60, 300, 60],
    [900, 300, 300],
    [undefined, 300, 300],
  ] as const) {
    it(`grants ${granted} s when the client's max is ${wish ?? 'nothing'} and the limit is ${limit} s (E-6)`, () => {
      const endpoint = endpointOf(open('server', policy({ hibernationTime: limit })));
      endpoint.tell({ type: 'app.authenticated', owner: OWNER });
      endpoint.tell({ type: 'app.bound' });
      endpoint.peer({ type: 'peer.enable', xmlns: SM_3, resume: true, ...(wish !== undefined && { max: wish }) });
      const effects = endpoint.tell({ type: 'store.saved', smId: 'id-1' });
      expect(effects).toContainEqual(
        expect.objectContaining({ nonza: { name: 'enabled', resume: true, id: 'id-1', max: granted } }),
      );
      endpoint.cut();
      expect(endpoint.session.timers.resumption).toBe(granted * 1000);
    });
  }
});

describe('a server that gets <enable/> or <resume/>', () => {
  const asking = (changes: PolicyChanges = {}) => {
    const endpoint = endpointOf(open('server', policy(changes)));
    endpoint.tell({ type: 'app.authenticated', owner: OWNER });
    return endpoint;
  };
  const resume = { type: 'peer.resume', xmlns: SM_3, previd: 'id-1', h: uint32(7) } as const;

  it('grants acknowledgements only when hibernationTime is 0 (E-5)', () => {
    const endpoint = asking({ hibernationTime: 0 });
    endpoint.tell({ type: 'app.bound' });
    const effects = endpoint.peer({ type: 'peer.enable', xmlns: SM_3, resume: true });
    expect(writtenIn(effects)).toStrictEqual([{ name: 'enabled', resume: false }]);
  });

  it('grants one second, and omits `max` for a shorter time (E-6)', () => {
    for (const [hibernationTime, max] of [
      [1, { max: 1 }],
      [0.5, {}],
    ] as const) {
      const endpoint = asking({ hibernationTime });
      endpoint.tell({ type: 'app.bound' });
      endpoint.peer({ type: 'peer.enable', xmlns: SM_3, resume: true });
      const effects = endpoint.tell({ type: 'store.saved', smId: 'id-1' });
      expect(writtenIn(effects)).toStrictEqual([{ name: 'enabled', resume: true, id: 'id-1', ...max }]);
    }
  });

  it('says no more of an unknown session than that it is not found (X-1, R-7)', () => {
    const endpoint = asking();
    endpoint.peer(resume);
    expect(writtenIn(endpoint.tell({ type: 'store.unknown' }))).toStrictEqual([
      { name: 'failed', condition: 'item-not-found' },
    ]);
  });

  it('answers on the new link, in the namespace of the request, and replays there (R-4, design law 6)', () => {
    const hibernating = enabledEndpoint('server', policy());
    hibernating.send();
    hibernating.cut();
    const endpoint = endpointOf(open('server', policy(), 7));
    endpoint.tell({ type: 'app.authenticated', owner: OWNER });
    endpoint.peer({ ...resume, xmlns: SM_2, h: uint32(0) });
    const effects = endpoint.tell({ type: 'store.claimed', session: hibernating.session });
    expect(effects.filter(({ type }) => type === 'write' || type === 'replay')).toMatchObject([
      { epoch: 7, xmlns: SM_2, nonza: { name: 'resumed' } },
      { epoch: 7, stanzas: [{ kind: 'message' }] },
      { epoch: 7, xmlns: SM_2, nonza: { name: 'r' } },
    ]);
    expect(endpoint.session.link.epoch).toBe(7);
  });

  it('names the h that was too high and the send count (A-8, R-5)', () => {
    const endpoint = asking();
    endpoint.peer(resume);
    expect(endpoint.tell({ type: 'store.tooHigh', sendCount: uint32(3) })).toContainEqual(
      expect.objectContaining({
        violation: expect.objectContaining({ handledCountTooHigh: { h: 7, sendCount: 3 } }),
      }),
    );
  });
});

describe('a client that is granted a session', () => {
  const granted = (answer: Partial<Extract<SmEvent, { type: 'peer.enabled' }>>) => {
    const endpoint = endpointOf(open('client', policy({ hibernationTime: 120 })));
    endpoint.tell({ type: 'link.opened', epoch: 1 });
    endpoint.tell({ type: 'app.authenticated', owner: OWNER });
    endpoint.tell({ type: 'app.bound' });
    endpoint.tell({ type: 'app.enable' });
    endpoint.peer({ type: 'peer.enabled', resume: true, ...answer });
    const { smId, max, location } = endpoint.session;
    return { smId, max, location };
  };

  it('reconnects to the location that the server named, and uses its own time when the server named none (E-6, E-7)', () => {
    expect(granted({ id: 'id-1', location: 'away.example' })).toEqual({
      smId: 'id-1',
      max: 120,
      location: 'away.example',
    });
    expect(granted({ id: 'id-1', max: 60 })).toEqual({ smId: 'id-1', max: 60, location: null });
  });

  it('cannot resume a session without an id, or with an invalid id (E-5)', () => {
    for (const answer of [{ location: 'away.example' }, { resume: false, id: 'id-1', location: 'away.example' }]) {
      expect(granted(answer)).toEqual({ smId: null, max: 0, location: null });
    }
  });
});

describe('a client that resumes', () => {
  const resuming = () => {
    const endpoint = enabledEndpoint('client', policy());
    for (const key of ['a', 'b']) endpoint.send(key);
    endpoint.peer({ type: 'peer.a', h: uint32(1) });
    endpoint.peer({ type: 'peer.stanza' });
    endpoint.cut();
    endpoint.tell({ type: 'link.opened', epoch: 2 });
    endpoint.tell({ type: 'app.authenticated', owner: OWNER });
    endpoint.tell({ type: 'app.resume' });
    return endpoint;
  };

  it('rejects <resumed/> with the id of another session (R-5, client class N)', () => {
    const endpoint = resuming();
    const effects = endpoint.peer({ type: 'peer.resumed', previd: 'another', h: uint32(2) });
    expect(acknowledgedIn(effects)).toEqual([]);
    expect(reportsIn(effects, 'returned')).toMatchObject([{ stanzas: [{ key: 'b' }] }]);
    expect(hasTag(endpoint.state, 'over')).toBe(true);
  });

  it('does not say that an h is too high when it belongs to another session (R-5, A-8)', () => {
    const effects = resuming().peer({ type: 'peer.resumed', previd: 'another', h: uint32(9) });
    expect(effects.flatMap((effect) => (effect.type === 'stream.error' ? [effect.violation] : []))).toStrictEqual([
      { kind: 'peerViolation', condition: 'undefined-condition', text: expect.stringMatching(/session/) },
    ]);
  });

  it('acknowledges nothing when the h of <failed/> is too high (R-15)', () => {
    const effects = resuming().peer({ type: 'peer.failed', condition: 'item-not-found', h: uint32(9) });
    expect(acknowledgedIn(effects)).toEqual([]);
    expect(reportsIn(effects, 'returned')).toMatchObject([{ stanzas: [{ key: 'b' }] }]);
  });

  it('accepts no h from before its new session, after the server refused the old one (A-1, A-8, server class 7)', () => {
    const endpoint = resuming();
    endpoint.peer({ type: 'peer.failed', condition: 'item-not-found' });
    endpoint.tell({ type: 'app.bound' });
    endpoint.tell({ type: 'app.enable' });
    endpoint.peer({ type: 'peer.enabled', resume: true, id: 'id-2' });
    endpoint.peer({ type: 'peer.a', h: uint32(2 ** 32 - 1) });
    expect(hasTag(endpoint.state, 'over')).toBe(true);
  });

  it('counts from zero in both directions after the server refused its old session (A-1, A-2, R-10)', () => {
    const endpoint = resuming();
    endpoint.peer({ type: 'peer.failed', condition: 'item-not-found' });
    endpoint.tell({ type: 'app.bound' });
    endpoint.tell({ type: 'app.enable' });
    endpoint.peer({ type: 'peer.enabled', resume: true, id: 'id-2' });
    endpoint.send('c');
    endpoint.peer({ type: 'peer.stanza' });
    expect(writtenIn(endpoint.peer({ type: 'peer.r' }))).toStrictEqual([{ name: 'a', h: 1 }]);
    expect(acknowledgedIn(endpoint.peer({ type: 'peer.a', h: uint32(1) }))).toEqual(['c']);
  });
});

describe('a server that refuses an element of urn:xmpp:sm:2', () => {
  it('answers in that namespace, and leaves the running session as it was (design law 2, X-2)', () => {
    const endpoint = enabledEndpoint('server', policy());
    const before = endpoint.state;
    const refusal = { kind: 'refusal', condition: 'unexpected-request' } as const;
    expect(endpoint.peer({ type: 'peer.malformed', xmlns: 'urn:xmpp:sm:2', refusal })).toContainEqual(
      expect.objectContaining({ type: 'write', xmlns: 'urn:xmpp:sm:2' }),
    );
    expect(endpoint.state).toEqual(before);
  });
});
