import { describe, expect, it } from 'vitest';
import { open, policy, type Role, SM_3, step, type TimerName } from '../../src/index.js';
import { type Endpoint, enabledEndpoint, endpointOf, reportsIn } from '../support/endpoint.js';

/** What sets each timer. */
const running: Readonly<Record<Exclude<TimerName, 'storeWait'>, (endpoint: Endpoint) => unknown>> = {
  ackIdle: (endpoint) => endpoint.send(),
  ackWait: (endpoint) => endpoint.tell({ type: 'app.requestAck' }),
  overflowGrace: (endpoint) => [endpoint.send(), endpoint.send()],
  resumption: (endpoint) => endpoint.cut(),
};

for (const role of ['client', 'server'] as const satisfies Role[]) {
  const enabled = () => enabledEndpoint(role, policy({ maxQueueStanzas: 2, maxUnackedStanzas: 9 }));

  describe(`a late event of a ${role} (design law 6)`, () => {
    for (const timer of ['ackIdle', 'ackWait', 'overflowGrace', 'resumption'] as const) {
      it(`changes nothing when it is ${timer} before its deadline; at the deadline ${timer} counts`, () => {
        const endpoint = enabled();
        running[timer](endpoint);
        const { state } = endpoint;
        const deadline = state.session.timers[timer] ?? expect.fail('it does not run');
        expect(step(state, { type: `timer.${timer}`, at: deadline - 1 })).toEqual([state, []]);
        expect(step(state, { type: `timer.${timer}`, at: deadline })[0]).not.toEqual(state);
      });

      it(`changes nothing when it is ${timer}, and ${timer} does not run`, () => {
        const { state } = enabled();
        expect(step(state, { type: `timer.${timer}`, at: 10 ** 9 })).toEqual([state, []]);
      });
    }

    it('changes nothing when it comes from another link', () => {
      const { state } = enabled();
      expect(step(state, { type: 'link.lost', at: 0, epoch: 7 })).toEqual([state, []]);
      expect(step(state, { type: 'peer.r', at: 0, epoch: 7 })).toEqual([state, []]);
    });

    it('is a misuse when it opens a link that is open already, or has the epoch 0, and changes nothing', () => {
      const { state } = enabled();
      for (const epoch of [0, state.session.link.epoch, Number.NaN]) {
        const [after, effects] = step(state, { type: 'link.opened', at: 0, epoch });
        expect(after).toBe(state);
        expect(reportsIn(effects, 'misuse')).toMatchObject([{ failure: { event: 'link.opened' } }]);
      }
    });
  });
}

describe('a late answer of the store', () => {
  it('is what timer.storeWait looks for: not before the deadline, and then the request is refused (design law 7)', () => {
    const endpoint = endpointOf(open('server', policy({ storeTimeout: 7 })));
    endpoint.tell({ type: 'app.authenticated', owner: 'user@example.net' });
    endpoint.tell({ type: 'app.bound' });
    endpoint.peer({ type: 'peer.enable', xmlns: SM_3, resume: true });
    const { state } = endpoint;
    expect(state.session.timers.storeWait).toBe(7_000);
    expect(step(state, { type: 'timer.storeWait', at: 6_999 })).toEqual([state, []]);
    const [after, effects] = step(state, { type: 'timer.storeWait', at: 7_000 });
    expect(after.session.timers.storeWait).toBeNull();
    expect(effects).toContainEqual(
      expect.objectContaining({ type: 'write', nonza: { name: 'failed', condition: 'internal-server-error' } }),
    );
  });
});
