/** The `StreamManagement` of stanza 12: its client calls these methods and waits for what they promise. */

import stanzaManagement from 'stanza/helpers/StreamManagement.js';
import type { Message } from 'stanza/protocol/index.js';
import type { Session } from './contestant.js';
import { STANZAS } from './stanzas.js';

/** A module of the older kind: what it exports by default is a member here. */
const { default: StreamManagement } = stanzaManagement;

/** It keeps the objects that an application sends, and never prints them. */
const MESSAGES: readonly Message[] = STANZAS.map((body, index) => ({
  to: 'juliet@example.net/balcony',
  type: 'chat',
  id: `m${index}`,
  body,
}));

export const open = (): Session => {
  const sm = new StreamManagement();
  let last: Promise<unknown> = sm.track('sm', { type: 'enable' });
  last = sm.enabled({ type: 'enabled', id: 'id-1', resume: true });
  let acknowledged = 0;
  sm.on('acked', () => {
    acknowledged += 1;
  });
  return {
    receive(count) {
      for (let i = 0; i < count; i++) last = sm.handle();
    },
    send(count) {
      for (let i = 0; i < count; i++) last = sm.track('message', MESSAGES[i & 255] as Message);
    },
    acknowledge(count) {
      last = sm.process({ type: 'ack', handled: sm.lastAck + count });
    },
    settled: () => last,
    get tally() {
      return { received: sm.handled, queued: sm.unacked.length, acknowledged };
    },
  };
};
