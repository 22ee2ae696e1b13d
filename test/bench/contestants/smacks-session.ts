/** A whole running session: the core with its adapter, clock, timers and store, and a stream that takes what is written. */
import { promisify } from 'node:util';
import { open as openState } from '../../../src/index.js';
import { run } from '../../../src/session/session.js';
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
  const session = run({
    state: openState('server', LIMITLESS),
    store: createMemoryStore(),
    clock: systemClock,
    deliver: () => {
      received += 1;
    },
    report: (report) => {
      if (report.type !== 'acknowledged') return;
      for (const entry of report.stanzas) if (entry.xml.length > 0) acknowledged += 1;
    },
  });
  const link = session.attach({
    write: (_xml, nonza) => {
      if (nonza === undefined) written += 1;
    },
    close: nothing,
    destroy: nothing,
    pause: nothing,
    resume: nothing,
  });
  session.tell({ type: 'app.authenticated', owner: 'romeo@example.net' });
  session.tell({ type: 'app.bound' });
  link.receive(new Element('enable', { xmlns: NS, resume: 'true' }));
  await turn();
  return {
    receive(count) {
      for (let i = 0; i < count; i++) link.receive(MESSAGE);
    },
    send(count) {
      for (let i = 0; i < count; i++) {
        session.tell({ type: 'app.send', stanza: { xml: STANZAS[i & 255] ?? '', kind: 'message', type: 'chat' } });
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
