/**
 * The reference host on a free port of the loopback interface, for one test; vitest.config.ts says over which transport. Its
 * time stands still unless the test brings a clock, so that nothing comes of how long a busy machine takes. Only a host that has
 * other servers has the machine's time: it waits a little before it tries again to reach one.
 */
import { expect, onTestFinished } from 'vitest';
import { createHost, type Host, type HostOptions } from '../../src/host/host.js';
import type { Report } from '../../src/index.js';
import { systemClock } from '../../src/session/timers.js';
import { createMemoryStore, type MemoryStore } from '../../src/stores/memory.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { connectRaw, connectRawWebSocket, PATIENCE, type RawClient } from './raw-client.js';

const websocket = process.env.TRANSPORT === 'websocket';

export const USERS = ['romeo', 'juliet', 'nurse'];

type Named<N extends Report['type']> = Extract<Report, { readonly type: N }>;

export interface TestHost {
  readonly host: Host;
  readonly port: number;
  readonly store: MemoryStore;
  /** Every report so far. */
  readonly events: readonly { readonly session: string; readonly report: Report }[];
  /** The reports of one name about one session (a full JID), so far. */
  of<N extends Report['type']>(name: N, session: string): Named<N>[];
  /** Waits until a session has reported this so many times. @returns the last of them */
  reported<N extends Report['type']>(name: N, session: string, times?: number): Promise<Named<N>>;
  connect(): Promise<RawClient>;
  /** Every client breaks its connection. */
  letGo(): void;
  /** Connects and logs in. */
  login(user: string): Promise<RawClient>;
  /** Connects, logs in and binds. */
  bound(user: string, resource: string): Promise<RawClient>;
  /** Connects, logs in, binds and enables. */
  enabled(user: string, resource: string, attributes?: string): Promise<RawClient & { readonly smId: string }>;
  /** Connects, logs in, and comes back to a session; the stream is behind `<resumed/>`. */
  resumed(user: string, smId: string, h: number): Promise<RawClient & { readonly h: number }>;
}

export const startHost = async (options: Partial<HostOptions> = {}): Promise<TestHost> => {
  const { maxHibernatedSessions, maxOldSessions, oldSessionLifetime } = options;
  const store = createMemoryStore({ maxHibernatedSessions, maxOldSessions, oldSessionLifetime });
  const events: { session: string; report: Report }[] = [];
  const waiting: (() => void)[] = [];
  const host = await createHost({
    accounts: USERS.map((user) => ({ user, password: `${user}-secret` })),
    // xmpp.js makes a promise for each of them.
    scramIterations: 64,
    store,
    clock: options.s2s === undefined ? createVirtualClock(Date.now()) : systemClock,
    ...options,
    onEvent(event) {
      events.push(event);
      options.onEvent?.(event);
      for (const wake of waiting.splice(0)) wake();
    },
  });
  const { port } = await host.listen({ host: '127.0.0.1', port: 0, websocket });
  const clients: RawClient[] = [];
  const letGo = (): void => {
    for (const client of clients) client.reset();
  };
  onTestFinished(async () => {
    letGo();
    await host.close();
  });

  const of = <N extends Report['type']>(name: N, session: string): Named<N>[] =>
    events.flatMap((event) => (event.session === session && isNamed(event.report, name) ? [event.report] : []));

  const connect = async (): Promise<RawClient> => {
    const client = await (websocket ? connectRawWebSocket(port) : connectRaw(port, false, options.domain));
    clients.push(client);
    return client;
  };
  const login = async (user: string): Promise<RawClient> => {
    const client = await connect();
    await client.login(user);
    return client;
  };
  const bound = async (user: string, resource: string): Promise<RawClient> => {
    const client = await login(user);
    await client.bind(resource);
    return client;
  };

  return {
    host,
    port,
    store,
    events,
    of,
    async reported(name, session, times = 1) {
      const deadline = Date.now() + PATIENCE;
      for (;;) {
        const found = of(name, session)[times - 1];
        if (found !== undefined) return found;
        const left = deadline - Date.now();
        if (left <= 0) expect.fail(`${session} did not report ${name} ${times} times`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, left);
          waiting.push(() => {
            clearTimeout(timer);
            resolve();
          });
        });
      }
    },
    connect,
    letGo,
    login,
    bound,
    async enabled(user, resource, attributes) {
      const client = await bound(user, resource);
      return Object.assign(client, { smId: await client.enable(attributes) });
    },
    async resumed(user, smId, h) {
      const client = await login(user);
      return Object.assign(client, { h: await client.resume(smId, h) });
    },
  };
};

const isNamed = <N extends Report['type']>(report: Report, name: N): report is Named<N> => report.type === name;
