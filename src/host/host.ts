/**
 * The reference host: a small XMPP server that shows how a server author embeds stream management. It is not a general
 * server: accounts, presence subscriptions and offline messages live in memory, rosters are empty, and other domains are
 * those that it is told of.
 */

import { type Policy, policy as policyWith, type Report, type TraceLine } from '../index.js';
import type { Clock, SessionStore, Transport, TransportListener } from '../ports/index.js';
import { systemClock } from '../session/timers.js';
import { createMemoryStore } from '../stores/memory.js';
import {
  type Listening,
  listen as listenTcp,
  type NodeTransport,
  startTlsServer,
  type TlsIdentity,
} from '../transports/node.js';
import { CLIENT, tcpFraming, webSocketFraming } from '../xml.js';
import { createAccounts } from './accounts.js';
import { accept, type ConnectionOptions } from './connection.js';
import type { OnExpiry } from './expiry.js';
import { createHub, type Hub } from './hub.js';
import { loadWebSocket } from './load-websocket.js';
import { createPush } from './push/index.js';
import { type Closable, receiverSessions } from './receiving.js';
import { domainOf } from './s2s/dialback.js';
import { type Address, createFederation, type Federation } from './s2s/index.js';

export type { TlsIdentity } from '../transports/node.js';
export type { OnExpiry } from './expiry.js';
export type { Address } from './s2s/index.js';

export interface HostOptions {
  /** The domain that is served. Default localhost. */
  readonly domain?: string;
  readonly accounts: readonly { readonly user: string; readonly password: string }[];
  /** Key and certificate in PEM: offers STARTTLS, and is needed for direct TLS. */
  readonly tls?: TlsIdentity;
  /** Every option of stream management; see docs/3-policy.md. */
  readonly policy?: Partial<Policy>;
  /** What becomes of the stanzas of a session that is over (M-3). Default offline. */
  readonly onExpiry?: OnExpiry;
  /** Default 10 a user (M-7). */
  readonly maxHibernatedSessions?: number;
  /** Default 10 a user (M-8). */
  readonly maxOldSessions?: number;
  /** Seconds a final h is remembered. Default 48 hours. */
  readonly oldSessionLifetime?: number;
  /** Read `urn:xmpp:sm:2` too, and answer in kind. Default no. */
  readonly acceptSm2?: boolean;
  /** Seconds a client may take to bind or resume. Default 30. */
  readonly negotiationTime?: number;
  /** Connections whose client has not authenticated; a further one is dropped at once. Default 1000. */
  readonly maxUnauthenticated?: number;
  /** Bound resources, those of hibernating sessions included; a further one gets resource-constraint. Default 50 an account. */
  readonly maxResources?: number;
  /** Push notifications (XEP-0357) for clients that enable them. Default no. */
  readonly push?: boolean;
  /**
   * Traffic with other servers (M-9), which only dialback protects: for loopback and trusted networks. `peers` says where other
   * domains are, for there is no DNS here; one that is not listed is not found. Off by default.
   */
  readonly s2s?: { readonly peers: Readonly<Record<string, Address>> };
  /** In place of a store in memory; the three limits above are then its own. */
  readonly store?: SessionStore;
  readonly clock?: Clock;
  /**
   * Every step of every session; `session` is the full JID once there is one, and `run` the number of the connection that it
   * began with: a session that moves to another connection goes on in that one's run. A session between servers is
   * `from->to`, and has one run when we opened the stream. SM-IDs are shortened.
   */
  readonly trace?: (line: TraceLine & { readonly session: string; readonly run: number }) => void;
  /** Every report of every session (M-4). */
  readonly onEvent?: (event: { readonly session: string; readonly report: Report }) => void;
}

export interface Host {
  /**
   * Accepts connections. Port 0 takes a free one.
   * @returns what it listens on; rejects when the port cannot be had, without a certificate for direct TLS, or
   * without the option `s2s` for servers
   */
  listen(options: ListenOptions): Promise<{ readonly host: string; readonly port: number }>;
  /**
   * Graceful: every stream is closed, every h kept in the store, and what is left over goes back to its senders, unless it
   * is dropped. Resolves when all is closed.
   */
  close(): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (XEP-0368, or `wss:`) instead of STARTTLS. */
  readonly direct?: boolean;
  /** XMPP over WebSocket (RFC 7395) at the path `/xmpp-websocket`. It needs the package `ws`. */
  readonly websocket?: boolean;
  /** Seconds between pings on a WebSocket; a client that has not answered one by the next is gone. Default 60. */
  readonly pingInterval?: number;
  /** Awaits other servers instead of clients; it needs the option `s2s`. */
  readonly s2s?: boolean;
}

