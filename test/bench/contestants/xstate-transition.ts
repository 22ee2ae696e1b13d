/** The same chart, stepped by xstate's pure `transition`. */
import { initialTransition, transition } from 'xstate';
import { plus, ZERO } from '../../../src/core/uint32.js';
import { type Effect, open as openState, type SmEvent } from '../../../src/index.js';
import { serverMachine } from '../../../src/machines.js';
import type { Session } from './contestant.js';
import { createWitness, ENABLING, LIMITLESS } from './smacks.js';
import { STANZAS, START } from './stanzas.js';

export const open = (): Session => {
  const { session, policy } = openState('server', LIMITLESS);
  let [snapshot] = initialTransition(serverMachine, { session, policy });
  let at = START;
  const told = createWitness();
  const step = (event: SmEvent): void => {
    const [next, actions] = transition(serverMachine, snapshot, event);
    snapshot = next;
    told.witness(actions.flatMap(emitted));
  };
  for (const event of ENABLING) step(event);
  return {
    receive(count) {
      for (let i = 0; i < count; i++) step({ type: 'peer.stanza', at: ++at, epoch: 1 });
    },
    send(count) {
      for (let i = 0; i < count; i++) {
        step({ type: 'app.send', at: ++at, stanza: { xml: STANZAS[i & 255] ?? '', kind: 'message', type: 'chat' } });
      }
    },
    acknowledge: (count) =>
      step({ type: 'peer.a', at: ++at, epoch: 1, h: plus(ZERO, told.tally.acknowledged + count) }),
    tally: told.tally,
  };
};

const emitted = (action: { readonly type: string; readonly params?: unknown }): readonly Effect[] =>
  action.type === 'xstate.emit' ? [(action.params as { readonly event: Effect }).event] : [];
