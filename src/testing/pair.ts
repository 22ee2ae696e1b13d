/**
 * A client and its server, joined by links in virtual time: real sessions, real XML, a real parser, no socket.
 *
 * A new link gets a new server session, as in a server, which claims the former one from the store when the client
 * resumes. Negotiation is as short as it can be: the server says that it is ready, the client resumes or binds and enables;
 * or all of that in one request and one answer, as in SASL2 and BIND2.
 */

import { asksStore, hasEnded, open, type Policy, type Report, type Role } from '../index.js';
import type { IdSource, SessionStore } from '../ports/index.js';
import { printBind, receiveSuccess } from '../session/sasl2.js';
import { run } from '../session/session.js';
import { createMemoryStore } from '../stores/memory.js';
import { CLIENT, type Element, SASL_2, STREAMS } from '../xml.js';
import { type Actor, type Application, createApplication, type Side } from './application.js';
import { type Connection, createConnection } from './connection.js';
import { createLossyLink, type LossyLink } from './lossy-link.js';
import { createVirtualClock, type VirtualClock } from './virtual-clock.js';

export interface PairOptions {
  readonly policies: { readonly [role in Role]: Policy };
  /** How long the next text is under way, in milliseconds. Default: no time. */
  readonly latency?: () => number;
  /** Whether the next connection resumes, binds and enables inside of its login (SASL2). Default: none does. */
  readonly inline?: () => boolean;
  /** One that answers without waiting for a timer. Default: a memory store of its own. */
  readonly store?: SessionStore;
  readonly clock?: VirtualClock;
}

export interface Pair {
  readonly clock: VirtualClock;
  readonly client: Side;
  readonly server: Side;
  /** All links there were, the newest last. */
  readonly links: readonly LossyLink[];
  /** Server sessions that are not over. */
  readonly serverSessions: number;
  /** Drops the client's link, if it has one, and opens the next; a client session that is over gives way to a new one. */
  connect(): void;
  /**
   * Lets `ms` milliseconds pass, and whatever is due in them happen.
   * @returns rejects when the store does not answer
   */
  advance(ms: number): Promise<void>;
}

export const createPair = (options: PairOptions): Pair => {
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
  let ofClient: Actor | undefined;
  let dropClientLink = (): void => {};
  let ofServers: Actor[] = [];
  const ids = countedIds();

  const start = (role: Role, side: Application, reported: (report: Report, actor: Actor) => void): Actor => {
    const actor: Actor = {
      session: 0,
      isInline: false,
      running: run({
        state: open(role, policies[role]),
        clock,
        ids,
        ...(role === 'server' ? { store } : {}),
        deliver: (stanza, position) =>
          side.delivered.push({ key: String(stanza.attrs.id), session: actor.session, position }),
        report(report) {
          side.take(report, actor);
          reported(report, actor);
        },
      }),
    };
    return actor;
  };

  const startClient = (): Actor => {
    const bindAfterFailure = (report: Report, actor: Actor): void => {
      if (report.type === 'resumptionFailed' && !actor.isInline) negotiate(actor, BIND);
    };
    const actor = start('client', client, bindAfterFailure);
    client.current = actor;
    return actor;
  };

  const clientHears = (actor: Actor, element: Element, connection: Connection): void => {
    if (element.is('success', SASL_2) && connection.handle !== undefined) {
      receiveSuccess(element, connection.carried, OWNER, actor.running, connection.handle);
    } else if (element.getChild('authentication', SASL_2)) {
      actor.running.tell({ type: 'app.authenticating' });
      const { carried } = connection;
      negotiate(actor, `<authenticate xmlns='${SASL_2}'>${carried.resume ?? ''}${printBind(carried)}</authenticate>`);
    } else if (element.is('features', STREAMS)) {
      if (!actor.running.state.configuration.endsWith('unauthenticated')) return; // behind <success/>
      actor.running.tell({ type: 'app.authenticated', owner: OWNER });
      if (actor.running.state.configuration.startsWith('hibernating')) actor.running.tell({ type: 'app.resume' });
      else negotiate(actor, BIND);
    } else if (element.is('bound', TESTING)) {
      actor.running.tell({ type: 'app.bound' });
      actor.running.tell({ type: 'app.enable' });
    }
  };

  const serverHears = (actor: Actor, element: Element, connection: Connection): void => {
    if (element.is('authenticate', SASL_2)) connection.answer(actor.running, element);
    if (!element.is('bind', TESTING)) return;
    actor.running.tell({ type: 'app.bound' });
    negotiate(actor, BOUND);
  };

  const waitsForStore = ({ running: { state } }: Actor): boolean =>
    asksStore(state) || state.configuration === 'cancelling';

  const settle = async (): Promise<void> => {
    for (let turn = 0; ofServers.some(waitsForStore); turn++) {
      if (turn === MOST_TURNS) throw new Error('the session store does not answer');
      await undefined;
    }
    ofServers = ofServers.filter(({ running }) => !hasEnded(running.state));
  };

  return {
    clock,
    client,
    server,
    links,
    get serverSessions() {
      return ofServers.filter(({ running }) => !hasEnded(running.state)).length;
    },
    connect() {
      dropClientLink();
      if (ofClient === undefined || hasEnded(ofClient.running.state)) ofClient = startClient();
      const initiating = ofClient;
      const receiving = start('server', server, () => {});
      ofServers.push(receiving);
      const isInline = inline();
      initiating.isInline = isInline;
      const near = createConnection(OWNER, FEATURES, (element) => clientHears(initiating, element, near));
      const far = createConnection(OWNER, FEATURES, (element) => serverHears(receiving, element, far));
      const link = createLossyLink({ clock, client: near.listener, server: far.listener, ...(latency && { latency }) });
      links.push(link);
      near.start(link.client, initiating.running);
      far.start(link.server, receiving.running);
      far.whenOpened(() => {
        link.server.write(HEADER);
        if (!isInline) receiving.running.tell({ type: 'app.authenticated', owner: OWNER });
        negotiate(receiving, isInline ? LOGIN : FEATURES);
      });
      link.client.write(HEADER);
      dropClientLink = () => {
        link.client.destroy();
        near.listener.closed();
      };
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

const OWNER = 'juliet@example.net';
const TESTING = 'urn:smacks:testing';
const HEADER = `<?xml version='1.0'?><stream:stream xmlns='${CLIENT}' xmlns:stream='${STREAMS}' version='1.0'>`;
const FEATURES = '<stream:features/>';
const LOGIN = `<stream:features><authentication xmlns='${SASL_2}'/></stream:features>`;
const BIND = `<bind xmlns='${TESTING}'/>`;
const BOUND = `<bound xmlns='${TESTING}'/>`;
/** More turns of the microtask queue than any answer of a store in memory takes. */
const MOST_TURNS = 100;

const negotiate = (actor: Actor, xml: string): void => actor.running.tell({ type: 'app.writeUncounted', xml });

/** SM-IDs that are the same in every run. */
const countedIds = (): IdSource => {
  let last = 0;
  return { smId: () => `sm-${++last}` };
};