/** @returns rejects with RangeError for an account, or a domain of a peer, that cannot be */
export const createHost = async (options: HostOptions): Promise<Host> => {
  const { domain: named = 'localhost', clock = systemClock, onExpiry = 'offline', tls, trace, onEvent } = options;
  const accounts = await createAccounts(options.accounts);
  const policy = policyWith(options.policy);
  const { maxUnauthenticated = 1000, maxResources = 50 } = options;
  const domain = named.toLowerCase();
  const push = options.push ? createPush({ domain, send: (stanza) => hub.send(stanza) }) : undefined;
  const store = options.store ?? createMemoryStore(options);
  const acceptSm2 = options.acceptSm2 ?? false;
  const isTraced = trace !== undefined;
  const sessions = receiverSessions({ policy, store, clock, contentNamespace: CLIENT, acceptSm2, isTraced });
  const federation: Federation | undefined =
    options.s2s &&
    createFederation({
      domain,
      peers: peersOf(options.s2s.peers, domain),
      policy,
      store,
      clock,
      negotiationTime: options.negotiationTime ?? 30,
      ...(trace && { trace }),
      report: (session, report) => onEvent?.({ session, report }),
      nextRun: () => nextRun(),
      accept: (stanza) => hub.acceptRemote(stanza),
      failed: (stanza, returned, condition) => hub.returnedRemote(stanza, returned, condition),
    });
  const remote = federation && { remote: federation };
  const hub: Hub = createHub({ domain, accounts, policy, onExpiry, maxResources, clock, push, ...remote });
  const listening: Listening[] = [];
  /** Each with a promise that it is gone. */
  const connections = new Map<Closable, Promise<void>>();
  const unauthenticated = new Set<Transport>();
  let runs = 0;
  const nextRun = (): number => {
    runs += 1;
    return runs;
  };

  /** It outlives the connections whose sessions wait, and must not hold one. */
  const hear = (session: string, report: Report): void => {
    push?.hear({ session, report });
    onEvent?.({ session, report });
  };

  const serve = (
    transport: Transport,
    wire: Pick<ConnectionOptions, 'framing' | 'startTls'>,
    trusted = (): void => {},
  ): TransportListener =>
    admit(transport, (run, authenticated) =>
      accept(transport, {
        hub,
        sessions,
        ...wire,
        acceptSm2,
        negotiationTime: options.negotiationTime ?? 30,
        ...(trace && { trace: (line) => trace({ ...line, run }) }),
        report: hear,
        authenticated() {
          authenticated();
          trusted();
        },
      }),
    );

  /** What clients and servers have in common: how many may be there that nobody knows, and that all are gone at the end. */
  const admit = (
    transport: Transport,
    open: (run: number, authenticated: () => void) => TransportListener & Closable,
  ): TransportListener => {
    if (unauthenticated.size >= maxUnauthenticated) {
      transport.destroy();
      return NOBODY;
    }
    unauthenticated.add(transport);
    const connection = open(nextRun(), () => unauthenticated.delete(transport));
    let gone = (): void => {};
    connections.set(connection, new Promise((resolve) => (gone = resolve)));
    return {
      ...connection,
      closed(reason) {
        unauthenticated.delete(transport);
        connections.delete(connection);
        connection.closed(reason);
        gone();
      },
    };
  };

  const serveTcp = (transport: NodeTransport): TransportListener =>
    serve(transport, { framing: tcpFraming, ...(tls && { startTls: () => startTlsServer(transport, tls) }) });

  const serveServers =
    (ways: Federation) =>
    (transport: NodeTransport): TransportListener =>
      admit(transport, (run, authenticated) => ways.accept(transport, run, authenticated));

  return {
    async listen({ host, port, direct = false, websocket = false, pingInterval = 60, s2s = false }) {
      if (s2s && (federation === undefined || direct || websocket))
        throw new RangeError('other servers come over plain TCP, and only with the option s2s');
      if (direct && tls === undefined) throw new RangeError('direct TLS needs a key and a certificate');
      const address = { host, port, ...(direct && tls && { tls }) };
      const opened = websocket
        ? await (await loadWebSocket()).listenWebSocket(
            { ...address, pingInterval, maxHandshakes: maxUnauthenticated },
            (transport, trusted) => serve(transport, { framing: webSocketFraming }, trusted),
          )
        : await listenTcp(address, s2s && federation ? serveServers(federation) : serveTcp);
      listening.push(opened);
      return { host: opened.host, port: opened.port };
    },
    async close() {
      const closed = [...listening.map((open) => open.close()), ...connections.values()];
      // First what cannot be sent, so that senders who are still connected hear of it; last the ways to other servers.
      federation?.giveUp();
      hub.shutDown();
      for (const connection of connections.keys()) connection.close();
      await federation?.close();
      await Promise.all(closed);
    },
  };
};

const peersOf = (peers: Readonly<Record<string, Address>>, ours: string): ReadonlyMap<string, Address> =>
  new Map(
    Object.entries(peers).map(([name, address]) => {
      const domain = domainOf(name);
      if (domain === undefined || domain === ours) throw new RangeError(`not another domain: ${JSON.stringify(name)}`);
      return [domain, address];
    }),
  );

const NOBODY: TransportListener = { data() {}, closed() {} };
