/**
 * `@xmpp/stream-management`, as it comes with `@xmpp/client` 0.14. It registers a function for what comes in and one for what
 * goes out: these are called, without the chain of others around them. What it writes goes nowhere; its timers are real.
 */
import { xml } from '@xmpp/client';
import streamManagement from '@xmpp/stream-management';
import type { Element } from 'ltx';
import type { Session } from './contestant.js';
import { STANZAS } from './stanzas.js';

const NS = 'urn:xmpp:sm:3';

/** It keeps the elements that an application sends, and never prints them. */
const MESSAGES: readonly Element[] = STANZAS.map((body, index) =>
  xml('message', { to: 'juliet@example.net/balcony', type: 'chat', id: `m${index}` }, xml('body', {}, body)),
);

type Handle = (context: { stanza: Element }, next: () => Promise<void>) => Promise<void>;

export const open = (): Session => {
  let incoming: Handle = nobody;
  let outgoing: Handle = nobody;
  const sm = streamManagement({
    entity: { on: nobody, hook: nobody, send: nobody, disconnect: nobody },
    middleware: {
      use: (handle: Handle) => {
        incoming = handle;
      },
      filter: (handle: Handle) => {
        outgoing = handle;
      },
    },
  });
  let last: Promise<unknown> = outgoing({ stanza: xml('enable', { xmlns: NS }) }, nobody);
  sm.enabled = true;
  let acknowledged = 0;
  sm.on('ack', () => {
    acknowledged += 1;
  });
  return {
    receive(count) {
      for (let i = 0; i < count; i++) last = incoming({ stanza: MESSAGES[i & 255] as Element }, nobody);
    },
    send(count) {
      for (let i = 0; i < count; i++) last = outgoing({ stanza: MESSAGES[i & 255] as Element }, nobody);
    },
    acknowledge(count) {
      last = incoming({ stanza: xml('a', { xmlns: NS, h: sm.outbound + count }) }, nobody);
    },
    settled: () => last,
    get tally() {
      return { received: sm.inbound, queued: sm.outbound_q.length, acknowledged };
    },
  };
};

const nobody = (): Promise<void> => Promise.resolve();
