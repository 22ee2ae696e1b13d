import { describe, expect, it } from 'vitest';
import { hasEnded, open, policy, SM_3, uint32 } from '../../src/index.js';
import { acknowledgedIn, enabledEndpoint, endpointOf, reportsIn } from '../support/endpoint.js';

const OWNER = 'user@example.net';

describe('a server that grants a session', () => {
  for (const [wish, limit, granted] of [
    [60, 300, 60],
    [900, 300, 300],
    [undefined, 300, 300],
  ] as const) {
    it(`grants ${granted} s when ${wish ?? 'nothing'} is wished for and ${limit} s is the limit (E-6)`, () => {
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

describe('a client on its way back', () => {
  const resuming = () => {
    const endpoint = enabledEndpoint('client', policy());
    for (const key of ['a', 'b']) endpoint.send(key);
    endpoint.peer({ type: 'peer.a', h: uint32(1) });
    endpoint.cut();
    endpoint.tell({ type: 'link.opened', epoch: 2 });
    endpoint.tell({ type: 'app.authenticated', owner: OWNER });
    endpoint.tell({ type: 'app.resume' });
    return endpoint;
  };

  it('takes no other session for its own (R-5, client class N)', () => {
    const endpoint = resuming();
    const effects = endpoint.peer({ type: 'peer.resumed', previd: 'another', h: uint32(2) });
    expect(acknowledgedIn(effects)).toEqual([]);
    expect(reportsIn(effects, 'returned')).toMatchObject([{ stanzas: [{ key: 'b' }] }]);
    expect(hasEnded(endpoint.state)).toBe(true);
  });

  it('takes no h from before its new session for one of it, after the old one was refused (A-1, A-8, server class 7)', () => {
    const endpoint = resuming();
    endpoint.peer({ type: 'peer.failed', condition: 'item-not-found' });
    endpoint.tell({ type: 'app.bound' });
    endpoint.tell({ type: 'app.enable' });
    endpoint.peer({ type: 'peer.enabled', resume: true, id: 'id-2' });
    endpoint.peer({ type: 'peer.a', h: uint32(2 ** 32 - 1) });
    expect(hasEnded(endpoint.state)).toBe(true);
  });
});

describe('a server that refuses an element of another version of the protocol', () => {
  it('answers in that version, and leaves the running session as it was (design law 2, X-2)', () => {
    const endpoint = enabledEndpoint('server', policy());
    const before = endpoint.state;
    const refusal = { kind: 'refusal', condition: 'unexpected-request' } as const;
    expect(endpoint.peer({ type: 'peer.malformed', xmlns: 'urn:xmpp:sm:2', refusal })).toContainEqual(
      expect.objectContaining({ type: 'write', xmlns: 'urn:xmpp:sm:2' }),
    );
    expect(endpoint.state).toEqual(before);
  });
});
