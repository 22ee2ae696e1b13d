/**
 * A client of our own: the session of `smacks/client` over our own transports, and nothing else but what every client
 * needs. It connects again when a connection is lost, and opens a new session when one is over.
 */

import { hasTag, type Policy, type Report } from '../../../src/index.js';
import { type ClientSession, createSession } from '../../../src/session/client-session.js';
import type { LinkHandle } from '../../../src/session/running-session.js';
import { type Element, escapeXml, type StreamParser } from '../../../src/xml.js';
import type { Carrier } from './carrier.js';
import { type Credentials, Login } from './login.js';
import { Receipts } from './receipts.js';

export interface OwnClientOptions extends Credentials {
  readonly carrier: Carrier;
  readonly domain: string;
  readonly resource: string;
  readonly policy: Partial<Policy>;
  /** Milliseconds between the loss of a connection, or an attempt that failed, and the next attempt. */
  readonly reconnectDelay: number;
  onReport(report: Report): void;
  /** @param handled says that the stanza is handled: to be called when the policy has `deferHandling`, at any time, once */
  onStanza(stanza: Element, handled: () => void): void;
}

export class OwnClient {
  readonly #receipts = new Receipts();
  readonly #options: OwnClientOptions;
  #session: ClientSession;
  #gone: Promise<void> | undefined;
  #closing = false;
  /** Sessions before this one: what they got is no longer to be handled. */
  #sessions = 0;
  #jid = '';

  constructor(options: OwnClientOptions) {
    this.#options = options;
    this.#session = this.#begin();
  }

  /** The full JID, '' before a resource is bound. */
  get jid(): string {
    return this.#jid;
  }

  probe(): void {
    this.#session.requestAck();
  }

  /** Sends a chat message, online or not; `acked` settles with its receipt. */
  send(to: string, id: string, body = id): { readonly acked: Promise<void> } {
    const { key, acked } = this.#receipts.issue();
    const stanza = `<message to='${escapeXml(to)}' id='${escapeXml(id)}' type='chat'><body>${escapeXml(body)}</body></message>`;
    this.#session.send({ xml: stanza, kind: 'message', type: 'chat', key });
    return { acked };
  }

  /** Resolves when the connection is gone; there will be no other. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#session.close();
    await this.#gone;
  }

  /** Connects, and again whenever that fails or the connection is lost. */
  start(): void {
    if (this.#closing) return;
    this.#gone = new Promise((resolve) => {
      const again = (): void => {
        resolve();
        setTimeout(() => this.start(), this.#options.reconnectDelay).unref();
      };
      this.#connect(again).catch(again);
    });
  }

  #begin(): ClientSession {
    const session: ClientSession = createSession({
      policy: this.#options.policy,
      onStanza: (stanza, position) => this.#deliver(stanza, this.#handling(position)),
      onReport: (report) => this.#hear(session, report),
    });
    return session;
  }

  #hear(session: ClientSession, report: Report): void {
    if (session === this.#session && hasTag(session.state, 'over')) {
      this.#session = this.#begin();
      this.#sessions += 1;
    }
    if (report.type === 'acknowledged') this.#receipts.acknowledged(report.stanzas);
    if (report.type === 'returned') this.#receipts.returned(report.reason, report.stanzas);
    if (report.type === 'resumptionFailed') {
      this.#sessions += 1;
      this.#bind();
    }
    this.#options.onReport(report);
  }

  #handling(position: number | null): () => void {
    const session = this.#sessions;
    return () => {
      if (position !== null && session === this.#sessions) this.#session.handled(position);
    };
  }

  #deliver(stanza: Element, handled: () => void): void {
    if (!stanza.is('iq') || stanza.attrs.id !== 'bind') {
      this.#options.onStanza(stanza, handled);
      return;
    }
    this.#jid = stanza.getChild('bind', BIND)?.getChildText('jid') ?? '';
    this.#session.bound();
    this.#session.enable();
  }

  #bind(): void {
    const { resource } = this.#options;
    const xml = `<iq type='set' id='bind'><bind xmlns='${BIND}'><resource>${escapeXml(resource)}</resource></bind></iq>`;
    this.#session.writeUncounted(xml);
  }

  /** Resolves when connected; `over` is called when the connection is lost. */
  async #connect(over: () => void): Promise<void> {
    const { carrier, domain, user } = this.#options;
    const { framing } = carrier;
    const session = this.#session;
    let parser: StreamParser | undefined;
    let link: LinkHandle | undefined;

    const { transport, startTls } = await carrier.open({
      data: (text) => parser?.write(text),
      closed() {
        link?.lost();
        over();
      },
    });
    const openStream = (): void => {
      parser = framing.createParser(
        {},
        {
          streamOpen() {},
          element: (element) => link?.receive(element) || login.take(element),
          streamClose: () => link?.closed(),
          violation: (violation) => link?.violated(violation),
        },
      );
      transport.write(framing.header({ to: domain, version: '1.0' }));
    };
    const login = new Login(this.#options, {
      write: (xml) => session.writeUncounted(xml),
      open: openStream,
      startTls,
      authenticated: () => session.authenticated(`${user}@${domain}`),
      tryAgain: () => transport.destroy(),
      ready: () => (session.canResume ? session.resume() : this.#bind()),
    });
    link = session.attach({
      write: (xml) => transport.write(framing.frame(xml)),
      close() {
        transport.write(framing.footer);
        transport.end();
      },
      destroy: () => transport.destroy(),
      pause: () => transport.pause(),
      resume: () => transport.resume(),
    });
    openStream();
  }
}

const BIND = 'urn:ietf:params:xml:ns:xmpp-bind';
