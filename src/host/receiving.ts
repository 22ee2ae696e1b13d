/**
 * The receiving entity's end of a stream, whether a client opened it or another server: a session on it, what is read from it
 * in order, and the time within which it has to come to something.
 */

import { type Policy, peerViolation, type Report, type TraceLine } from '../index.js';
import type { Clock, SessionStore } from '../ports/index.js';
import type { LinkHandle, Stream } from '../session/running-session.js';
import type { ServerSession } from '../session/server-session.js';
import { createSessions, type ServerSessions } from '../session/server-sessions.js';
import type { ContentNamespace, Element, StreamLimits } from '../xml.js';

/** Anybody can send this much, and needs no more to log in. */
export const UNAUTHENTICATED: StreamLimits = { maxStanzaBytes: 16 * 1024, maxDepth: 8, maxElements: 64 };

/** What is kept with each session: where its stanzas and reports go. */
export interface Receiver {
  readonly hear: (report: Report) => void;
  readonly take: (stanza: Element) => void;
  readonly trace: ((line: TraceLine) => void) | undefined;
}

export type ReceiverSession = ServerSession<Receiver>;
export type ReceiverSessions = ServerSessions<Receiver>;

export interface ReceiverSessionsOptions {
  readonly policy: Policy;
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly contentNamespace: ContentNamespace;
  readonly acceptSm2: boolean;
  readonly isTraced: boolean;
}

/** The sessions of all streams of one kind: from clients, or from other servers. */
export const receiverSessions = (options: ReceiverSessionsOptions): ReceiverSessions => {
  const { policy, store, clock, contentNamespace, acceptSm2 } = options;
  return createSessions<Receiver>({
    policy,
    store,
    clock,
    reading: { contentNamespace, acceptSm2 },
    onStanza(session, stanza, position) {
      session.data.take(stanza);
      if (policy.deferHandling && position !== null) session.handled(position);
    },
    onReport: (session, report) => session.data.hear(report),
    ...(options.isTraced && { onTrace: (session: ReceiverSession, line: TraceLine) => session.data.trace?.(line) }),
  });
};

/** Kept as long as the session is: nothing here may hold the connection. */
export interface ReceivingOptions extends Pick<Receiver, 'take' | 'trace'> {
  readonly sessions: ReceiverSessions;
  readonly clock: Clock;
  /** Seconds until `inTime` has to be called. */
  readonly negotiationTime: number;
  /** First: tells the embedder, once it is known who the peer is; that it throws changes nothing here. */
  readonly report: (report: Report) => void;
  /** What a report leads to. */
  readonly act: (report: Report) => void;
  /** Everything that is neither a stanza nor stream management. */
  readonly negotiate: (element: Element) => void;
}

export interface Closable {
  /** The host shuts down. */
  readonly close: () => void;
}

export interface Receiving extends Closable {
  readonly session: ReceiverSession;
  readonly link: LinkHandle;
  /** A child of the stream root. */
  readonly read: (element: Element) => void;
  /** Bound or verified: the peer may take its time now. */
  readonly inTime: () => void;
  /** Something other than stream management, in order with what the session writes. */
  readonly write: (xml: string) => void;
  readonly violated: (condition: Parameters<typeof peerViolation>[0], text?: string) => void;
}

export const receive = (stream: Stream, options: ReceivingOptions): Receiving => {
  const { sessions, clock, report: tell, act, take, trace, negotiate } = options;
  let closing = false;

  const session = sessions.accept({
    take,
    trace,
    hear(report) {
      try {
        tell(report);
      } finally {
        if (report.type === 'resumed' || report.type === 'ended') inTime();
        act(report);
        // It arrived from the store when its link had been closed already.
        if (report.type === 'hibernationStart' && closing) session.close();
      }
    },
  });
  const link = session.attach(stream);
  const inTime = clock.at(clock.now() + options.negotiationTime * 1000, () => session.close('connection-timeout'));

  return {
    session,
    link,
    read(element) {
      if (!link.receive(element)) link.inOrder(() => negotiate(element));
    },
    inTime,
    write: (xml) => session.writeUncounted(xml),
    violated: (condition, text = '') => link.violated(peerViolation(condition, text)),
    close() {
      closing = true;
      session.close('system-shutdown');
    },
  };
};
