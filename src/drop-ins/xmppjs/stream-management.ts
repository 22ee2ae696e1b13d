/**
 * Stream management for `@xmpp/client` 0.14, in place of its own module. xmpp.js keeps its sockets, SASL and reconnecting; every
 * stanza, in and out, goes through a session of ours, which decides everything: what happens to xmpp.js is told to the session,
 * and its effects are done to xmpp.js.
 *
 * ```ts
 * const xmpp = client({ service, username, password });
 * const sm = streamManagement(xmpp); // before xmpp.start()
 * const receipt = sm.send(xml('message', { to }, xml('body', {}, 'hello')));
 * await receipt.acked;
 * ```
 *
 * What changes for the application:
 * - It may send at any time: before `start`, offline, while a session is being resumed. Order is kept. `xmpp.send` resolves when
 *   the stanza is accepted, and the outgoing filters of xmpp.js run then; what became of it is told by its receipt.
 * - A session that is resumed does not emit `online` a second time: everything goes on. When it could not be resumed, `online` is
 *   emitted as for any new session.
 * - `xmpp.stop()` ends the session: every receipt is settled. When some are not, the server is asked and has 2 seconds to answer; what
 *   is sent meanwhile still goes out. What is sent afterwards is held for the next `start()`.
 * - When the server named a `location` and the service is an `xmpp://` or `xmpps://` address, the first attempt to come back goes there.
 * - xmpp.js sees no element of stream management, and its own `xmpp.streamManagement` stays idle.
 * - Stanzas that leave before the resource is bound are held: in-band registration is not possible through `xmpp.send`.
 */
import { type Policy, policy, type Report, type TraceLine } from '../../client.js';
import type { Clock } from '../../ports/index.js';
import type { Traced } from '../../session/environment.js';
import type { SessionStatus } from '../../session/status.js';
import { systemClock } from '../../session/timers.js';
import type { Element } from '../../xml.js';
import { awaitAnswers } from './answers.js';
import { entityOf, type XmppClient } from './entity.js';
import { IdleProbe } from './idle-probe.js';
import { askInline } from './inline.js';
import { followLocation } from './location.js';
import { limitNegotiation } from './negotiation-time.js';
import type { Receipt } from './receipt.js';
import { Sessions } from './sessions.js';
import { forgetUnfinishedLogins } from './unfinished-login.js';
import { followConnection, takeInput, takeOutput } from './wiring.js';

export type { XmppClient } from './entity.js';
export { type Receipt, type ReceiptState, UnacknowledgedError } from './receipt.js';

export interface StreamManagementOptions {
  readonly policy?: Partial<Policy>;
  readonly clock?: Clock;
  /**
   * What happens to messages that no connection ever carried when their session is lost or cannot be resumed: `unwritten` (the
   * default) sends them on the next one, under the same receipt; `none` fails them. Presence and IQ always fail: they belong to
   * their session. So does what was written: it may have arrived, and the application decides.
   */
  readonly resend?: 'unwritten' | 'none';
  /**
   * Seconds without anything from the server after which it is asked for an acknowledgement, so that a dead connection is
   * noticed although nothing is sent (then `policy.deadAfter` counts). Default 30; 0 never asks.
   */
  readonly probeAfter?: number;
  /**
   * Seconds from each attempt to connect until a session is there: a server that falls silent in between is given up, and xmpp.js
   * connects again. Default 30; 0 waits for ever.
   */
  readonly negotiationTime?: number;
  /** Every step of every session; `run` counts the sessions. SM-IDs are shortened. It needs `traced`. */
  readonly trace?: (line: TraceLine & { readonly run: number }) => void;
  /** The function `traced` of `smacks/client`. It is passed in, so that a client without a trace does not load it. */
  readonly traced?: Traced<'client'> | undefined;
}

export interface StreamManagement {
  /** Where the session stands. */
  readonly status: SessionStatus;
  /** Sends a message, presence or iq. @throws TypeError for anything else */
  send(stanza: Element): Receipt;
  /** Listens to the reports of the session, each under its type. @returns a function that ends it */
  on<T extends Report['type']>(type: T, listener: (report: Extract<Report, { type: T }>) => void): () => void;
  /** Asks the server for an acknowledgement now: to learn what has arrived, or whether it is still there. */
  probe(): void;
  /** The application has become inactive, or active again (XEP-0352); it tells the server itself. */
  inactive(): void;
  active(): void;
  /**
   * With `policy.deferHandling`: this stanza, as the event `stanza` gave it, has been taken care of. In any order. Nothing
   * happens for a stanza of a session that is over.
   */
  handled(stanza: Element): void;
}

/**
 * @param xmpp what `client()` of @xmpp/client made; it must not have been started before
 * @throws TypeError when it is something else, Error when it has been started
 */
export const streamManagement = (xmpp: XmppClient, options: StreamManagementOptions = {}): StreamManagement => {
  const { clock = systemClock, resend = 'unwritten', probeAfter = 30, negotiationTime = 30, trace, traced } = options;
  const entity = entityOf(xmpp);
  const passOn = entity._onElement.bind(entity);
  const handlers = new WeakMap<Element, () => void>();
  const deliver = (stanza: Element, handled: (() => void) | null): void => {
    if (handled !== null) handlers.set(stanza, handled);
    passOn(stanza);
  };
  const sessions = new Sessions({
    policy: policy(options.policy),
    clock,
    resend,
    deliver,
    traced,
    ...(trace && { trace }),
  });
  const idle = new IdleProbe(clock, probeAfter, () => sessions.current.requestAck());
  const login = forgetUnfinishedLogins(entity);
  followConnection(entity, sessions, clock, idle);
  awaitAnswers(entity, clock);
  followLocation(entity, sessions);
  askInline(entity, sessions);
  limitNegotiation(entity, sessions, clock, negotiationTime);
  takeInput(entity, sessions, passOn, idle, login);
  const send = takeOutput(entity, sessions, login, clock);
  return {
    get status() {
      return sessions.current.status;
    },
    send,
    on: (type, listener) => sessions.reports.add((report) => isOf(report, type) && listener(report)),
    probe: () => sessions.current.requestAck(),
    inactive: () => sessions.current.inactive(),
    active: () => sessions.current.active(),
    handled: (stanza) => handlers.get(stanza)?.(),
  };
};

const isOf = <T extends Report['type']>(report: Report, type: T): report is Extract<Report, { type: T }> =>
  report.type === type;
