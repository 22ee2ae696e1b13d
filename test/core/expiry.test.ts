import { describe, expect, it } from 'vitest';
import { hasTag, open, policy, SM_3, uint32 } from '../../src/index.js';
import {
  acknowledgedIn,
  countsWritten,
  type Endpoint,
  enabledEndpoint,
  endpointOf,
  replayedIn,
  reportsIn,
  SM_ID,
} from '../support/endpoint.js';

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

describe('a client whose time for resumption is over (A-13, R-15, design law 10)', () => {
  for (const stage of ['unlinked', 'unauthenticated', 'authenticated', 'resuming'] as const) {
    it(`reports it once and keeps its stanzas: ${stage}`, () => {
      const endpoint = lateClient(stage);
      const { configuration } = endpoint.state;
      expect(endpoint.tell({ type: 'timer.resumption' })).toEqual([{ type: 'report', report: { type: 'overdue' } }]);
      expect(endpoint.state.configuration).toBe(configuration);
      expect(endpoint.session).toMatchObject({ unacked: { length: 1 }, timers: { resumption: null } });
      expect(endpoint.tell({ type: 'timer.resumption' })).toEqual([]);
    });
  }

  it('still asks at the next login, and goes on when the server has the session', () => {
    const endpoint = lateClient('unlinked');
    endpoint.tell({ type: 'timer.resumption' });
    const effects = endpoint.resume(uint32(0));
    expect(countsWritten(effects)).toEqual([0]);
    expect(replayedIn(effects)).toEqual(['a']);
    expect(hasTag(endpoint.state, 'enabled')).toBe(true);
  });

  it('learns from the h of <failed/> that a stanza arrived, and returns the others (R-15)', () => {
    const endpoint = enabledEndpoint('client', policy({ initialCount: uint32(2 ** 32 - 1) }));
    for (const key of ['a', 'b']) endpoint.send(key);
    endpoint.cut();
    endpoint.wait(300_000);
    endpoint.tell({ type: 'timer.resumption' });
    endpoint.tell({ type: 'link.opened', epoch: 2 });
    endpoint.tell({ type: 'app.authenticated', owner: OWNER });
    endpoint.tell({ type: 'app.resume' });
    const effects = endpoint.peer({ type: 'peer.failed', condition: 'item-not-found', h: uint32(0) });
    expect(acknowledgedIn(effects)).toEqual(['a']);
    expect(reportsIn(effects, 'returned')).toMatchObject([{ reason: 'resumptionFailed', stanzas: [{ key: 'b' }] }]);
    expect(reportsIn(effects, 'resumptionFailed')).toMatchObject([{ condition: 'item-not-found', h: 0 }]);
  });

  it('asks again when the connection breaks before the answer, because no server has answered', () => {
    const endpoint = lateClient('resuming');
    endpoint.tell({ type: 'timer.resumption' });
    expect(reportsIn(endpoint.cut(), 'returned')).toEqual([]);
    expect(replayedIn(endpoint.resume(uint32(0)))).toEqual(['a']);
  });

  it('gives its stanzas up when the application closes it', () => {
    const endpoint = lateClient('unlinked');
    endpoint.tell({ type: 'timer.resumption' });
    const effects = endpoint.tell({ type: 'app.close' });
    expect(reportsIn(effects, 'returned')).toMatchObject([{ reason: 'closed', stanzas: [{ key: 'a' }] }]);
    expect(hasTag(endpoint.state, 'over')).toBe(true);
  });
});

describe('a server session whose claim is followed by a claim of another link', () => {
  const claiming = () => {
    const fresh = endpointOf(open('server', policy()));
    fresh.tell({ type: 'app.authenticated', owner: OWNER });
    fresh.peer({ type: 'peer.resume', xmlns: SM_3, previd: SM_ID, h: uint32(0) });
    fresh.send('a');
    return fresh;
  };

  it('ends its stream with conflict, and gives back what it held for the session (R-11, A-12)', () => {
    const fresh = claiming();
    const effects = fresh.tell({ type: 'store.taken' });
    expect(effects).toContainEqual(expect.objectContaining({ type: 'stream.error' }));
    expect(reportsIn(effects, 'returned')).toMatchObject([{ reason: 'lost', stanzas: [{ key: 'a', written: false }] }]);
    expect(fresh.state.configuration).toBe('ended.superseded');
  });

  it('is over when its stream ended before', () => {
    const fresh = claiming();
    fresh.cut();
    expect(reportsIn(fresh.tell({ type: 'store.taken' }), 'ended')).toHaveLength(1);
    expect(fresh.state.configuration).toBe('ended.superseded');
  });
});
