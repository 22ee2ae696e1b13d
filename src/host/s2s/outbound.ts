/**
 * Our session to another domain, and its connections, one after the other. It begins with the first stanza and ends
 * when the session is over; returned stanzas go back to their senders.
 */
import { type ClientSession, createSession } from '../../client.js';
import {
  type Entry,
  type Policy,
  peerViolation,
  type Report,
  type Returned,
  type ReturnReason,
  type StanzaKind,
  type TraceLine,
  traced,
} from '../../index.js';
import { CLIENT, type Element, SERVER, stampText } from '../../xml.js';
import type { Pressure } from '../pressure.js';
import type { StanzaCondition } from '../stanza-error.js';
import { readStored } from '../stored-stanza.js';
import { backoff } from './backoff.js';
import { translated } from './content.js';
import { OutboundConnection, type OutboundConnectionOptions, type OutboundOwner } from './outbound-connection.js';

export interface OutboundOptions extends OutboundConnectionOptions {
  readonly policy: Policy;
  readonly trace: ((line: TraceLine & { readonly session: string }) => void) | undefined;
  readonly report: (session: string, report: Report) => void;
  /** A stanza was not acknowledged, or could not be sent; it is in the namespace of clients. */
  readonly failed: (stanza: Element, returned: Returned, condition: StanzaCondition) => void;
  readonly pressure: Pressure;
  /** The session is over. */
  readonly ended: (outbound: Outbound) => void;
}

/** Milliseconds to wait for the last acknowledgement before the session ends. */
const LAST_ACK_WAIT = 1_000;
/** A first connection that takes less milliseconds makes no stanza late. */
const QUICK = 1_000;

export class Outbound implements OutboundOwner {
  readonly session: ClientSession;
  readonly #options: OutboundOptions;
  readonly #name: string;
  readonly #cancelGiveUp: () => void;
  #cancelRetry = (): void => {};
  #cancelLastAck = (): void => {};
  #connection: OutboundConnection | undefined;
  /** Attempts that failed since the last stream. */
  #failures = 0;
  /** Verified connections in a row on which no features came. */
  #silences = 0;
  #isClosing = false;
  /** The error condition for stanzas that fail. */
  #condition: StanzaCondition = 'remote-server-timeout';
  #resolveGone = (): void => {};
  readonly #gone = new Promise<void>((resolve) => (this.#resolveGone = resolve));

