/**
 * A client of our own: the session of `adapters/session.ts` over the transport of `adapters/node-stream.ts`, and nothing else but
 * what every client needs. It connects again when a connection is lost, and opens a new session when one is over.
 */
import { connect, type NodeTransport, startTlsClient } from '../../../src/adapters/node-stream.js';
import { type LinkHandle, type RunningSession, run } from '../../../src/adapters/session.js';
import { hasEnded, open, policy, type Report } from '../../../src/index.js';
import {
  CLIENT,
  createStreamParser,
  type Element,
  escapeXml,
  STREAMS,
  type StreamParser,
} from '../../../src/xml/index.js';
import { type Client, type ClientOptions, type Connect, POLICY, RECONNECT_DELAY } from './client.js';
import { Inbox } from './inbox.js';
import { Login } from './login.js';
import { Receipts } from './receipts.js';
import { Reports } from './reports.js';

export const connectOwn: Connect = async (options) => {
  const client = new OwnClient(options);
  client.start();
  await client.reports.nth('enabled');
  return client;
};

class OwnClient implements Client {
  readonly reports: Reports;
  readonly #receipts = new Receipts();
  readonly #inbox: Inbox;
  readonly #options: ClientOptions;
  #session: RunningSession;
  #gone: Promise<void> | undefined;
  #closing = false;
  #jid = '';

  constructor(options: ClientOptions) {
    this.#options = options;
    this.reports = new Reports(options.onLive);
    this.#inbox = new Inbox(options.onMessage);
    this.#session = this.#begin();
  }

  get jid(): string {
    return this.#jid;
  }

  get messages(): Inbox['messages'] {
    return this.#inbox.messages;
  }

  received(count: number): Promise<void> {
    return this.#inbox.received(count);
  }

  probe(): void {
    this.#session.tell({ type: 'app.probe' });
  }

  send(to: string, id: string, body = id): { readonly acked: Promise<void> } {
    const { key, acked } = this.#receipts.issue();
    const stanza = `<message to='${escapeXml(to)}' id='${escapeXml(id)}' type='chat'><body>${escapeXml(body)}</body></message>`;
    this.#session.tell({ type: 'app.send', stanza, kind: 'message', stanzaType: 'chat', key });
    return { acked };
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#session.tell({ type: 'app.close' });
    await this.#gone;
  }

  start(): void {
    if (this.#closing) return;
    this.#gone = new Promise((resolve) => {
      const again = (): void => {
        resolve();
        setTimeout(() => this.start(), RECONNECT_DELAY).unref();
      };
      this.#connect(again).catch(again);
    });
  }

  #begin(): RunningSession {
    const session = run({
      state: open('client', policy({ ...POLICY, ...this.#options.policy })),
      deliver: (stanza) => this.#deliver(stanza),
      report: (report) => this.#hear(session, report),
    });
    return session;
  }

  #hear(session: RunningSession, report: Report): void {
    if (session === this.#session && hasEnded(session.state)) this.#session = this.#begin();
    if (report.name === 'acknowledged') this.#receipts.acknowledged(report.stanzas);
    if (report.name === 'returned') this.#receipts.returned(report.reason, report.stanzas);
    if (report.name === 'resumptionFailed') this.#bind();
    this.reports.add(report);
  }

  #deliver(stanza: Element): void {
    if (!stanza.is('iq') || stanza.attrs.id !== 'bind') {
      this.#inbox.add(stanza);
      return;
    }
    this.#jid = stanza.getChild('bind', BIND)?.getChildText('jid') ?? '';
    this.#session.tell({ type: 'app.bound' });
    this.#session.tell({ type: 'app.enable' });
  }

  #bind(): void {
    const { resource } = this.#options;
    const xml = `<iq type='set' id='bind'><bind xmlns='${BIND}'><resource>${escapeXml(resource)}</resource></bind></iq>`;
    this.#session.tell({ type: 'app.negotiate', xml });
  }

  /** Resolves when connected; `over` is called when the connection is lost. */
  async #connect(over: () => void): Promise<void> {
    const { entrance, port, user } = this.#options;
    const session = this.#session;
    let parser: StreamParser | undefined;
    let link: LinkHandle | undefined;

    const tls = { ca: entrance.ca, servername: entrance.domain };
    const transport: NodeTransport = await connect(
      { host: '127.0.0.1', port, ...(entrance.transport === 'direct TLS' && { tls }) },
      {
        data: (text) => parser?.write(text),
        closed() {
          link?.lost();
          over();
        },
      },
    );
    const openStream = (): void => {
      parser = parserFor();
      transport.write(
        `<?xml version='1.0'?><stream:stream to='${entrance.domain}' version='1.0' xmlns='${CLIENT}' xmlns:stream='${STREAMS}'>`,
      );
    };
    const login = new Login(entrance, user, {
      write: (xml) => session.tell({ type: 'app.negotiate', xml }),
      open: openStream,
      startTls() {
        startTlsClient(transport, tls);
        openStream();
      },
      authenticated: () => session.tell({ type: 'app.authenticated', owner: `${user}@${entrance.domain}` }),
      ready: () =>
        session.state.configuration.startsWith('hibernating') ? session.tell({ type: 'app.resume' }) : this.#bind(),
    });
    const parserFor = (): StreamParser =>
      createStreamParser(
        {},
        {
          streamOpen() {},
          element: (element) => link?.receive(element) || login.take(element),
          streamClose: () => link?.closed(),
          violation: (violation) => link?.violated(violation),
        },
      );
    link = session.attach({
      write: (xml) => transport.write(xml),
      close() {
        transport.write('</stream:stream>');
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
