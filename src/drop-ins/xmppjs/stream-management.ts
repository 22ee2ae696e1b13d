/**
 * Stream management for `@xmpp/client` 0.14, in place of its own module. xmpp.js keeps its sockets, SASL and reconnecting; every
 * stanza, in and out, goes through a session of this package, which makes all decisions: the adapter gives the events of xmpp.js
 * to the session, and carries out the effects of the session on xmpp.js.
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
 *   the stanza is accepted, and the outgoing filters of xmpp.js run then; its receipt tells the delivery state.
 * - A resumed session does not emit `online` a second time. When resumption fails, xmpp.js emits `online` as for any new session.
 * - `xmpp.stop()` ends the session and settles every receipt. If receipts are open, the adapter first asks the server, which has 2
 *   seconds to answer; stanzas sent in this time still go out. The adapter holds later stanzas for the next `start()`.
 * - When the server named a `location` and the service is an `xmpp://` or `xmpps://` address, the first attempt to come back goes there.
 * - xmpp.js sees no element of stream management, and its own `xmpp.streamManagement` stays idle.
 * - The adapter holds stanzas until the resource is bound, so in-band registration is not possible through `xmpp.send`.
 */
import { check, checkElement, checkFunction, checkNames, checkSeconds, checkText } from '../../arguments/check.js';
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
   * The rule for messages that were never written to a connection, when their session is lost or cannot be resumed: `unwritten` (the
   * default) sends them on the next session, under the same receipt; `none` fails them. Presence and IQ always fail, because they
   * belong to their session. Written messages fail too: they may have arrived, so the application decides.
   */
  readonly resend?: 'unwritten' | 'none';
  /**
   * Seconds without input from the server after which the adapter asks for an acknowledgement. It finds a dead connection even if
   * the application sends no stanzas (`policy.deadAfter` limits the wait for the answer). Default 30; 0 never asks.
   */
  readonly probeAfter?: number;
  /**
   * Seconds from each attempt to connect until the session is ready. After this time the adapter drops the connection, and xmpp.js
   * connects again. Default 30; 0 is no limit.
   */
  readonly negotiationTime?: number;
  /** Every step of every session; `run` counts the sessions. SM-IDs are shortened. It needs `traced`. */
  readonly trace?: (line: TraceLine & { readonly run: number }) => void;
  /** The function `traced` of `smacks/client`. The caller passes it in, so that a client without a trace does not load it. */
  readonly traced?: Traced<'client'> | undefined;
}

export interface StreamManagement {
  /** The status of the session. */
  readonly status: SessionStatus;
  /** Sends a message, presence or iq. @throws TypeError for anything else */
  send(stanza: Element): Receipt;
  /** Listens to the reports of the session, each under its type. @returns a function that removes the listener */
  on<T extends Report['type']>(type: T, listener: (report: Extract<Report, { type: T }>) => void): () => void;
  /** Asks the server for an acknowledgement now: to learn which stanzas arrived, or whether the connection works. */
  probe(): void;
  /** The application has become inactive (XEP-0352); the application itself tells the server. */
  inactive(): void;
  /** The application has become active again (XEP-0352): the session asks for acknowledgements at its ordinary pace (M-5). */
  active(): void;
  /**
   * With `policy.deferHandling`: the application has handled this stanza, the object of the event `stanza`, in any order. The
   * call has no effect for a stanza of an ended session.
   */
  handled(stanza: Element): void;
}

/**
 * @param xmpp the result of `client()` of @xmpp/client, before `start()`
 * @throws TypeError that names the argument or the option, Error when it has been started
 */
export const streamManagement = (xmpp: XmppClient, options: StreamManagementOptions = {}): StreamManagement => {
  checkOptions(options);
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
    on(type, listener) {
      checkText('type', type);
      checkFunction('listener', listener);
      return sessions.reports.add((report) => isOf(report, type) && listener(report));
    },
    probe: () => sessions.current.requestAck(),
    inactive: () => sessions.current.inactive(),
    active: () => sessions.current.active(),
    handled(stanza) {
      checkElement('stanza', stanza);
      handlers.get(stanza)?.();
    },
  };
};

const checkOptions = (options: StreamManagementOptions): void => {
  checkNames('options', options, OPTIONS);
  const { resend, probeAfter = 0, negotiationTime = 0, trace, traced } = options;
  const isKnown = resend === undefined || resend === 'unwritten' || resend === 'none';
  check(isKnown, 'options.resend', "'unwritten' or 'none'", resend);
  checkSeconds('options.probeAfter', probeAfter);
  checkSeconds('options.negotiationTime', negotiationTime);
  if ((trace ?? traced) === undefined) return;
  checkFunction('options.trace', trace);
  checkFunction('options.traced', traced);
};

const OPTIONS: Readonly<Record<keyof StreamManagementOptions, true>> = {
  policy: true,
  clock: true,
  resend: true,
  probeAfter: true,
  negotiationTime: true,
  trace: true,
  traced: true,
};

const isOf = <T extends Report['type']>(report: Report, type: T): report is Extract<Report, { type: T }> =>
  report.type === type;
