/**
 * The reference host: a small XMPP server that shows how a server author embeds stream management. It is not a general
 * server: accounts, presence subscriptions and offline messages live in memory, rosters are empty, and the host knows
 * only the other domains in its options.
 *
 * To use it as an example, read `c2s/connection.ts` (a connection and its session), `c2s/sessions.ts` (the handling
 * of reports) and `hub.ts` (the routing of stanzas).
 */
import { type Policy, policy as policyWith, type Report } from '../index.js';
import { type Clock, createMemoryStore, type SessionStore, systemClock } from '../server.js';
import { createAccounts } from './accounts.js';
import { checkHostOptions, checkListenOptions } from './arguments.js';
import { ClientConnection, type ClientOptions } from './c2s/connection.js';
import { createClientSessions } from './c2s/sessions.js';
import { Connections } from './connections.js';
import { Hub } from './hub.js';
import { Listeners } from './listeners.js';
import type { OfflineLimits } from './offline.js';
import type { HostOptions, ListenOptions } from './options.js';
import { Pressure } from './pressure.js';
import { createPush, type PushService } from './push/index.js';
import { domainOf } from './s2s/dialback.js';
import { type Address, Federation } from './s2s/index.js';

export type { Account, Accounts } from './accounts.js';
export type { Address, HostOptions, ListenOptions, OnExpiry, TlsIdentity } from './options.js';
export type { Credentials, ScramHash } from './sasl/credentials.js';

export interface Host {
  /**
   * Accepts connections. Port 0 takes a free port.
   * @returns the address it listens on; rejects when the port is not available, without a certificate for direct TLS, or
   * without the option `s2s` for servers
   */
  listen(options: ListenOptions): Promise<{ readonly host: string; readonly port: number }>;
  /**
   * Closes every stream gracefully. The store keeps every h. Stanzas that are left go back to their senders, unless
   * `onExpiry` is `drop`. Resolves when every connection is closed.
   */
  close(): Promise<void>;
}

/** @returns rejects with a TypeError that names a wrong option, with RangeError for an invalid account or domain */
export const createHost = async (options: HostOptions): Promise<Host> => {
  checkHostOptions(options);
  const { accounts: given, scramIterations } = options;
  const accounts = 'proves' in given ? given : await createAccounts(given, { iterations: scramIterations });
  const shared = sharedBy(options);
  const { domain, policy, clock, connections } = shared;
  const { acceptSm2 = false, tls } = options;
  const hub = new Hub({ ...hubOptions(options, policy), domain, accounts, clock, pressure: shared.pressure });
  const push = options.push ? addPush(hub, domain) : undefined;
  const federation = options.s2s && addFederation(hub, options.s2s.peers, shared);
  const sessions = createClientSessions({
    ...shared,
    hub,
    acceptSm2,
    report(session, report) {
      push?.hear(session, report);
      shared.report(session, report);
    },
  });
  const clients: ClientOptions = {
    ...shared,
    accounts,
    hub,
    sessions,
    acceptSm2,
    canResume: policy.resume,
    probeIdle: options.probeIdle ?? 120,
  };
  const listeners = new Listeners({
    tls,
    maxHandshakes: connections.maxUnauthenticated,
    acceptClient: (transport, port) =>
      connections.admit(transport, () => new ClientConnection(transport, clients, { ...port, run: shared.nextRun() })),
    acceptServer:
      federation && ((transport) => connections.admit(transport, () => federation.accept(transport, shared.nextRun()))),
  });

  return {
    async listen(wanted) {
      checkListenOptions(wanted);
      const { host, port } = await listeners.open(wanted);
      return { host, port };
    },
    async close() {
      const closed = Promise.all([listeners.close(), connections.empty()]);
      // Stanzas that cannot be sent come back while their senders are still connected; the connections to other servers close last.
      federation?.giveUp();
      sessions.shutDown();
      hub.shutDown();
      connections.shutDown();
      await federation?.close();
      await closed;
    },
  };
};

/** The common options of connections of clients and of servers. */
interface Shared {
  readonly domain: string;
  readonly policy: Policy;
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly negotiationTime: number;
  readonly connections: Connections;
  readonly pressure: Pressure;
  readonly trace: HostOptions['trace'];
  readonly report: (session: string, report: Report) => void;
  readonly nextRun: () => number;
}

const sharedBy = (options: HostOptions): Shared => {
  const { domain = 'localhost', clock = systemClock, negotiationTime = 30, maxUnauthenticated = 1000 } = options;
  const { maxHibernatedSessions, maxOldSessions, oldSessionLifetime } = options;
  let runs = 0;
  return {
    domain: domain.toLowerCase(),
    policy: policyWith(options.policy),
    store: options.store ?? createMemoryStore({ maxHibernatedSessions, maxOldSessions, oldSessionLifetime }),
    clock,
    negotiationTime,
    connections: new Connections(maxUnauthenticated),
    pressure: new Pressure(),
    trace: options.trace,
    report: (session, report) => options.onEvent?.({ session, report }),
    nextRun() {
      runs += 1;
      return runs;
    },
  };
};

const hubOptions = (options: HostOptions, policy: Policy) => ({
  policy,
  onExpiry: options.onExpiry ?? 'offline',
  maxResources: options.maxResources ?? 50,
  pushHibernationTime: options.pushHibernationTime ?? 72 * 3600,
  offline: offlineLimits(options, policy),
});

/** A queue may hold twice its limits. A message in storage has a delay stamp too. */
const offlineLimits = (options: HostOptions, { maxQueueStanzas, maxQueueBytes }: Policy): OfflineLimits => {
  const { maxOfflineMessages: maxMessages = 2 * maxQueueStanzas } = options;
  const { maxOfflineBytes: maxBytes = 2 * maxQueueBytes + 256 * maxMessages } = options;
  return { maxMessages, maxBytes };
};

const addPush = (hub: Hub, domain: string): PushService => {
  const push = createPush({
    domain,
    send: (stanza) => hub.send(stanza),
    changed: (session, hasPush) => hub.pushChanged(session, hasPush),
  });
  hub.addService(push);
  hub.addStoredListener((account, message, returned) => push.stored(account, message, returned));
  return push;
};

const addFederation = (hub: Hub, peers: Readonly<Record<string, Address>>, shared: Shared): Federation => {
  const federation = new Federation({
    ...shared,
    peers: peersOf(peers, shared.domain),
    accept: (stanza) => hub.acceptRemote(stanza),
    failed: (stanza, returned, condition) => hub.returnedRemote(stanza, returned, condition),
  });
  hub.addRemote(federation);
  return federation;
};

const peersOf = (peers: Readonly<Record<string, Address>>, ours: string): ReadonlyMap<string, Address> =>
  new Map(
    Object.entries(peers).map(([name, address]) => {
      const domain = domainOf(name);
      if (domain === undefined || domain === ours) throw new RangeError(`not another domain: ${JSON.stringify(name)}`);
      return [domain, address];
    }),
  );
