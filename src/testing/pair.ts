/**
 * A client and its server, joined by links in virtual time: real sessions, real XML, a real parser, no socket.
 *
 * A new link gets a new server session, as in a server, which claims the former one from the store when the client
 * resumes. Negotiation is as short as it can be: the server says that it is ready, the client resumes or binds and enables;
 * or all of that in one request and one answer, as in SASL2 and BIND2.
 */
import { answerInline, type Carried, type InlineAnswer, printBind, receiveSuccess } from '../adapters/sasl2.js';
import { type LinkHandle, type RunningSession, run, type Stream } from '../adapters/session.js';
import {
  asksStore,
  hasEnded,
  open,
  type Policy,
  type Report,
  type ReturnReason,
  type Role,
  type State,
} from '../index.js';
import type { IdSource, SessionStore, Transport, TransportListener } from '../ports/index.js';
import { createMemoryStore } from '../stores/memory.js';
import { CLIENT, createStreamParser, type Element, SASL_2, STREAMS, type StreamParser } from '../xml/index.js';
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

/** A stanza that came out at one end. */
export interface Delivery {
  readonly key: string;
  /** Which managed session delivered it; a resumed session is the same one. */
  readonly session: number;
  /** Names it in `app.handled`; null when it was not counted. */
  readonly position: number | null;
}

export interface Return {
  readonly key: string;
  readonly reason: ReturnReason;
  readonly written: boolean;
}

/** The application at one end, and all that it was told. */
export interface Side {
  /** Sends a message that is known by `key`, `mayWait` as in `app.send`. False when there is no session yet to give it to. */
  send(key: string, mayWait?: boolean): boolean;
  /** Takes responsibility for a delivered stanza. False when its session is over. */
  handle(delivery: Delivery): boolean;
  /** Asks the peer what it has got. */
  probe(): void;
  /** The peer has become inactive, or is active again (XEP-0352). */
  tell(state: 'inactive' | 'active'): void;
  close(): void;
  readonly delivered: readonly Delivery[];
  /** Keys, in the order in which they were acknowledged. */
  readonly acknowledged: readonly string[];
  readonly returned: readonly Return[];
  readonly reports: readonly Report[];
  /** The session that counts: the newest that was enabled or resumed; a client's before that, too. */
  readonly state: State | undefined;
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
      if (report.name === 'resumptionFailed' && !actor.isInline) negotiate(actor, BIND);
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
    asksStore(state) || state.configuration === 'abandoned';

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
      const near = createConnection((element) => clientHears(initiating, element, near));
      const far = createConnection((element) => serverHears(receiving, element, far));
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

interface Actor {
  readonly running: RunningSession;
  /** Which managed session this is; 0 before there is one. */
  session: number;
  /** The login on its connection asks for everything at once. */
  isInline: boolean;
}

interface Application extends Side {
  current: Actor | undefined;
  readonly delivered: Delivery[];
  take(report: Report, actor: Actor): void;
}

const createApplication = (): Application => {
  const delivered: Delivery[] = [];
  const acknowledged: string[] = [];
  const returned: Return[] = [];
  const reports: Report[] = [];
  /** Who runs each managed session now, and the SM-ID it is known by. */
  const sessions: Actor[] = [];
  const bySmId = new Map<string, number>();

  const take = (report: Report, actor: Actor): void => {
    reports.push(report);
    const { smId } = actor.running.state.session;
    if (report.name === 'enabled') {
      actor.session = sessions.push(actor);
      if (smId !== null) bySmId.set(smId, actor.session);
      side.current = actor;
    } else if (report.name === 'resumed') {
      actor.session = bySmId.get(smId ?? '') ?? 0;
      sessions[actor.session - 1] = actor;
      side.current = actor;
    } else if (report.name === 'acknowledged') {
      acknowledged.push(...report.stanzas.map(({ key }) => key ?? ''));
    } else if (report.name === 'returned') {
      const { reason } = report;
      returned.push(...report.stanzas.map(({ key, written }) => ({ key: key ?? '', reason, written })));
    }
  };

  const side: Application = {
    current: undefined,
    delivered,
    acknowledged,
    returned,
    reports,
    take,
    send(key, mayWait = false) {
      const stanza = `<message id='${key}'/>`;
      side.current?.running.tell({ type: 'app.send', stanza, kind: 'message', stanzaType: '', key, mayWait });
      return side.current !== undefined;
    },
    handle({ session, position }) {
      const actor = sessions[session - 1];
      if (actor === undefined || actor.session !== session || position === null) return false;
      if (hasEnded(actor.running.state)) return false;
      actor.running.tell({ type: 'app.handled', position });
      return true;
    },
    probe: () => side.current?.running.tell({ type: 'app.probe' }),
    tell: (state) => side.current?.running.tell({ type: `app.${state}` }),
    close: () => side.current?.running.tell({ type: 'app.close' }),
    get state() {
      return side.current?.running.state;
    },
  };
  return side;
};

const negotiate = (actor: Actor, xml: string): void => actor.running.tell({ type: 'app.negotiate', xml });

interface Connection {
  readonly listener: TransportListener;
  readonly handle: LinkHandle | undefined;
  /** Client: what the login is to carry. */
  readonly carried: Carried;
  /** Server: answers a login that carries something. */
  answer(session: RunningSession, request: Element): void;
  start(transport: Transport, running: RunningSession): void;
  whenOpened(act: () => void): void;
}

/** One end of a link: its parser, and the session's handle. Both die with it. */
const createConnection = (hear: (element: Element) => void): Connection => {
  let handle: LinkHandle | undefined;
  let opened = (): void => {};
  let transport: Transport | undefined;
  let inline: InlineAnswer | undefined;
  let carried: Carried = {};
  const parser: StreamParser = createStreamParser(
    {},
    {
      streamOpen: () => opened(),
      element(element) {
        if (handle?.receive(element) === false) handle.inOrder(() => hear(element));
      },
      streamClose: () => handle?.closed(),
      violation: (violation) => handle?.violated(violation),
    },
  );
  return {
    listener: {
      data: (text) => parser.write(text),
      closed() {
        parser.close();
        handle?.lost();
      },
    },
    get handle() {
      return handle;
    },
    get carried() {
      return carried;
    },
    answer(session, request) {
      if (handle === undefined) return;
      inline = answerInline(
        { account: OWNER, data: undefined, request },
        {
          session,
          link: handle,
          bind: () => true,
          jid: () => undefined,
          features: () => FEATURES,
          done(replies) {
            inline = undefined;
            for (const xml of replies) transport?.write(xml);
          },
        },
      );
      inline.begin();
    },
    start(over, running) {
      transport = over;
      const stream = streamOver(over);
      handle = running.attach({
        ...stream,
        write: (xml, nonza) => (inline ?? stream).write(xml, nonza),
        carry(xml, nonza) {
          carried = { ...carried, [nonza]: xml };
        },
        close() {
          for (const xml of inline?.behind ?? []) stream.write(xml);
          stream.close();
        },
      });
    },
    whenOpened(act) {
      opened = act;
    },
  };
};

const streamOver = (transport: Transport): Stream => ({
  write: (xml) => transport.write(xml),
  close() {
    transport.write('</stream:stream>');
    transport.end();
  },
  destroy: () => transport.destroy(),
  pause: () => transport.pause(),
  resume: () => transport.resume(),
});

/** SM-IDs that are the same in every run. */
const countedIds = (): IdSource => {
  let last = 0;
  return { smId: () => `sm-${++last}` };
};
