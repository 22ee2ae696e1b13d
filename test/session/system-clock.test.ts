/** Setting the clock of the system changes no deadline (design law 3, fault H6). */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IdleProbe } from '../../src/drop-ins/xmppjs/idle-probe.js';
import { type PolicyChanges, type Report, SM_3, toRecord } from '../../src/index.js';
import { createSessions, type Stream, systemClock } from '../../src/server.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { parseElement } from '../../src/xml.js';

const HOUR = 3_600_000;

/** The sessions of a server on the clock of the system, and the seconds after which each session reported something. */
const startServer = (policy: PolicyChanges) => {
  const heard: { readonly session: number; readonly type: Report['type']; readonly after: number }[] = [];
  const start = performance.now();
  const sessions = createSessions<number>({
    policy: { ackIdle: 0.1, ...policy },
    store: createMemoryStore(),
    // A clock of its own, so that the timers of other tests do not count.
    clock: { ...systemClock },
    onStanza() {},
    onReport: (session, { type }) =>
      heard.push({ session: session.data, type, after: (performance.now() - start) / 1000 }),
  });
  const stream: Stream = { write() {}, close() {}, destroy() {} };
  return {
    sessions,
    async open(name: number) {
      const session = sessions.accept(name);
      const link = session.attach(stream);
      session.authenticated('romeo@localhost');
      session.bound();
      const enable = parseElement(`<enable xmlns='${SM_3}' resume='true'/>`);
      if (enable._tag === 'Right') link.receive(enable.right);
      await vi.advanceTimersByTimeAsync(0);
      return { session, link };
    },
    ends: () => heard.filter(({ type }) => type === 'ended').map(({ session, after }) => [session, Math.round(after)]),
    after: (wanted: Report['type']) =>
      heard.filter(({ type }) => type === wanted).map(({ after }) => Math.round(after)),
  };
};

const seconds = (count: number): Promise<unknown> => vi.advanceTimersByTimeAsync(count * 1000);

describe.each([
  ['back', -HOUR],
  ['forward', HOUR],
])('when the clock of the system is set %s by an hour', (_way, change) => {
  const setClock = (): void => void vi.setSystemTime(Date.now() + change);

  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('the clock of the process goes on without a jump', () => {
    const before = systemClock.now();
    setClock();
    expect(systemClock.now() - before).toBe(0);
    vi.advanceTimersByTime(1234);
    expect(systemClock.now() - before).toBe(1234);
  });

  it('sessions that hibernate end in their time, those of before and those of after', async () => {
    const server = startServer({ hibernationTime: 3 });
    for (const name of [1, 2]) {
      (await server.open(name)).link.lost();
      await seconds(1);
    }
    setClock();
    (await server.open(3)).link.lost();
    await seconds(10);
    expect(server.ends()).toEqual([
      [1, 3],
      [2, 4],
      [3, 5],
    ]);
  });

  it('a missing answer to <r/> is reported in time, and the link is dead in time', async () => {
    const server = startServer({ maxAckDelay: 3, deadAfter: 6, maxUnackedStanzas: 0 });
    const { session } = await server.open(1);
    session.send({ xml: '<message/>', kind: 'message', type: '' });
    setClock();
    await seconds(10);
    expect(server.after('ackDelayed')).toEqual([3]);
    expect(server.after('hibernationStart')).toEqual([6]);
  });

  it('a session that was restored ends in its time', async () => {
    const server = startServer({ hibernationTime: 3 });
    const { session, link } = await server.open(1);
    link.lost();
    const record = JSON.parse(JSON.stringify(toRecord(session.state)));
    const restored = startServer({ hibernationTime: 3 });
    setClock();
    expect(restored.sessions.restore(record, 2)._tag).toBe('Right');
    await seconds(10);
    expect(restored.ends()).toEqual([[2, 3]]);
  });

  it('the idle probe of the drop-in asks in time', async () => {
    const asked: number[] = [];
    const start = performance.now();
    const idle = new IdleProbe(systemClock, 3, () => asked.push(Math.round((performance.now() - start) / 1000)));
    idle.start();
    await seconds(1);
    setClock();
    await seconds(6);
    idle.stop();
    expect(asked).toEqual([3, 6]);
  });
});
