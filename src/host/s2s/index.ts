/**
 * Traffic between servers: one session to each domain we send to, one from each that sends to us. There is no DNS here: who
 * is not listed is not found.
 */
import { hasEnded, type Policy, type Report, type Returned, type StanzaKind, type TraceLine } from '../../index.js';
import type { Clock, SessionStore, Transport } from '../../ports/index.js';
import { type Element, SERVER } from '../../xml.js';
import { receiverSessions } from '../receiving.js';
import type { StanzaCondition } from '../stanza-error.js';
import type { Address } from './dial.js';
import { acceptServer, type Inbound } from './inbound.js';
import { createKeys } from './keys.js';
import { createOutbound, type Outbound } from './outbound.js';

export type { Address } from './dial.js';

/** Streams that one domain may have open to us; each has a session. */
const MAX_STREAMS = 10;

export interface FederationOptions {
  /** Ours. */
  readonly domain: string;
  /** Other domains, and where their servers are. */
  readonly peers: ReadonlyMap<string, Address>;
  readonly policy: Policy;
  readonly store: SessionStore;
  readonly clock: Clock;
  /** Seconds. */
  readonly negotiationTime: number;
  readonly trace?: (line: TraceLine & { readonly session: string; readonly run: number }) => void;
  readonly report: (session: string, report: Report) => void;
  /** The number of another session, for the trace. */
  readonly nextRun: () => number;
  /** A stanza from another domain. */
  readonly accept: (stanza: Element) => void;
  /** A stanza of ours that came back. */
  readonly failed: (stanza: Element, returned: Returned, condition: StanzaCondition) => void;
}

export interface Federation {
  /** Whether it is known where this domain is. */
  reaches(domain: string): boolean;
  /** Sends a stanza to a domain that is reached. */
  send(stanza: Element, kind: StanzaKind, domain: string): void;
  /** A server connected to us. @param run the number of the connection, for the trace */
  accept(transport: Transport, run: number, authenticated: () => void): Inbound;
  /** The host closes: gives back what waits for servers that cannot be reached now. */
  giveUp(): void;
  /** Ends all that is left; the connections from other servers are the caller's. Resolves when all of ours are gone. */
  close(): Promise<void>;
}

export const createFederation = (options: FederationOptions): Federation => {
  const { domain, peers, policy, store, clock, negotiationTime, trace, report } = options;
  const keys = createKeys();
  const sessions = receiverSessions({
    policy,
    store,
    clock,
    contentNamespace: SERVER,
    acceptSm2: false,
    isTraced: trace !== undefined,
  });
  const outbounds = new Map<string, Outbound>();
  const inbounds = new Set<Inbound>();

  const outboundTo = (remote: string, address: Address): Outbound => {
    const run = options.nextRun();
    const outbound: Outbound = createOutbound({
      domain,
      remote,
      address,
      keys,
      policy,
      clock,
      negotiationTime,
      report,
      failed: options.failed,
      ...(trace && { trace: (line) => trace({ ...line, run }) }),
      ended() {
        if (outbounds.get(remote) === outbound) outbounds.delete(remote);
      },
    });
    outbounds.set(remote, outbound);
    return outbound;
  };

  const streamsOf = (remote: string): number =>
    [...inbounds].filter(({ session }) => session.owner === remote && session.status !== 'hibernating').length;

  return {
    reaches: (remote) => peers.has(remote),
    send(stanza, kind, remote) {
      const address = peers.get(remote);
      if (address !== undefined) (outbounds.get(remote) ?? outboundTo(remote, address)).send(stanza, kind);
    },
    accept(transport, run, authenticated) {
      const inbound = acceptServer(transport, {
        domain,
        peers,
        keys,
        sessions,
        clock,
        negotiationTime,
        authenticated,
        accept: options.accept,
        hasRoomFor: (remote) => streamsOf(remote) < MAX_STREAMS,
        ...(trace && { trace: (line) => trace({ ...line, run }) }),
        report(name, told) {
          if (told.type === 'ended') inbounds.delete(inbound);
          report(name, told);
        },
      });
      if (!hasEnded(inbound.session.state)) inbounds.add(inbound);
      return inbound;
    },
    giveUp() {
      for (const outbound of [...outbounds.values()]) if (!outbound.isUp) void outbound.close();
    },
    async close() {
      const closed = [...outbounds.values()].map((outbound) => outbound.close());
      await Promise.all(closed);
      for (const inbound of [...inbounds]) inbound.close();
    },
  };
};
