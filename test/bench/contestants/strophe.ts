/** Strophe 5's engine with nothing to store its state in: the counters and the queue, no more. It tells nobody what was acknowledged. */
import { StreamManagement } from 'strophe.js';
import type { Session } from './contestant.js';
import { STANZAS } from './stanzas.js';

export const open = (): Session => drive(engine());

export const engine = (): StreamManagement => {
  const made = new StreamManagement(() => undefined);
  made.sendEnable('juliet@example.net/balcony');
  made.onInbound({ name: 'enabled', attrs: { id: 'id-1', resume: 'true' }, serialized: '' });
  return made;
};

/** As Strophe's connection drives it: a view is made of what goes out, only the name looked at of what comes in. */
export const drive = (driven: StreamManagement): Session => {
  let sent = 0;
  return {
    receive(count) {
      for (let i = 0; i < count; i++) driven.onInboundStanza('message');
    },
    send(count) {
      sent += count;
      for (let i = 0; i < count; i++) {
        driven.trackOutbound({ name: 'message', attrs: { type: 'chat' }, serialized: STANZAS[i & 255] ?? '' });
      }
    },
    acknowledge(count) {
      const h = driven.state.hOutAcked + count;
      driven.onInbound({ name: 'a', attrs: { h: `${h}` }, serialized: '' });
    },
    get tally() {
      const { hIn, unacked } = driven.state;
      return { received: hIn, queued: unacked.length, acknowledged: sent - unacked.length };
    },
  };
};
