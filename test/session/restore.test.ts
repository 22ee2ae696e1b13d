import { describe, expect, it } from 'vitest';
import { isLeft, isRight, type Report, toRecord } from '../../src/index.js';
import { createSession, restoreSession } from '../../src/session/client-session.js';
import { createSessions } from '../../src/session/server-sessions.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import {
  element,
  enabledClient,
  enabledServer,
  message,
  ROMEO,
  recordingStream,
  storeAnswers,
} from '../support/session-wire.js';

const handlers = { onStanza() {}, onReport() {} };

/** As storage gives it back. */
const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const clientRecord = (): unknown => {
  const session = createSession({ clock: createVirtualClock(), ...handlers });
  enabledClient(session);
  session.send(message('1'));
  return stored(toRecord(session.state));
};

const serverRecord = async (): Promise<unknown> => {
  const sessions = createSessions({ store: createMemoryStore(), clock: createVirtualClock(), ...handlers });
  const session = sessions.accept();
  const { link } = await enabledServer(session);
  link.lost();
  session.send(message('1'));
  return stored(toRecord(session.state));
};

describe('a client that comes back from a record', () => {
  it('hibernates with its queue, and resumes on a new connection (R-3, R-17)', () => {
    const restored = restoreSession(clientRecord(), { clock: createVirtualClock(), data: 'mine', ...handlers });
    if (isLeft(restored)) throw new Error(restored.left.reason);
    const session = restored.right;
    expect([session.status, session.data, session.counters.unacked]).toEqual(['hibernating', 'mine', 1]);
    const stream = recordingStream();
    const link = session.attach(stream);
    session.authenticated(ROMEO);
    session.resume();
    link.receive(element("<resumed xmlns='urn:xmpp:sm:3' previd='secret-id' h='0'/>"));
    expect(stream.written).toContain("<message id='1'/>");
  });

  it('carries out its due timers: it is overdue when its time is over, and still asks (design law 10)', () => {
    const clock = createVirtualClock();
    const reports: Report['type'][] = [];
    const restored = restoreSession(clientRecord(), {
      clock,
      onStanza() {},
      onReport: ({ type }) => reports.push(type),
    });
    expect(isRight(restored)).toBe(true);
    clock.advanceTo(clock.now() + 61_000);
    expect(reports).toEqual(expect.arrayContaining(['overdue']));
    expect(reports).not.toContain('returned');
  });

  it('is refused when the record is that of a server, or not a record', async () => {
    for (const record of [await serverRecord(), null, {}, 'text'])
      expect(restoreSession(record, handlers)).toMatchObject({ _tag: 'Left', left: { kind: 'storeFault' } });
  });
});

describe('a session of a server that comes back from a record', () => {
  it('is in the store, where the client finds it (R-4)', async () => {
    const store = createMemoryStore();
    const sessions = createSessions<string>({ store, clock: createVirtualClock(), ...handlers });
    const restored = sessions.restore(await serverRecord(), 'mine');
    if (isLeft(restored)) throw new Error(restored.left.reason);
    const { smId, status, data } = restored.right;
    await storeAnswers();
    expect([status, data, store.size.hibernating]).toEqual(['hibernating', 'mine', 1]);
    const session = sessions.accept('other');
    const stream = recordingStream();
    const link = session.attach(stream);
    session.authenticated(ROMEO);
    link.receive(element(`<resume xmlns='urn:xmpp:sm:3' previd='${smId}' h='0'/>`));
    await storeAnswers();
    expect(stream.written).toContain("<message id='1'/>");
  });

  it('counts against the limit of its owner, recorded with or without its connection (M-7)', async () => {
    const store = createMemoryStore({ maxHibernatedSessions: 1 });
    const evicted: string[] = [];
    const sessions = createSessions<string>({
      store,
      clock: createVirtualClock(),
      onStanza() {},
      onReport: ({ data }, { type }) => type === 'evicted' && evicted.push(data),
    });
    const connected = createSessions({ store: createMemoryStore(), clock: createVirtualClock(), ...handlers }).accept();
    await enabledServer(connected);
    sessions.restore(stored(toRecord(connected.state)), 'connected');
    await storeAnswers();
    sessions.restore(await serverRecord(), 'hibernating');
    await storeAnswers();
    expect([evicted, store.size.hibernating]).toEqual([['connected'], 1]);
  });

  it('expires when its time is over, and its h stays readable (M-1, R-8)', async () => {
    const clock = createVirtualClock();
    const store = createMemoryStore();
    const reports: Report['type'][] = [];
    const sessions = createSessions({
      store,
      clock,
      onStanza() {},
      onReport: (_session, { type }) => reports.push(type),
    });
    sessions.restore(await serverRecord());
    await storeAnswers();
    clock.advanceTo(clock.now() + 301_000);
    await storeAnswers();
    expect(reports).toEqual(expect.arrayContaining(['expired', 'returned', 'ended']));
    expect(store.size).toEqual({ live: 0, hibernating: 0, remembered: 1 });
  });

  it('is refused when the record is that of a client, or not a record', () => {
    const sessions = createSessions({ store: createMemoryStore(), ...handlers });
    for (const record of [clientRecord(), null, {}, 'text'])
      expect(sessions.restore(record)).toMatchObject({ _tag: 'Left', left: { kind: 'storeFault' } });
  });
});
