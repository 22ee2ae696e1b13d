/** A whole running session: the core with its adapter, clock, timers and store, and a stream that takes what is written. */
import { promisify } from 'node:util';
import { createSessions } from '../../../src/session/server-sessions.js';
import { systemClock } from '../../../src/session/timers.js';
import { createMemoryStore } from '../../../src/stores/memory.js';
import { Element } from '../../../src/xml.js';
import type { Session } from './contestant.js';
import { LIMITLESS } from './smacks.js';
import { STANZAS } from './stanzas.js';

/** The store has answered by then. */
const turn = promisify(setImmediate);

const NS = 'urn:xmpp:sm:3';
const MESSAGE = new Element('message', { xmlns: 'jabber:client', type: 'chat' });

export const open = async (): Promise<Session> => {
  let received = 0;
  let written = 0;
  let acknowledged = 0;
  const sessions = createSessions({
    policy: LIMITLESS,
    store: createMemoryStore(),
    clock: systemClock,
    onStanza: () => {
      received += 1;
    },
    onReport: (_session, report) => {
      if (report.type !== 'acknowledged') return;
      for (const entry of report.stanzas) if (entry.xml.length > 0) acknowledged += 1;
    },
  });
  const session = sessions.accept();
  const link = session.attach({
    write: (_xml, nonza) => {
      if (nonza === undefined) written += 1;
    },
    close: nothing,
    destroy: nothing,
    pause: nothing,
    resume: nothing,
  });
  session.authenticated('romeo@example.net');
  session.bound();
  link.receive(new Element('enable', { xmlns: NS, resume: 'true' }));
  await turn();
  return {
    receive(count) {
      for (let i = 0; i < count; i++) link.receive(MESSAGE);
    },
    send(count) {
      for (let i = 0; i < count; i++) {
        session.send({ xml: STANZAS[i & 255] ?? '', kind: 'message', type: 'chat' });
      }
    },
    acknowledge(count) {
      link.receive(new Element('a', { xmlns: NS, h: `${acknowledged + count}` }));
    },
    get tally() {
      return { received, queued: written - acknowledged, acknowledged };
    },
  };
};

const nothing = (): void => undefined;
