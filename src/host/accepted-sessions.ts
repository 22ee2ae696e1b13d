/**
 * The sessions of connections that the host accepts: those of clients in one object, those of other servers in another. Two
 * handlers serve all sessions of an object, so that a session costs no function of its own.
 */
import type { Policy, Report, TraceLine } from '../index.js';
import { type Clock, createSessions, type ServerSession, type ServerSessions, type SessionStore } from '../server.js';
import { type ContentNamespace, type Element, stampText } from '../xml.js';

/** The data that the host keeps with each session. */
export interface SessionData {
  /** The number of the connection that the session began with, for the trace. */
  readonly run: number;
  /** Undefined when the session hibernates: a hibernating session keeps no data of a lost connection. */
  connection: SessionConnection | undefined;
}

/** The part of a connection that the handlers of its session use. */
export interface SessionConnection {
  /** A stanza arrived, and was counted. */
  take(stanza: Element): void;
  /** The peer has bound, resumed or is verified: the connection stops the timer for this. */
  negotiated(): void;
}

/** What all sessions of the host share. */
export interface SessionsOptions {
  readonly domain: string;
  readonly policy: Policy;
  readonly store: SessionStore;
  readonly clock: Clock;
  /** Every report, with the name of its session. */
  readonly report: (session: string, report: Report) => void;
  /** Gets every step; `run` comes from the session's data. */
  readonly trace: ((line: TraceLine & { readonly session: string; readonly run: number }) => void) | undefined;
}

/** The parts that differ between sessions of clients and sessions of servers. */
export interface SessionKind<Data extends SessionData> {
  readonly contentNamespace: ContentNamespace;
  readonly acceptSm2: boolean;
  /** The name of the peer, for reports and the trace. */
  nameOf(session: ServerSession<Data>): string;
  /** Called before every report, because a resumption may have put the state of another session into this one. */
  beforeReport?(session: ServerSession<Data>): void;
  /** Acts on a report. */
  act(session: ServerSession<Data>, report: Report): void;
}

export interface AcceptedSessions<Data extends SessionData> {
  accept: ServerSessions<Data>['accept'];
  /** The host closes: a session ends as soon as it hibernates. */
  shutDown(): void;
}

export const createAcceptedSessions = <Data extends SessionData>(
  { domain, policy, store, clock, report: tell, trace }: SessionsOptions,
  kind: SessionKind<Data>,
): AcceptedSessions<Data> => {
  let isClosing = false;

  const act = (session: ServerSession<Data>, report: Report): void => {
    const { data } = session;
    if (report.type === 'resumed' || report.type === 'ended') data.connection?.negotiated();
    if (report.type === 'hibernationStart') data.connection = undefined;
    kind.act(session, report);
    if (report.type === 'hibernationStart' && isClosing) session.close();
  };

  const sessions = createSessions<Data>({
    policy,
    store,
    clock,
    reading: { contentNamespace: kind.contentNamespace, acceptSm2: kind.acceptSm2 },
    lateText: (stanza) => stampText(stanza, { from: domain, stamp: stanza.at }),
    onStanza(session, stanza, position) {
      session.data.connection?.take(stanza);
      if (policy.deferHandling && position !== null) session.handled(position);
    },
    onReport(session, report) {
      kind.beforeReport?.(session);
      try {
        tell(kind.nameOf(session), report);
      } finally {
        // An error that the embedder throws changes nothing here.
        act(session, report);
      }
    },
    ...(trace && {
      onTrace: (session: ServerSession<Data>, line: TraceLine) =>
        trace({ ...line, session: kind.nameOf(session), run: session.data.run }),
    }),
  });

  return {
    accept: sessions.accept,
    shutDown() {
      isClosing = true;
    },
  };
};
