/**
 * One connection of a client: it upgrades to TLS, authenticates, binds, and then carries a session. `stage.ts`
 * decides which requests a client may make and when; this file carries them out.
 */
import { randomUUID } from 'node:crypto';
import { answerInline, type InlineAnswer, type Proof } from '../../sasl2.js';
import type { NonzaName, StreamHeader } from '../../server.js';
import type { Transport } from '../../transport-node.js';
import { CLIENT, type Element, SASL_2, tcpFraming } from '../../xml.js';
import { AcceptedConnection, type AcceptOptions, UNAUTHENTICATED } from '../accepted-connection.js';
import type { AcceptedSessions } from '../accepted-sessions.js';
import type { Accounts } from '../accounts.js';
import type { BoundClient } from '../bound-clients.js';
import type { Hub } from '../hub.js';
import type { Jid } from '../jid.js';
import type { Port } from '../listeners.js';
import { type StanzaCondition, stanzaError } from '../stanza-error.js';
import { headerFault } from '../stream-header.js';
import { bindRequest, bindResult, resourceFor } from './binding.js';
import { EarlyInput, endOfTag } from './early-input.js';
import { loginFeatures, sessionFeatures } from './features.js';
import { IdleProbe } from './idle-probe.js';
import { isLogin, Login, mechanismsOn, SASL } from './login.js';
import type { ClientData } from './sessions.js';
import { answerTo, type Request, requestIn, type Stage, TLS } from './stage.js';

/** The same for all connections of clients. */
export interface ClientOptions extends AcceptOptions {
  readonly domain: string;
  readonly accounts: Accounts;
  readonly hub: Hub;
  readonly sessions: AcceptedSessions<ClientData>;
  readonly acceptSm2: boolean;
  /** Sessions can be resumed. */
  readonly canResume: boolean;
  /** Seconds of silence after which a client over TCP is asked for an acknowledgement. Default: never. */
  readonly probeIdle?: number;
}

/** What belongs to one connection. */
export interface Arrival extends Port {
  /** The number of the connection, for the trace. */
  readonly run: number;
}

export class ClientConnection extends AcceptedConnection<ClientData> {
  readonly #options: ClientOptions;
  /** A WebSocket has pings of its own. */
  readonly #isProbed: boolean;
  readonly #isFramed: boolean;
  #stage: Stage = 'opened';
  readonly #early = new EarlyInput();
  /** Undefined after authentication, like the login. */
  #arrival: Arrival | undefined;
  /** Begins with each stream header. */
  #login: Login | undefined;
  /** Set while the host answers a SASL2 request: the output of the session then goes into `<success/>`. */
  #inline: InlineAnswer | undefined;
  /** Set while a client over TCP is bound. */
  #probe: IdleProbe | undefined;

  constructor(transport: Transport, options: ClientOptions, arrival: Arrival) {
    const session = options.sessions.accept({ run: arrival.run, connection: undefined, client: undefined });
    super(transport, arrival.framing, session, options);
    session.data.connection = this;
    this.#options = options;
    this.#isProbed = (options.probeIdle ?? 0) > 0 && arrival.framing === tcpFraming;
    this.#isFramed = arrival.framing !== tcpFraming;
    this.#arrival = arrival;
  }

