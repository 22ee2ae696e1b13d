/** One client behind a wire of its own, on which connections are cut. */
import { createLedger, type Ledger } from '../../src/cli/demo/ledger.js';
import { reasonOf } from '../../src/cli/failure.js';
import type { Report } from '../../src/index.js';
import { type Cut, type CuttingProxy, createCuttingProxy, type ProxiedLink } from '../../src/testing.js';
import { type Carrier, tcp, webSocket } from '../support/client/carrier.js';
import { OwnClient } from '../support/client/own-client.js';
import { CLIENT_POLICY } from './pace.js';

export type Transport = 'tcp' | 'websocket';

export interface MemberOptions {
  readonly user: string;
  readonly password: string;
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-1';
  readonly transport: Transport;
  /** The host's. */
  readonly port: number;
  /** Milliseconds from the loss of a connection to the next. */
  readonly reconnectDelay: number;
  /** Milliseconds until it has handled a stanza; without it, each is handled at once. */
  readonly handledAfter?: (() => number) | undefined;
  /** A new connection is made, on which no session is yet. */
  onConnection(member: Member, link: ProxiedLink): void;
  onReport(report: Report): void;
}

export class Member {
  /** Of what comes for it. */
  readonly incoming: Ledger = createLedger();
  /** Sessions that it has begun. */
  enabled = 0;
  resumed = 0;
  /** It has a session on its newest connection. */
  isLive = false;
  /** Messages from it that are neither acknowledged nor returned. */
  open = 0;
  /** The connection that is to be cut, at once or when its bytes come. */
  #doomed: ProxiedLink | undefined;
  readonly #proxy: CuttingProxy;
  readonly #client: OwnClient;
  readonly #ready: Promise<void>;

  static async connect(options: MemberOptions): Promise<Member> {
    const proxy = await createCuttingProxy({
      target: { host: '127.0.0.1', port: options.port },
      onConnection: (link) => options.onConnection(member, link),
    });
    const member = new Member(proxy, options);
    await member.#ready;
    return member;
  }

  private constructor(
    proxy: CuttingProxy,
    { user, password, mechanism, transport, reconnectDelay, handledAfter, onReport }: MemberOptions,
  ) {
    this.#proxy = proxy;
    let ready = (): void => {};
    this.#ready = new Promise((resolve) => {
      ready = resolve;
    });
    this.#client = new OwnClient({
      carrier: carrierTo(transport, proxy.port),
      domain: 'localhost',
      user,
      password,
      mechanism,
      resource: 'soak',
      policy: { ...CLIENT_POLICY, deferHandling: handledAfter !== undefined },
      reconnectDelay,
      onReport: (report) => {
        this.#hear(report);
        if (report.type === 'enabled' || report.type === 'refused') ready();
        onReport(report);
      },
      onStanza: (stanza, handled) => {
        if (handledAfter !== undefined) setTimeout(handled, handledAfter());
        if (stanza.attrs.type === 'error') return; // what came back says so to its sender by its receipt
        this.incoming.delivered(Number.parseInt(stanza.getChildText('body') ?? '', 10), Date.now());
      },
    });
    this.#client.start();
  }

  /** The next message to another. @returns resolves when it is acknowledged or returned */
  async sendTo({ incoming, jid }: Member): Promise<void> {
    const number = incoming.sent();
    const body = `${number} ${TEXT.slice(0, (number * 7) % TEXT.length)}`;
    this.open += 1;
    try {
      await this.#client.send(jid, `m${number}`, body).acked;
      incoming.acked(number);
    } catch (reason) {
      incoming.failed(number, reasonOf(reason));
    }
    this.open -= 1;
  }

  get jid(): string {
    return this.#client.jid;
  }

  /** It is live, and no cut waits for the bytes of its connection. */
  get isSteady(): boolean {
    return this.isLive && this.link !== this.#doomed;
  }

  /** The newest connection. */
  get link(): ProxiedLink | undefined {
    return this.#proxy.connections.at(-1);
  }

  /** @returns whether there was something to cut */
  cut(link: ProxiedLink, cut: Cut): Promise<boolean> {
    this.isLive = false;
    this.#doomed = link;
    return this.#proxy.cut(link, cut);
  }

  async close(): Promise<void> {
    await this.#client.close();
    await this.#proxy.close();
  }

  #hear({ type }: Report): void {
    if (type === 'enabled') this.enabled += 1;
    if (type === 'resumed') this.resumed += 1;
    if (type === 'enabled' || type === 'resumed' || type === 'refused') this.isLive = true;
    if (type === 'hibernationStart') this.isLive = false;
  }
}

const carrierTo = (transport: Transport, port: number): Carrier =>
  transport === 'tcp' ? tcp(port) : webSocket(port, '/xmpp-websocket');

/** Characters of one to three bytes, so that cuts fall into all of them. */
const TEXT = 'It is the east, and Juliet is the sun. Ärise, faïr sun — and kill the enviöus moon. '.repeat(2);
