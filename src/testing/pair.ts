/**
 * A client and its server, joined by links in virtual time: real sessions, real XML, a real parser, no socket.
 *
 * A new link gets a new server session, as in a real server; when the client resumes, the new session claims the former session
 * from the store.
 */

import { checkNames } from '../arguments/check.js';
import { hasTag, type Policy, type Role } from '../index.js';
import type { IdSource, SessionStore } from '../ports/index.js';
import { type ClientSession, createSession } from '../session/client-session.js';
import type { ServerSession } from '../session/server-session.js';
import { createSessions } from '../session/server-sessions.js';
import { createMemoryStore } from '../stores/memory.js';
import type { Element } from '../xml.js';
import { type Acted, type Actor, type Application, createApplication, type Side } from './application.js';
import { createLossyLink, type LossyLink } from './lossy-link.js';
import { BIND, negotiate } from './negotiation.js';
import { createVirtualClock, type VirtualClock } from './virtual-clock.js';

export interface PairOptions {
  readonly policies: { readonly [role in Role]: Policy };
  /** The latency of the next text, in milliseconds. Default 0. */
  readonly latency?: () => number;
  /** Whether the next connection resumes, binds and enables inside its login (SASL2). Default false. */
  readonly inline?: () => boolean;
  /** The session store; it must answer without a timer. Default: a new memory store. */
  readonly store?: SessionStore;
  readonly clock?: VirtualClock;
}

export interface Pair {
  readonly clock: VirtualClock;
  readonly client: Side;
  readonly server: Side;
  /** All links, also closed links, the newest last. */
  readonly links: readonly LossyLink[];
  /** Server sessions that are not over. */
  readonly serverSessions: number;
  /** Drops the client's link, if it has a link, and opens the next link; a new client session replaces an ended session. */
  connect(): void;
  /**
   * Moves time forward by `ms` milliseconds, and runs all work that is due in this time.
   * @returns rejects when the store does not answer
   */
  advance(ms: number): Promise<void>;
}

/**
 * Makes a client and a server that are not yet connected: call `connect`, then `advance`.
 *
 * @throws TypeError that names the option
 */
export const createPair = (options: PairOptions): Pair => {
  checkNames('options', options, { policies: true, latency: true, inline: true, store: true, clock: true });
  checkNames('options.policies', options.policies, { client: true, server: true });
  const {
    policies,
    latency,
    inline = () => false,
    store = createMemoryStore(),
    clock = createVirtualClock(),
  } = options;
  const links: LossyLink[] = [];
  const client = createApplication();
  const server = createApplication();
  let ofClient: ClientSession<Acted> | undefined;
  let dropClientLink = (): void => {};
  let ofServers: ServerSession<Acted>[] = [];

  const sessions = createSessions<Acted>({
    policy: policies.server,
    clock,
    ids: countedIds(),
    store,
    onStanza: (session, stanza, position) => took(server, session.data, stanza, position),
    onReport: (session, report) => server.take(report, session),
  });

  const settle = async (): Promise<void> => {
    for (let turn = 0; ofServers.some(waitsForStore); turn++) {
      if (turn === MOST_TURNS) throw new Error('the session store does not answer');
      await undefined;
    }
    ofServers = ofServers.filter(({ state }) => !hasTag(state, 'over'));
  };

  return {
    clock,
    client,
    server,
    links,
    get serverSessions() {
      return ofServers.filter(({ state }) => !hasTag(state, 'over')).length;
    },
    connect() {
      dropClientLink();
      if (ofClient === undefined || hasTag(ofClient.state, 'over'))
        ofClient = startClient(policies.client, clock, client);
      const isInline = inline();
      const receiving = sessions.accept({ session: 0, isInline });
      ofServers.push(receiving);
      ofClient.data.isInline = isInline;
      dropClientLink = negotiate(ofClient, receiving, (ends) => {
        const link = createLossyLink({ clock, ...ends, ...(latency && { latency }) });
        links.push(link);
        return link;
      });
    },
    async advance(ms) {
      const until = clock.now() + ms;
      await settle();
      for (let next = clock.next(); next !== undefined && next <= until; next = clock.next()) {
        clock.advanceTo(next);
        await settle();
      }
      clock.advanceTo(until);
    },
  };
};

const startClient = (policy: Policy, clock: VirtualClock, client: Application): ClientSession<Acted> => {
  const data: Acted = { session: 0, isInline: false };
  const session: ClientSession<Acted> = createSession({
    policy,
    clock,
    data,
    onStanza: (stanza, position) => took(client, data, stanza, position),
    onReport(report) {
      client.take(report, session);
      if (report.type === 'resumptionFailed' && !data.isInline) session.writeUncounted(BIND);
    },
  });
  client.current = session;
  return session;
};

const took = (side: Application, { session }: Acted, stanza: Element, position: number | null): void => {
  side.delivered.push({ key: String(stanza.attrs.id), session, position });
};

const waitsForStore = ({ state }: Actor): boolean => hasTag(state, 'asksStore') || hasTag(state, 'cancelling');

/** A number of microtask turns that is larger than any answer of a memory store needs. */
const MOST_TURNS = 100;

/** SM-IDs that are the same in every run. */
const countedIds = (): IdSource => {
  let last = 0;
  return { smId: () => `sm-${++last}` };
};
