import { describe, expect, it } from 'vitest';
import { open, policy, SM_3, uint32 } from '../../src/index.js';
import { type Endpoint, enabledEndpoint, endpointOf, reportsIn, SM_ID } from '../support/endpoint.js';

const OWNER = 'user@example.net';

/** A client on its way back, with one stanza unacknowledged, at the moment its time is over. */
const lateClient = (stage: 'unlinked' | 'unauthenticated' | 'authenticated' | 'resuming'): Endpoint => {
  const endpoint = enabledEndpoint('client', policy({ hibernationTime: 300 }));
  endpoint.send('a');
  endpoint.cut();
  if (stage !== 'unlinked') endpoint.tell({ type: 'link.opened', epoch: 2 });
  if (stage === 'authenticated' || stage === 'resuming') endpoint.tell({ type: 'app.authenticated', owner: OWNER });
  if (stage === 'resuming') endpoint.tell({ type: 'app.resume' });
  endpoint.wait(300_000);
  return endpoint;
};

describe('a client whose time for resumption is over (A-13)', () => {
  it('ends without a link', () => {
    const effects = lateClient('unlinked').tell({ type: 'timer.resumption' });
    expect(reportsIn(effects, 'returned')).toMatchObject([{ reason: 'expired', stanzas: [{ key: 'a' }] }]);
    expect(effects.filter(({ type }) => type === 'link.close')).toEqual([]);
  });

  for (const stage of ['unauthenticated', 'authenticated'] as const) {
    it(`closes the link on which it was ${stage}, because the application has no more use for it`, () => {
      const effects = lateClient(stage).tell({ type: 'timer.resumption' });
      expect(effects).toContainEqual({ type: 'link.close', epoch: 2, graceful: true });
      expect(reportsIn(effects, 'expired')).toHaveLength(1);
    });
  }

  it('waits for the answer to a <resume/> that it has sent', () => {
    const endpoint = lateClient('resuming');
    expect(endpoint.tell({ type: 'timer.resumption' })).toEqual([]);
    endpoint.peer({ type: 'peer.resumed', previd: SM_ID, h: uint32(1) });
    expect(endpoint.state.configuration).toMatch(/^enabled/);
  });

  const ends: Readonly<Record<string, (endpoint: Endpoint) => Parameters<Endpoint['tell']>[0]>> = {
    'the link is lost': ({ session }) => ({ type: 'link.lost', epoch: session.link.epoch }),
    'the server closes the stream': ({ session }) => ({ type: 'peer.closed', epoch: session.link.epoch }),
    'the server sends a stream error': ({ session }) => ({
      type: 'peer.error',
      epoch: session.link.epoch,
      condition: 'reset',
    }),
    'the server breaks the protocol': ({ session }) => ({
      type: 'peer.violation',
      epoch: session.link.epoch,
      violation: { kind: 'peerViolation', condition: 'not-well-formed', text: '' },
    }),
  };
  for (const [what, event] of Object.entries(ends)) {
    it(`ends when ${what} instead of an answer to <resume/>, because no timer would end it later (design law 7)`, () => {
      const endpoint = lateClient('resuming');
      endpoint.tell({ type: 'timer.resumption' });
      const effects = endpoint.tell(event(endpoint));
      expect(endpoint.state.configuration).toBe('ended.expired');
      expect(reportsIn(effects, 'returned')).toMatchObject([{ reason: 'expired', stanzas: [{ key: 'a' }] }]);
    });
  }
});

describe('a server session that is claimed while it claims a session itself', () => {
  it('answers conflict, because the session is not lost but busy (R-11)', () => {
    const fresh = endpointOf(open('server', policy()));
    fresh.tell({ type: 'app.authenticated', owner: OWNER });
    fresh.peer({ type: 'peer.resume', xmlns: SM_3, previd: SM_ID, h: uint32(0) });
    expect(fresh.tell({ type: 'store.wanted', h: uint32(0) })).toEqual([
      { type: 'store.surrender', answer: { type: 'conflict' } },
    ]);
    expect(fresh.state.configuration).toBe('claiming');
  });
});
