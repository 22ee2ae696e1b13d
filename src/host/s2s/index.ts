/**
 * Traffic between servers: one session for each domain that we send to, and one for each stream of a server that
 * sends to us. This host does not use DNS: it reaches only the listed domains.
 */
import type { Policy, Report, Returned, StanzaKind, TraceLine } from '../../index.js';
import type { Clock, RunningSession, ServerSession, SessionStore } from '../../server.js';
import type { Transport } from '../../transport-node.js';
import type { Element } from '../../xml.js';
import type { AcceptedSessions, SessionData } from '../accepted-sessions.js';
import type { Connections } from '../connections.js';
import type { Remote } from '../hub.js';
import type { Pressure } from '../pressure.js';
import type { StanzaCondition } from '../stanza-error.js';
import type { Address } from './dial.js';
import { InboundConnection, type InboundOptions } from './inbound.js';
import { createKeys } from './keys.js';
import { Outbound } from './outbound.js';
import { createInboundSessions } from './sessions.js';

export type { Address } from './dial.js';

/** Streams that one domain may have open to us; each has a session. */
const MAX_STREAMS = 10;

export interface FederationOptions {
  /** Our own domain. */
  readonly domain: string;
  /** Other domains, and the addresses of their servers. */
  readonly peers: ReadonlyMap<string, Address>;
  readonly policy: Policy;
  readonly store: SessionStore;
  readonly clock: Clock;
  /** Seconds. */
  readonly negotiationTime: number;
  readonly connections: Connections;
  readonly trace: ((line: TraceLine & { readonly session: string; readonly run: number }) => void) | undefined;
  readonly report: (session: string, report: Report) => void;
  /** The number of another session, for the trace. */
  readonly nextRun: () => number;
  /** A stanza from another domain. */
  readonly accept: (stanza: Element) => RunningSession | undefined;
  readonly pressure: Pressure;
  /** A stanza of ours came back. */
  readonly failed: (stanza: Element, returned: Returned, condition: StanzaCondition) => void;
}

export class Federation implements Remote {
  readonly #options: FederationOptions;
  readonly #keys = createKeys();
  readonly #sessions: AcceptedSessions<SessionData>;
  readonly #inboundOptions: InboundOptions;
  readonly #outbounds = new Map<string, Outbound>();
  readonly #inbounds = new Set<ServerSession<SessionData>>();

  constructor(options: FederationOptions) {
    this.#options = options;
    this.#sessions = createInboundSessions({ ...options, ended: (session) => this.#inbounds.delete(session) });
    this.#inboundOptions = {
      ...options,
      keys: this.#keys,
      sessions: this.#sessions,
      hasRoomFor: (remote) => this.#streamsOf(remote) < MAX_STREAMS,
    };
  }

  reaches(remote: string): boolean {
    return this.#options.peers.has(remote);
  }

  /** Sends a stanza to a domain that can be reached. */
  send(stanza: Element, kind: StanzaKind, remote: string): RunningSession | undefined {
    const address = this.#options.peers.get(remote);
    if (address === undefined) return undefined;
    const outbound = this.#outbounds.get(remote) ?? this.#outboundTo(remote, address);
    outbound.send(stanza, kind);
    return outbound.session;
  }

  /** A server connected to us. @param run the number of the connection, for the trace */
  accept(transport: Transport, run: number): InboundConnection {
    const connection = new InboundConnection(transport, this.#inboundOptions, run);
    if (connection.session.status !== 'ended') this.#inbounds.add(connection.session);
    return connection;
  }

  /** The host closes: stanzas for servers that cannot be reached now are returned. */
  giveUp(): void {
    this.#sessions.shutDown();
    for (const outbound of [...this.#outbounds.values()]) if (!outbound.isUp) void outbound.close();
  }

  /**
   * Ends all sessions that are left, except those on connections that other servers opened.
   * @returns resolves when no connection of ours is left
   */
  async close(): Promise<void> {
    await Promise.all([...this.#outbounds.values()].map((outbound) => outbound.close()));
    for (const session of [...this.#inbounds]) session.close('system-shutdown');
  }

  #outboundTo(remote: string, address: Address): Outbound {
    const { trace, nextRun } = this.#options;
    const run = nextRun();
    const outbound = new Outbound({
      ...this.#options,
      remote,
      address,
      keys: this.#keys,
      trace: trace && ((line) => trace({ ...line, run })),
      ended: (ended) => {
        if (this.#outbounds.get(remote) === ended) this.#outbounds.delete(remote);
      },
    });
    this.#outbounds.set(remote, outbound);
    return outbound;
  }

  #streamsOf(remote: string): number {
    const isOpen = ({ owner, status }: ServerSession): boolean => owner === remote && status !== 'hibernating';
    return [...this.#inbounds].filter(isOpen).length;
  }
}
