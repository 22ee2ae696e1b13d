import { describe, expect, it } from 'vitest';
import { policy, type Role, step, TIMER_NAMES, type TimerName } from '../../src/index.js';
import { type Endpoint, enabledEndpoint } from '../support/endpoint.js';

/** What sets each timer. */
const running: Readonly<Record<TimerName, (endpoint: Endpoint) => unknown>> = {
  ackIdle: (endpoint) => endpoint.send(),
  ackWait: (endpoint) => endpoint.tell({ type: 'app.requestAck' }),
  overflowGrace: (endpoint) => [endpoint.send(), endpoint.send()],
  resumption: (endpoint) => endpoint.cut(),
};

for (const role of ['client', 'server'] as const satisfies Role[]) {
  const enabled = () => enabledEndpoint(role, policy({ maxQueueStanzas: 2, maxUnackedStanzas: 9 }));

  describe(`a late event of a ${role} (design law 6)`, () => {
    for (const timer of TIMER_NAMES) {
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

    it('changes nothing when it opens a link that is open already, or has the epoch 0', () => {
      const { state } = enabled();
      for (const epoch of [0, state.session.link.epoch]) {
        expect(step(state, { type: 'link.opened', at: 0, epoch })).toEqual([state, []]);
      }
    });
  });
}
