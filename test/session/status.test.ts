import { describe, expect, it } from 'vitest';
import { createSession } from '../../src/session/client-session.js';
import { createSessions } from '../../src/session/server-sessions.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { ENABLED, element, ROMEO, recordingStream, storeAnswers } from '../support/session-wire.js';

const handlers = { onStanza() {}, onReport() {} };

describe('the status of a session', () => {
  it('of a client has one word for each phase', () => {
    const session = createSession({ clock: createVirtualClock(), ...handlers });
    const seen: string[] = [session.status];
    const step = (act: () => void): void => {
      act();
      seen.push(session.status);
    };
    let link = session.attach(recordingStream());
    step(() => session.authenticated(ROMEO));
    step(() => session.bound());
    step(() => session.enable());
    step(() => link.receive(element(ENABLED)));
    step(() => link.lost());
    link = session.attach(recordingStream());
    step(() => session.authenticated(ROMEO));
    step(() => session.resume());
    step(() => link.receive(element("<resumed xmlns='urn:xmpp:sm:3' previd='secret-id' h='0'/>")));
    step(() => session.close());
    expect(seen).toEqual([
      'negotiating',
      'negotiating',
      'negotiating',
      'enabling',
      'enabled',
      'hibernating',
      'hibernating',
      'resuming',
      'enabled',
      'ended',
    ]);
  });

  it('of a client is unmanaged when the server refuses stream management (E-11)', () => {
    const session = createSession({ clock: createVirtualClock(), ...handlers });
    const link = session.attach(recordingStream());
    session.authenticated(ROMEO);
    session.bound();
    session.enable();
    link.receive(element("<failed xmlns='urn:xmpp:sm:3'/>"));
    expect(session.status).toBe('unmanaged');
  });

  it('of a server has one word for each phase', async () => {
    const sessions = createSessions({ store: createMemoryStore(), clock: createVirtualClock(), ...handlers });
    const former = sessions.accept();
    const seen: string[] = [former.status];
    let link = former.attach(recordingStream());
    former.authenticated(ROMEO);
    former.bound();
    seen.push(former.status);
    link.receive(element("<enable xmlns='urn:xmpp:sm:3' resume='true'/>"));
    seen.push(former.status);
    await storeAnswers();
    seen.push(former.status);
    link.lost();
    seen.push(former.status);
    const next = sessions.accept();
    link = next.attach(recordingStream());
    next.authenticated(ROMEO);
    link.receive(element(`<resume xmlns='urn:xmpp:sm:3' previd='${former.smId}' h='0'/>`));
    seen.push(next.status);
    await storeAnswers();
    expect(seen).toEqual(['negotiating', 'negotiating', 'enabling', 'enabled', 'hibernating', 'resuming']);
    expect([former.status, next.status]).toEqual(['superseded', 'enabled']);
  });

  it('of a server is the same between servers as with a client (M-9)', async () => {
    const sessions = createSessions({
      store: createMemoryStore(),
      clock: createVirtualClock(),
      reading: { contentNamespace: 'jabber:server' },
      ...handlers,
    });
    const session = sessions.accept();
    const link = session.attach(recordingStream());
    session.verified('example.org');
    link.receive(element("<enable xmlns='urn:xmpp:sm:3' resume='true'/>"));
    expect(session.status).toBe('enabling');
    await storeAnswers();
    expect(session.status).toBe('enabled');
  });
});
