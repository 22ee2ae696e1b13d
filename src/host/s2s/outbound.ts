/**
 * Our way to another domain: one session, and the connections under it, one after the other. It begins with the first stanza
 * and ends when the session is over; what the session leaves over goes back to its senders.
 */

import {
  hasEnded,
  type Policy,
  peerViolation,
  type Report,
  type Returned,
  type ReturnReason,
  SM_3,
  type StanzaKind,
  type TraceLine,
} from '../../index.js';
import type { Clock } from '../../ports/index.js';
import { type ClientSession, createSession } from '../../session/client-session.js';
import type { LinkHandle, Stream } from '../../session/running-session.js';
import { CLIENT, decodeStreamError, type Element, SERVER, STREAMS } from '../../xml.js';
import type { StanzaCondition } from '../stanza-error.js';
import { readStored } from '../stored-stanza.js';
import { backoff } from './backoff.js';
import { translated } from './content.js';
import { type Address, dial } from './dial.js';
import { type ReceivedDialback, readDialback, writeDialback } from './dialback.js';
import type { Keys } from './keys.js';

/** Milliseconds for which features are awaited behind a verification: a server with stream management sends them at once. */
const FEATURES_WAIT = 1_000;

export interface OutboundOptions {
  /** Ours. */
  readonly domain: string;
  /** The one this leads to, and where. */
  readonly remote: string;
  readonly address: Address;
  readonly keys: Keys;
  readonly policy: Policy;
  readonly clock: Clock;
  /** Seconds a new session may take to begin, and each connection to be verified. */
  readonly negotiationTime: number;
  readonly trace?: (line: TraceLine & { readonly session: string }) => void;
  readonly report: (session: string, report: Report) => void;
  /** A stanza that nobody acknowledged, or that could not be sent; in the namespace of clients. */
  readonly failed: (stanza: Element, returned: Returned, condition: StanzaCondition) => void;
  /** It is over, and nothing more comes. */
  readonly ended: () => void;
}

export interface Outbound {
  /** A stanza of a local user, in the namespace of clients. Before there is a stream it waits. */
  send(stanza: Element, kind: StanzaKind): void;
  /**
   * Ends the session, when what was sent is acknowledged or cannot be; what it leaves over is given back.
   * @returns resolves when no connection is left
   */
  close(): Promise<void>;
  /** There is a stream on which stanzas are sent. */
  readonly isUp: boolean;
}

/** Milliseconds for which a session that is to end waits for the last acknowledgement. */
const LAST_ACK_WAIT = 1_000;

/** What the connection waits for. */
type Stage = 'stream' | 'features' | 'verification' | 'sm' | 'answer';

