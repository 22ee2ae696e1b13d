/** The same chart, run by an actor of xstate. */
import { createActor } from 'xstate';
import { plus, ZERO } from '../../../src/core/uint32.js';
import { open as openState } from '../../../src/index.js';
import { serverMachine } from '../../../src/machines.js';
import type { Session } from './contestant.js';
import { createWitness, ENABLING, LIMITLESS } from './smacks.js';
import { STANZAS, START } from './stanzas.js';

export const open = (): Session => {
  const { session, policy } = openState('server', LIMITLESS);
  const actor = createActor(serverMachine, { input: { session, policy } });
  const told = createWitness();
  let at = START;
  actor.on('*', (effect) => told.witness([effect]));
  actor.start();
  for (const event of ENABLING) actor.send(event);
  return {
    receive(count) {
      for (let i = 0; i < count; i++) actor.send({ type: 'peer.stanza', at: ++at, epoch: 1 });
    },
    send(count) {
      for (let i = 0; i < count; i++) {
        const stanza = STANZAS[i & 255] ?? '';
        actor.send({ type: 'app.send', at: ++at, stanza: { xml: stanza, kind: 'message', type: 'chat' } });
      }
    },
    acknowledge(count) {
      actor.send({ type: 'peer.a', at: ++at, epoch: 1, h: plus(ZERO, told.tally.acknowledged + count) });
    },
    tally: told.tally,
  };
};