  constructor(options: OutboundOptions) {
    const { domain, remote, policy, clock, negotiationTime, trace } = options;
    this.#options = options;
    this.#name = `${domain}->${remote}`;
    this.session = createSession({
      policy,
      clock,
      reading: { contentNamespace: SERVER },
      lateText: (stanza) => (this.#isQuick(stanza) ? stanza.xml : this.#stamped(stanza)),
      onStanza: () => this.#connection?.violation(STANZA_ON_WRONG_STREAM),
      onReport: (report) => this.#hear(report),
      ...(trace && { traced, onTrace: (line) => trace({ ...line, session: this.#name }) }),
    });
    this.#cancelGiveUp = clock.at(clock.now() + negotiationTime * 1000, () => this.#giveUp());
    this.#connect();
  }

  /** There is a stream on which stanzas are sent. */
  get isUp(): boolean {
    return ['enabling', 'enabled', 'unmanaged'].includes(this.session.status);
  }

  get expectsResumption(): boolean {
    return this.#silences === 0 && this.session.canResume;
  }

  /** A stanza of a local user, in the namespace of clients. The session keeps the stanza while there is no stream. */
  send(stanza: Element, kind: StanzaKind): void {
    const xml = translated(stanza, CLIENT, SERVER).toString();
    this.session.send({ xml, kind, type: stanza.attrs.type ?? '' });
  }

  /**
   * Ends the session when all stanzas are acknowledged, or after a short wait; the other stanzas are returned.
   * @returns resolves when no connection is left
   */
  close(): Promise<void> {
    const { clock } = this.#options;
    this.#isClosing = true;
    if (!this.isUp || this.session.counters.unacked === 0) this.#giveUp();
    else {
      this.session.requestAck();
      this.#cancelLastAck = clock.at(clock.now() + LAST_ACK_WAIT, () => this.#giveUp());
    }
    return this.#gone;
  }

  up(): void {
    this.#failures = 0;
    this.#silences = 0;
    this.#cancelGiveUp();
  }

  /** A session that can still be resumed waits for the next connection. */
  refused(condition: StanzaCondition): void {
    if (this.#waits()) this.#connection?.destroy();
    else this.#giveUp(condition);
  }

  /** The host tries to resume once more; after that it assumes that the other server has lost the session. */
  offeredNothing(): void {
    this.#silences += 1;
    this.#connection?.destroy();
  }

  lost(): void {
    this.#connection = undefined;
    if (this.#isOver()) this.#resolveGone();
    else this.#retry();
  }

  #connect(): void {
    this.#connection = new OutboundConnection(this.#options, this);
  }

  #retry(): void {
    const { clock } = this.#options;
    if (!this.#waits() && this.session.counters.unacked === 0) this.#giveUp();
    else this.#cancelRetry = clock.at(clock.now() + backoff(this.#failures, Math.random()), () => this.#connect());
    this.#failures += 1;
  }

  #giveUp(condition = this.#condition): void {
    this.#condition = condition;
    this.session.close();
  }

  #hear(report: Report): void {
    try {
      this.#options.report(this.#name, report);
    } finally {
      // An error that the embedder throws changes nothing here.
      this.#act(report);
    }
  }

  #act(report: Report): void {
    this.#options.pressure.hear(this.session, report);
    if (report.type === 'enabled' || report.type === 'resumed') this.up();
    if (this.#isClosing) this.#hastenEnd(report);
    // The stream works, but the former session is lost: a new session begins on the stream.
    if (report.type === 'resumptionFailed') this.session.enable();
    if (report.type === 'returned') for (const stanza of report.stanzas) this.#giveBack(stanza, report.reason);
    // The senders of the stanzas cannot wait for ever for a server that does not come back.
    if (report.type === 'overdue') this.#giveUp();
    if (report.type === 'ended') this.#ended();
  }

  /** A session that must end waits for the acknowledgement of sent stanzas, but not for another connection. */
  #hastenEnd({ type }: Report): void {
    if (type === 'enabled' || type === 'resumed') this.session.requestAck();
    if (type === 'hibernationStart') this.#giveUp();
    if (type === 'acknowledged' && this.session.counters.unacked === 0) this.#giveUp();
  }

  #giveBack(returned: Returned, reason: ReturnReason): void {
    const { kind, type, written } = returned;
    // Without stream management the other server acknowledges no stanza: a written stanza counts as arrived.
    if (reason === 'unmanaged') return;
    if (reason === 'resumptionFailed' && !written) {
      this.session.send({ xml: this.#stamped(returned), kind, type });
      return;
    }
    const stanza = readStored(returned.xml);
    const condition = reason === 'queueFull' ? 'resource-constraint' : this.#condition;
    if (stanza !== undefined) this.#options.failed(translated(stanza, SERVER, CLIENT), returned, condition);
  }

  #ended(): void {
    this.#cancelGiveUp();
    this.#cancelRetry();
    this.#cancelLastAck();
    this.#options.ended(this);
    if (this.#connection === undefined) this.#resolveGone();
    else this.#connection.sessionEnded();
  }

  /** The stanza goes out on the first connection, which came at once. */
  #isQuick({ at }: Entry): boolean {
    return this.session.smId === null && this.#options.clock.now() - at < QUICK;
  }

  /** The text of a stanza that goes out late (XEP-0203). */
  #stamped(stanza: Entry): string {
    return stampText(stanza, { from: this.#options.domain, stamp: stanza.at });
  }

  /** The session may still be resumed. */
  #waits(): boolean {
    return this.session.status === 'hibernating' || this.session.status === 'resuming';
  }

  #isOver(): boolean {
    return this.session.status === 'ended';
  }
}

const STANZA_ON_WRONG_STREAM = peerViolation('not-authorized', 'stanzas come on a stream of your own');