export const createOutbound = (options: OutboundOptions): Outbound => {
  const { domain, remote, clock } = options;
  const name = `${domain}->${remote}`;
  let failures = 0;
  /** Verified streams in a row on which no features came. */
  let silences = 0;
  let closing = false;
  let condition: StanzaCondition = 'remote-server-timeout';
  let current: Stream | undefined;
  let cancelRetry = (): void => {};
  let cancelWait = (): void => {};
  let resolveGone = (): void => {};
  const gone = new Promise<void>((resolve) => (resolveGone = resolve));

  const session: ClientSession = createSession({
    policy: options.policy,
    clock,
    reading: { contentNamespace: SERVER },
    ...(options.trace && { onTrace: (line: TraceLine) => options.trace?.({ ...line, session: name }) }),
    onStanza: () => link?.violated(peerViolation('not-authorized', 'stanzas come on a stream of your own')),
    onReport: (report) => hear(report),
  });
  let link: LinkHandle | undefined;

  const hear = (report: Report): void => {
    try {
      options.report(name, report);
    } finally {
      act(report);
    }
  };

  const act = (report: Report): void => {
    if (report.type === 'enabled' || report.type === 'resumed') up();
    if (closing) takeLeave(report);
    // The stream is good, and the session of before is not: what follows begins a new one.
    if (report.type === 'resumptionFailed') session.enable();
    if (report.type === 'returned') for (const stanza of report.stanzas) giveBack(stanza, report.reason);
    if (report.type === 'ended') over();
  };

  /** What was sent is to be acknowledged first; of a link that breaks now, nobody waits for the next. */
  const takeLeave = ({ type: what }: Report): void => {
    if (what === 'enabled' || what === 'resumed') session.requestAck();
    if (what === 'hibernationStart') giveUp();
    if (what === 'acknowledged' && session.counters.unacked === 0) giveUp();
  };

  const giveBack = (returned: Returned, reason: ReturnReason): void => {
    const { xml, kind, type, written } = returned;
    // Written to a stream without acknowledgements: nobody will tell.
    if (reason === 'unmanaged') return;
    if (reason === 'resumptionFailed' && !written) session.send({ xml, kind, type });
    else {
      const element = readStored(xml);
      const why = reason === 'queueFull' ? 'resource-constraint' : condition;
      if (element !== undefined) options.failed(translated(element, SERVER, CLIENT), returned, why);
    }
  };

  const up = (): void => {
    failures = 0;
    silences = 0;
    cancelGiveUp();
  };

  const over = (): void => {
    cancelGiveUp();
    cancelRetry();
    cancelWait();
    options.ended();
    if (current === undefined) resolveGone();
    // The session closes a connection that it has, and knows nothing of one that is being made.
    else if (link === undefined) current.destroy();
  };

  const giveUp = (why = condition): void => {
    condition = why;
    session.close();
  };

  /** The other server will not have us: a session that may still be resumed waits for better times. */
  const refused = (why: StanzaCondition): void => {
    if (waits()) current?.destroy();
    else giveUp(why);
  };

  const retry = (): void => {
    if (hasEnded(session.state)) return;
    if (!waits() && session.counters.unacked === 0) giveUp();
    else cancelRetry = clock.at(clock.now() + backoff(failures, Math.random()), attempt);
    failures += 1;
  };

  const attempt = (): void => {
    let stage: Stage = 'stream';
    let streamId = '';

    const verified = (): void => {
      stage = 'sm';
      cancelWait();
      session.verified(remote);
      // Whoever has a session of ours had stream management, and may take its time to say so.
      const patience = mayResume() ? options.negotiationTime * 1000 : FEATURES_WAIT;
      cancelWait = clock.at(clock.now() + patience, goOn);
    };

    /** No features came. A session that can be resumed is asked for once more; then the other server is taken to have lost it. */
    const goOn = (): void => {
      if (mayResume()) {
        silences += 1;
        current?.destroy();
      } else begin(false);
    };

    const mayResume = (): boolean => silences === 0 && session.canResume;

    const begin = (isOffered: boolean): void => {
      cancelWait();
      stage = 'answer';
      if (!isOffered) session.decline();
      else if (session.canResume) session.resume();
      else session.enable();
      if (!isOffered) up();
    };

    const hearDialback = ({ name: what, from, to, type }: ReceivedDialback): void => {
      if (what !== 'result' || stage !== 'verification' || from !== remote || to !== domain) return;
      if (type === 'valid') verified();
      else refused(type === 'invalid' ? 'internal-server-error' : 'remote-server-timeout');
    };

    const negotiate = (element: Element): void => {
      const dialback = readDialback(element);
      if (dialback !== undefined && dialback !== 'misaddressed') hearDialback(dialback);
      if (!element.is('features', STREAMS)) return;
      if (stage === 'sm') begin(element.getChildElements().some((feature) => feature.is('sm', SM_3)));
      if (stage !== 'features') return;
      stage = 'verification';
      const key = options.keys.make({ receiving: remote, originating: domain, streamId });
      write(writeDialback({ name: 'result', from: domain, to: remote, key }));
    };

    const write = (xml: string): void => session.writeUncounted(xml);

    cancelWait = clock.at(clock.now() + options.negotiationTime * 1000, () => current?.destroy());
    current = dial(
      { address: options.address, from: domain, to: remote },
      {
        connected() {
          if (current !== undefined) link = session.attach(current);
        },
        opened(id) {
          streamId = id;
          stage = 'features';
        },
        element(element) {
          if (stage !== 'answer' && element.is('error', STREAMS) && decodeStreamError(element) === 'host-unknown')
            refused('remote-server-not-found');
          else if (link?.receive(element) === false) link.inOrder(() => negotiate(element));
        },
        streamClose: () => link?.closed(),
        violation: (violation) => link?.violated(violation),
        lost() {
          cancelWait();
          current = undefined;
          link?.lost();
          link = undefined;
          if (hasEnded(session.state)) resolveGone();
          else retry();
        },
      },
    );
  };

  const isUp = (): boolean => ['enabling', 'enabled', 'unmanaged'].includes(session.status);

  /** The session may still be resumed. */
  const waits = (): boolean => session.status === 'hibernating' || session.status === 'resuming';

  const cancelGiveUp = clock.at(clock.now() + options.negotiationTime * 1000, () => giveUp());
  attempt();
  return {
    send(stanza, kind) {
      const text = translated(stanza, CLIENT, SERVER).toString();
      session.send({ xml: text, kind, type: stanza.attrs.type ?? '' });
    },
    close() {
      closing = true;
      if (!isUp() || session.counters.unacked === 0) giveUp();
      else {
        session.requestAck();
        cancelWait();
        cancelWait = clock.at(clock.now() + LAST_ACK_WAIT, () => giveUp());
      }
      return gone;
    },
    get isUp() {
      return isUp();
    },
  };
};