  override streamOpen(header: StreamHeader, defaultXmlns: string): void {
    const isForUs = header.to === undefined || header.to.toLowerCase() === this.#options.domain;
    const fault = isForUs ? headerFault(header, defaultXmlns, CLIENT) : 'host-unknown';
    if (fault !== undefined) this.violated(fault);
    else if (this.#stage === 'opened' || this.#stage === 'secured') this.#awaitLogin(header.from);
    else this.session.writeUncounted(this.#sessionFeatures());
  }

  override data(text: string): void {
    this.#probe?.heard();
    // A message of a WebSocket is one element.
    if (this.#isFramed) this.#read(text);
    else {
      let rest = text;
      for (; rest !== '' && this.#awaitsLogin && !this.#login?.isBusy; rest = rest.slice(endOfTag(rest)))
        super.data(rest.slice(0, endOfTag(rest)));
      if (rest !== '') this.#read(rest);
    }
  }

  get #awaitsLogin(): boolean {
    return this.#arrival !== undefined;
  }

  #read(text: string): void {
    if (!this.#login?.isBusy) super.data(text);
    // The answer to the login would come inside TLS.
    else if (/^\s*<starttls\b/.test(text)) this.violated('policy-violation');
    else if (!this.#early.add(text)) this.violated('policy-violation', 'wait for the answer to the login');
  }

  override negotiated(): void {
    super.negotiated();
    const { probeIdle = 0, clock } = this.#options;
    if (this.#isProbed && this.#probe === undefined && this.#stage !== 'closed')
      this.#probe = new IdleProbe(this.session, clock, probeIdle);
  }

  override element(element: Element): void {
    // XEP-0388 section 2.4: a client that authenticates waits for the answer.
    const isAuthenticating = this.#inline !== undefined || this.#login?.isExclusive;
    if (isAuthenticating && !isLogin(element))
      this.violated('not-authorized', 'wait for the answer to <authenticate/>');
    else super.element(element);
  }

  override take(stanza: Element): void {
    this.#answer('stanza', stanza);
  }

  /** The session of a bound client has been resumed on this connection. */
  bound(): void {
    if (this.#stage !== 'closed') this.#stage = 'bound';
  }

  override closed(): void {
    this.#stage = 'closed';
    this.#arrival = undefined;
    this.#login = undefined;
    this.#inline = undefined;
    this.#early.take();
    this.#probe?.stop();
    this.#probe = undefined;
    super.closed();
  }

  override write(xml: string, nonza?: NonzaName): void {
    if (this.#inline === undefined) super.write(xml);
    else this.#inline.write(xml, nonza);
  }

  override close(): void {
    for (const xml of this.#inline?.behind ?? []) super.write(xml);
    super.close();
  }

  protected override header(): StreamHeader {
    return { id: randomUUID(), from: this.#options.domain, version: '1.0', 'xml:lang': 'en' };
  }

  protected override negotiate(element: Element): void {
    this.#answer(requestIn(element), element);
  }

  #answer(request: Request, element: Element): void {
    const answer = answerTo(request, this.#stage);
    switch (answer) {
      case 'route':
        this.#route(element);
        break;
      case 'setClientState':
        if (element.getName() === 'active') this.session.active();
        else this.session.inactive();
        break;
      case 'upgrade':
        this.#upgrade();
        break;
      case 'authenticate':
        this.#login?.receive(element);
        break;
      case 'bind':
        this.#bind(element);
        break;
      default:
        this.violated(answer);
    }
  }

  #route(stanza: Element): void {
    const { client } = this.session.data;
    if (client !== undefined) this.waitFor(this.#options.hub.accept(client, stanza));
  }

  #awaitLogin(claimed: string | undefined): void {
    const { security } = this;
    if (security.secure) this.#stage = 'secured';
    this.#login = this.#startLogin(claimed);
    const startTls = this.#stage === 'opened' && this.#arrival?.startTls !== undefined;
    this.session.writeUncounted(loginFeatures({ security, startTls, canResume: this.#options.canResume }));
  }

  #upgrade(): void {
    const startTls = this.#arrival?.startTls;
    // The answer to the login would come inside TLS, and the client there may be another client.
    if (startTls === undefined || this.#login?.hasBegun) {
      this.violated('policy-violation');
      return;
    }
    this.session.writeUncounted(`<proceed xmlns='${TLS}'/>`);
    this.secure(startTls, UNAUTHENTICATED);
  }

  #startLogin(claimed: string | undefined): Login {
    const { accounts, domain } = this.#options;
    return new Login({
      accounts,
      domain,
      claimed,
      inOrder: (act) => this.link.inOrder(act),
      offered: (xmlns) => mechanismsOn(this.security, xmlns),
      write: (xml) => this.session.writeUncounted(xml),
      succeeded: (proof) => this.#authenticated(proof),
      answered: () => {
        for (const text of this.#early.take()) this.data(text);
      },
      failed: () => this.violated('policy-violation', 'Too many failed attempts to authenticate'),
    });
  }

  #authenticated(proof: Proof): void {
    this.#arrival?.trusted?.();
    this.#arrival = undefined;
    this.#login = undefined;
    this.#stage = 'authenticated';
    if (proof.request.is('authenticate', SASL_2)) this.#goOn(proof);
    else this.#startAnew(proof);
  }

  /** RFC 6120 section 6.4.6: a new stream follows. */
  #startAnew({ account, data = '' }: Proof): void {
    this.session.authenticated(account);
    this.session.writeUncounted(`<success xmlns='${SASL}'>${data}</success>`);
    this.trustNextStream();
  }

  /** XEP-0388 section 2.6.1: the stream goes on. */
  #goOn(proof: Proof): void {
    this.trustStream();
    this.#inline = answerInline(proof, {
      session: this.session,
      link: this.link,
      bind: ({ tag }, userAgentId) => this.#bindTo(resourceFor(proof.account, tag, userAgentId)) !== undefined,
      jid: () => this.session.data.client?.name,
      features: () => this.#sessionFeatures(),
      done: (replies) => {
        this.#inline = undefined;
        for (const xml of replies) super.write(xml);
      },
    });
    this.#inline.begin();
  }

  #bind(stanza: Element): void {
    const jid = bindRequest(stanza, this.session.owner ?? '');
    const client = this.#bindTo(jid);
    if (client === undefined) this.#refuse(stanza, jid === undefined ? 'not-authorized' : 'resource-constraint');
    else {
      this.session.writeUncounted(bindResult(stanza, client.name));
      this.session.bound();
    }
  }

  #bindTo(jid: Jid | undefined): BoundClient | undefined {
    const client = jid && this.#options.hub.bind(jid, this.session);
    if (client === undefined) return undefined;
    this.session.data.client = client;
    this.#stage = 'bound';
    this.negotiated();
    return client;
  }

  #refuse(stanza: Element, condition: StanzaCondition): void {
    const error = stanzaError(stanza, condition);
    if (error !== undefined) this.session.writeUncounted(error.toString());
  }

  #sessionFeatures(): string {
    return sessionFeatures({
      bound: this.#stage === 'bound',
      enabled: this.session.status === 'enabled',
      acceptSm2: this.#options.acceptSm2,
    });
  }
}
