/** `step` alone: it is given the time, and its effects are looked at and counted. */
import { plus, ZERO } from '../../../src/core/uint32.js';
import { type Effect, open as openState, policy, type SmEvent, type State, step } from '../../../src/index.js';
import type { Session } from './contestant.js';
import { STANZAS, START } from './stanzas.js';

const DAY = 86_400;

/** The policy of a long run: the defaults, but for the limits that would end it. */
export const LIMITLESS = policy({ maxQueueStanzas: 1e9, maxQueueBytes: 1e12, maxAckDelay: DAY, deadAfter: DAY });

/** What brings a server's session up to where both directions count. */
export const ENABLING: readonly SmEvent[] = [
  { type: 'app.authenticated', at: START, owner: 'romeo@example.net' },
  { type: 'app.bound', at: START },
  { type: 'peer.enable', at: START, epoch: 1, xmlns: 'urn:xmpp:sm:3', resume: true },
  { type: 'store.saved', at: START, smId: 'bm8tc2VjcmV0LWhlcmUtMTIzNDU2Nzg5' },
];

export const open = (): Session => {
  let state: State = ENABLING.reduce((before, event) => step(before, event)[0], openState('server', LIMITLESS));
  let at = START;
  const told = createWitness();

  return {
    receive(count) {
      for (let i = 0; i < count; i++) {
        at += 1;
        const stepped = step(state, { type: 'peer.stanza', at, epoch: 1 });
        state = stepped[0];
        told.witness(stepped[1]);
      }
    },
    send(count) {
      for (let i = 0; i < count; i++) {
        at += 1;
        const stanza = STANZAS[i & 255] ?? '';
        const stepped = step(state, { type: 'app.send', at, stanza: { xml: stanza, kind: 'message', type: 'chat' } });
        state = stepped[0];
        told.witness(stepped[1]);
      }
    },
    acknowledge(count) {
      at += 1;
      const stepped = step(state, { type: 'peer.a', at, epoch: 1, h: plus(ZERO, told.tally.acknowledged + count) });
      state = stepped[0];
      told.witness(stepped[1]);
    },
    tally: told.tally,
  };
};

/** Carries effects out, as far as counting them is that: every stanza that is acknowledged is looked at, as a listener would. */
export const createWitness = () => {
  const tally = { received: 0, queued: 0, acknowledged: 0 };
  return {
    tally,
    witness(effects: readonly Effect[]): void {
      for (const effect of effects) {
        if (effect.type === 'deliver') tally.received += 1;
        else if (effect.type === 'transmit') tally.queued += 1;
        else if (effect.type === 'report' && effect.report.type === 'acknowledged') {
          for (const entry of effect.report.stanzas) if (entry.xml.length > 0) tally.acknowledged += 1;
          tally.queued -= effect.report.stanzas.length;
        }
      }
    },
  };
};
