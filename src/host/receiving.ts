/**
 * The receiving entity's end of a stream, whether a client opened it or another server: a session on it, what is read from it
 * in order, and the time within which it has to come to something.
 */

import { open, type Policy, peerViolation, type Report } from '../index.js';
import type { Clock, SessionStore } from '../ports/index.js';
import { type LinkHandle, type RunningSession, run, type SessionOptions, type Stream } from '../session/session.js';
import type { Element, StreamLimits } from '../xml.js';

/** Anybody can send this much, and needs no more to log in. */
export const UNAUTHENTICATED: StreamLimits = { maxStanzaBytes: 16 * 1024, maxDepth: 8, maxElements: 64 };

/** Kept as long as the session is: nothing here may hold the connection. */
export interface ReceivingOptions extends Pick<SessionOptions, 'reading' | 'trace'> {
  readonly policy: Policy;
  readonly store: SessionStore;
  readonly clock: Clock;
  /** Seconds until `inTime` has to be called. */
  readonly negotiationTime: number;
  /** First: tells the embedder, once it is known who the peer is; that it throws changes nothing here. */
  readonly report: (report: Report) => void;
  /** What a report leads to. */
  readonly act: (report: Report) => void;
  /** A stanza, after it was counted. */
  readonly take: (stanza: Element) => void;
  /** Everything that is neither a stanza nor stream management. */
  readonly negotiate: (element: Element) => void;
}

export interface Closable {
  /** The host shuts down. */
  readonly close: () => void;
}

export interface Receiving extends Closable {
  readonly session: RunningSession;
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
  const { policy, clock, report: tell, act, take, negotiate } = options;
  let closing = false;

  const session: RunningSession = run({
    ...options,
    state: open('server', policy),
    deliver(stanza, position) {
      take(stanza);
      if (policy.deferHandling && position !== null) session.tell({ type: 'app.handled', position });
    },
    report(report) {
      try {
        tell(report);
      } finally {
        if (report.type === 'resumed' || report.type === 'ended') inTime();
        act(report);
        // It arrived from the store when its link had been closed already.
        if (report.type === 'hibernationStart' && closing) session.tell({ type: 'app.close' });
      }
    },
  });
  const link = session.attach(stream);
  const inTime = clock.at(clock.now() + options.negotiationTime * 1000, () =>
    session.tell({ type: 'app.close', error: 'connection-timeout' }),
  );

  return {
    session,
    link,
    read(element) {
      if (!link.receive(element)) link.inOrder(() => negotiate(element));
    },
    inTime,
    write: (xml) => session.tell({ type: 'app.writeUncounted', xml }),
    violated: (condition, text = '') => link.violated(peerViolation(condition, text)),
    close() {
      closing = true;
      session.tell({ type: 'app.close', error: 'system-shutdown' });
    },
  };
};
