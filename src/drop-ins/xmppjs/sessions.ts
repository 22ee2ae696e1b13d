/**
 * One session after the other, never none: when one is over the next is opened at once, so that there is always one to hold what
 * the application sends. Receipts live here, and outlive sessions.
 */
import { hasEnded, type Policy, type Report, type Returned, type TraceLine } from '../../client.js';
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
  /** Whether messages that no connection ever carried go out on the next session when theirs is lost. */
  readonly resend: 'unwritten' | 'none';
  /** `handled` says that the stanza has been taken care of, to the session that it came on; null when it is not counted. */
  deliver(stanza: Element, handled: (() => void) | null): void;
  /** `run` counts the sessions. */
  readonly trace?: (line: TraceLine & { readonly run: number }) => void;
  readonly traced?: Traced<'client'> | undefined;
}

export class Sessions {
  readonly reports = new Listeners<Report>();
  readonly #options: SessionsOptions;
  readonly #outbox = new Outbox();
  #begun = 0;
  #session: ClientSession;
  #stream: XmppStream | undefined;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#session = this.#begin();
  }

  /** The one that counts now. */
  get current(): ClientSession {
    return this.#session;
  }

  get stream(): XmppStream | undefined {
    return this.#stream;
  }

  /** Whether there is something that the server may still acknowledge on this connection. */
  get awaitAcks(): boolean {
    return !this.#outbox.isSettled && ['enabling', 'enabled'].includes(this.#session.status);
  }

  /** @throws TypeError when the element is no stanza */
  send(stanza: Element): Ticket {
    if (stanzaKind(stanza) === undefined)
      throw new TypeError(`<${stanza.name}/> is not a stanza that can be acknowledged`);
    const ticket = this.#outbox.accept(stanza);
    this.#transmit(ticket);
    return ticket;
  }

  /** Told of everything that was written to a link. */
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
      onStanza: (stanza, position) => deliver(stanza, position === null ? null : () => session.handled(position)),
      onReport: (report) => this.#hear(session, report),
    });
    return session;
  }

  #hear(session: ClientSession, report: Report): void {
    if (session === this.#session && hasEnded(session.state)) this.#session = this.#begin();
    if (report.type === 'acknowledged') this.#outbox.acknowledged(report.stanzas);
    if (report.type === 'returned') this.#giveBack(report);
    else this.reports.call(report);
  }

  /** What is sent again goes first, so that nothing the application does on hearing of the rest can overtake it. */
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

const SESSION_LOST: readonly string[] = ['resumptionFailed', 'lost', 'expired'];
