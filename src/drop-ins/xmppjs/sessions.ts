/**
 * The sequence of sessions: when a session is over, the next session opens at once, so that a session always exists to hold the
 * stanzas of the application. This object keeps the receipts, which live longer than a session.
 */
import { hasTag, type Policy, type Report, type Returned, type TraceLine } from '../../client.js';
import type { Clock } from '../../ports/index.js';
import { type ClientSession, createSession } from '../../session/client-session.js';
import type { Traced } from '../../session/environment.js';
import type { Element } from '../../xml.js';
import { stanzaKind } from './features.js';
import { Listeners } from './listeners.js';
import { Outbox } from './outbox.js';
import type { Ticket } from './receipt.js';
import type { XmppStream } from './stream.js';

export interface SessionsOptions {
  readonly policy: Policy;
  readonly clock: Clock;
  /** Whether messages that were never written to a connection go out on the next session when their session is lost. */
  readonly resend: 'unwritten' | 'none';
  /** `handled` tells the session of the stanza that the application has handled it; null when the stanza is not counted. */
  deliver(stanza: Element, handled: (() => void) | null): void;
  /** `run` counts the sessions. */
  readonly trace?: (line: TraceLine & { readonly run: number }) => void;
  readonly traced?: Traced<'client'> | undefined;
}

export class Sessions {
  readonly reports = new Listeners<Report>();
  readonly #options: SessionsOptions;
  readonly #outbox = new Outbox();
  /** The number of times that counting began anew. */
  #counted = 0;
  #begun = 0;
  #session: ClientSession;
  #stream: XmppStream | undefined;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#session = this.#begin();
  }

  /** The present session. */
  get current(): ClientSession {
    return this.#session;
  }

  get stream(): XmppStream | undefined {
    return this.#stream;
  }

  /** Whether the server may still acknowledge stanzas on this connection. */
  get awaitAcks(): boolean {
    return !this.#outbox.isSettled && ['enabling', 'enabled'].includes(this.#session.status);
  }

  /** @throws TypeError when the element is not a stanza */
  send(stanza: Element): Ticket {
    if (stanzaKind(stanza) === undefined)
      throw new TypeError(`<${stanza.name}/> is not a stanza that can be acknowledged`);
    const ticket = this.#outbox.accept(stanza);
    this.#transmit(ticket);
    return ticket;
  }

  /** Gets every text that was written to a link. */
  readonly wrote = (xml: string): void => this.#outbox.wrote(xml);

  attach(stream: XmppStream): void {
    this.#stream = stream;
    stream.handle = this.#session.attach(stream);
  }

  detach(): void {
    const stream = this.#stream;
    this.#stream = undefined;
    stream?.gone();
  }

  #begin(): ClientSession {
    const { policy, clock, deliver, trace, traced } = this.#options;
    this.#begun += 1;
    const number = this.#begun;
    const session: ClientSession = createSession({
      policy,
      clock,
      ...(trace && { traced, onTrace: (line: TraceLine) => trace({ ...line, run: number }) }),
      onStanza: (stanza, position) => deliver(stanza, position === null ? null : this.#handling(session, position)),
      onReport: (report) => this.#hear(session, report),
    });
    return session;
  }

  /** A stanza of a session that is over, or was not resumed, counts for no other session. */
  #handling(session: ClientSession, position: number): () => void {
    const counted = this.#counted;
    return () => {
      if (counted === this.#counted) session.handled(position);
    };
  }

  #hear(session: ClientSession, report: Report): void {
    if (report.type === 'ended' || (report.type === 'hibernationEnd' && !report.resumed)) this.#counted += 1;
    if (session === this.#session && hasTag(session.state, 'over')) this.#session = this.#begin();
    if (report.type === 'acknowledged') this.#outbox.acknowledged(report.stanzas);
    if (report.type === 'returned') this.#giveBack(report);
    else this.reports.call(report);
  }

  /** Sends stanzas again before it reports the failed stanzas, so that the application's reaction cannot overtake them. */
  #giveBack(report: Extract<Report, { type: 'returned' }>): void {
    const lost = SESSION_LOST.includes(report.reason) && this.#options.resend === 'unwritten';
    const isUnsent = ({ written, kind }: Returned): boolean => lost && !written && kind === 'message';
    for (const ticket of this.#outbox.reopen(report.stanzas.filter(isUnsent))) this.#transmit(ticket);
    const stanzas = report.stanzas.filter((stanza) => !isUnsent(stanza));
    if (stanzas.length === 0) return;
    this.#outbox.failed(report.reason, stanzas);
    this.reports.call({ ...report, stanzas });
  }

  #transmit({ key, stanza, xml }: Ticket): void {
    const kind = stanzaKind(stanza);
    if (kind !== undefined) this.#session.send({ xml, kind, type: String(stanza.attrs.type ?? ''), key });
  }
}

const SESSION_LOST: readonly string[] = ['resumptionFailed', 'lost'];
