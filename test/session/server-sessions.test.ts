import { describe, expect, expectTypeOf, it } from 'vitest';
import type { Report, TraceLine } from '../../src/index.js';
import type { SessionStore } from '../../src/ports/index.js';
import { type ClientSession, createSession } from '../../src/session/client-session.js';
import type { ServerSession } from '../../src/session/server-session.js';
import { createSessions, type SessionsOptions } from '../../src/session/server-sessions.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import {
  element,
  enabledServer,
  INCOMING,
  message,
  ROMEO,
  recordingStream,
  storeAnswers,
} from '../support/session-wire.js';

interface Connection {
  jid?: string;
}

const server = (changes: Partial<SessionsOptions<Connection>> = {}) => {
  const heard: [ServerSession<Connection>, Report['type']][] = [];
  const taken: [ServerSession<Connection>, number | null][] = [];
  const store = createMemoryStore();
  const sessions = createSessions<Connection>({
    store,
    clock: createVirtualClock(),
    onStanza: (session, _stanza, position) => taken.push([session, position]),
    onReport: (session, report) => heard.push([session, report.type]),
    ...changes,
  });
  return { sessions, heard, taken, store };
};

describe('the sessions of a server', () => {
  it('share the handlers, which get the session of each stanza and each report', async () => {
    const { sessions, heard, taken } = server();
    const [one, other] = [sessions.accept({}), sessions.accept({})];
    const { link } = await enabledServer(one);
    await enabledServer(other);
    link.receive(element(INCOMING));
    expect(heard).toEqual([
      [one, 'enabled'],
      [other, 'enabled'],
    ]);
    expect(taken).toEqual([[one, 1]]);
  });

  it('have no own functions: a session contains only its state, its data and a reference to the shared parts', async () => {
    const { sessions } = server();
    const session = sessions.accept({});
    await enabledServer(session);
    const own = Object.values(Object.getOwnPropertyDescriptors(session)).map(({ value }) => value);
    expect(own.filter((value) => typeof value === 'function')).toEqual([]);
  });

  it('contain the data of the embedder, who may change it', () => {
    const { sessions } = server();
    const session = sessions.accept({});
    session.data.jid = `${ROMEO}/a`;
    expect(session.data).toEqual({ jid: `${ROMEO}/a` });
    session.data = {};
    expect(session.data).toEqual({});
  });

  it('call a handler as a method of its object', () => {
    class Router implements SessionsOptions {
      readonly policy = { resume: false };
      readonly heard: string[] = [];
      onStanza(): void {}
      onReport(_session: ServerSession<undefined>, { type }: Report): void {
        this.heard.push(type);
      }
    }
    const router = new Router();
    createSessions(router).accept().close();
    expect(router.heard).toEqual(['ended']);
  });

  it('move to the connection that resumes, through the store (R-4, R-6, R-11)', async () => {
    const { sessions, heard } = server();
    const former = sessions.accept({ jid: 'former' });
    await enabledServer(former);
    former.send(message('1'));
    const next = sessions.accept({ jid: 'next' });
    const stream = recordingStream();
    const link = next.attach(stream);
    next.authenticated(ROMEO);
    link.receive(element(`<resume xmlns='urn:xmpp:sm:3' previd='${former.smId}' h='0'/>`));
    await storeAnswers();
    expect(stream.written).toContain("<message id='1'/>");
    expect([former.status, next.status]).toEqual(['superseded', 'enabled']);
    expect(next.data).toEqual({ jid: 'next' });
    expect(heard).toContainEqual([next, 'resumed']);
  });

  it('are traced separately, each line with its session', () => {
    const lines: [ServerSession<Connection>, TraceLine['to']][] = [];
    const { sessions } = server({ onTrace: (session, { to }) => lines.push([session, to]) });
    const [one, other] = [sessions.accept({}), sessions.accept({})];
    one.authenticated(ROMEO);
    other.close();
    expect(lines.map(([session]) => session)).toEqual([one, other]);
  });

  it('drop the acts that wait for the store when the connection is lost (design law 6)', async () => {
    const memory = createMemoryStore();
    let answer = (): void => {};
    const store: SessionStore = {
      ...memory,
      save: async (...told) => {
        await new Promise<void>((resolve) => (answer = resolve));
        return memory.save(...told);
      },
    };
    const { sessions, taken } = server({ store });
    const session = sessions.accept({});
    const stream = recordingStream();
    const link = session.attach(stream);
    session.authenticated(ROMEO);
    session.bound();
    link.receive(element("<enable xmlns='urn:xmpp:sm:3' resume='true'/>"));
    expect(stream.written).toEqual(['paused']);
    let acts = 0;
    link.inOrder(() => (acts += 1));
    link.receive(element(INCOMING));
    link.lost();
    answer();
    await storeAnswers();
    expect([acts, taken]).toEqual([0, []]);
  });

  it('carry out in wire order the acts that waited for the store (A-2)', async () => {
    const { sessions, taken } = server();
    const session = sessions.accept({});
    const link = session.attach(recordingStream());
    const order: string[] = [];
    session.authenticated(ROMEO);
    session.bound();
    link.receive(element("<enable xmlns='urn:xmpp:sm:3' resume='true'/>"));
    link.receive(element(INCOMING));
    link.inOrder(() => order.push(`behind ${taken.length}`));
    expect(order).toEqual([]);
    await storeAnswers();
    expect([order, taken]).toEqual([['behind 1'], [[session, 1]]]);
  });
});

describe('the types of the data', () => {
  it('are the types that the embedder names; without a type, `accept` takes no data', () => {
    const { sessions } = server();
    expectTypeOf(sessions.accept).parameters.toEqualTypeOf<[data: Connection]>();
    expectTypeOf(sessions.accept({}).data).toEqualTypeOf<Connection>();
    const handlers = { onStanza() {}, onReport() {} };
    const plain = createSessions({ policy: { resume: false }, ...handlers });
    expectTypeOf(plain.accept).parameters.toEqualTypeOf<[data?: undefined]>();
    expectTypeOf(createSession({ ...handlers, data: 7 })).toEqualTypeOf<ClientSession<number>>();
    expectTypeOf(createSession(handlers)).toEqualTypeOf<ClientSession<undefined>>();
    expectTypeOf<ServerSession<Connection>>().toExtend<ServerSession>();
    expect(createSession({ ...handlers, data: 7 }).data).toBe(7);
  });
});
