/** A client of the server. The client logs in, binds, enables, counts and resumes; a check asks for everything else. */
import type { Arrivals } from './arrivals.js';
import { fail } from './finding.js';
import { type LoginOptions, logIn, logInInline, singleMessage, startTls } from './login.js';
import { openStream, type StreamOptions, XmppStream } from './stream.js';
import { anyOf, errorCondition, isStanza, sm, stanza, streamError, summary } from './wire/conditions.js';
import { childOf, type Element, escapeXml } from './wire/element.js';
import { NS } from './wire/namespaces.js';
import type { Credentials } from './wire/sasl.js';
import type { Wire } from './wire/wire.js';

/** The state of a stream management session, which outlives its connection. */
export interface Session {
  readonly account: Account;
  readonly jid: string;
  /** The SM-ID; null when the session cannot be resumed. */
  readonly smId: string | null;
  /** The number of stanzas that this client received and handled: the client's h before any wrap. */
  received: number;
  /** Whether the session has ended and cannot be resumed. */
  over: boolean;
  /** The name of the stream that holds the session, or held it last; empty while a resumption is in progress. */
  holder: string;
}

export interface Account extends Credentials {
  /** The bare JID. */
  readonly jid: string;
}

export interface ClientOptions extends StreamOptions, Omit<LoginOptions, keyof Credentials> {
  readonly account: Account;
  /** Whether the client upgrades to TLS before the login. */
  readonly startTls: boolean;
  /** A resource that no other client uses. */
  readonly resource: string;
  /** The start value of the server's counters: 0, except for a server that is prepared for the roll-over checks. */
  readonly initialCount: number;
  /** The client adds every session that begins. */
  readonly sessions: Session[];
  /** Returns a new id that no other caller gets. */
  unique(): string;
}

/** Connects and, when `startTls` is set, upgrades to TLS. The client is not logged in. */
export const connectClient = async (options: ClientOptions): Promise<Client> => {
  const client = await openStream(options, (wire, arrivals) => new Client(options, wire, arrivals));
  if (options.startTls) await client.upgrade();
  return client;
};

/** A client that a check drives: it sends exact bytes, and waits for exact answers. */
export class Client extends XmppStream {
  /** Whether the client answers `<r/>`. A check sets false when the stanzas of the server shall stay unacknowledged. */
  answering = true;
  readonly #options: ClientOptions;
  #jid: string;
  #features: Element | undefined;
  #session: Session | undefined;
  /** The count that the client reports in `<resume/>`. */
  #claimed = 0;

  constructor(options: ClientOptions, wire: Wire, arrivals: Arrivals) {
    super(options, wire, arrivals);
    this.#options = options;
    this.#jid = options.account.jid;
  }

  get account(): Account {
    return this.#options.account;
  }

  /** The full JID, after the bind. */
  get jid(): string {
    return this.#jid;
  }

  /** The stream features that the server sent last. */
  get features(): Element {
    return this.#features ?? fail('stream features', 'none yet');
  }

  get session(): Session {
    return this.#session ?? fail('a session', 'stream management is not enabled');
  }

  /** Upgrades to TLS. */
  async upgrade(): Promise<void> {
    await startTls(this, await this.#begun());
    this.#features = undefined;
  }

  /** Opens the stream; `features` then holds the features. A login also opens the stream. */
  async begin(): Promise<void> {
    await this.#begun();
  }

  /** Logs in; `features` then holds the features that follow the login. */
  async authenticate(): Promise<void> {
    await logIn(this, await this.#begun(), this.#login());
    this.#features = await this.open();
  }

  /** Logs in and sends these elements in the same write. @returns false when no login of one message is possible */
  authenticateAnd(...elements: readonly string[]): boolean {
    const message = singleMessage(this.features, this.#login());
    if (message !== undefined) this.send(message, this.header, ...elements);
    return message !== undefined;
  }

  /** Logs in by SASL2, with these elements inside `<authenticate/>`. @returns `<success/>` */
  async authenticateInline(...inside: readonly string[]): Promise<Element> {
    return logInInline(this, await this.#begun(), this.#login(), inside);
  }

  /** Binds this resource; by default the resource of the options. */
  async bind(resource = this.#options.resource): Promise<void> {
    this.send(
      `<iq type='set' id='bind'><bind xmlns='${NS.bind}'><resource>${escapeXml(resource)}</resource></bind></iq>`,
    );
    const result = await this.receive('an answer to the bind request', stanza('iq', { id: 'bind' }));
    if (result.attrs.type !== 'result') fail('to bind a resource', errorCondition(result));
    const jid = childOf(childOf(result, 'bind'), 'jid')?.text;
    this.#jid = jid ?? fail('a full JID', 'none in the answer to the bind request');
  }

  /** Records that the server bound this full JID in another way. */
  bound(jid: string): void {
    this.#jid = jid;
  }

  /** Asks for stream management. @param attributes such as `resume='true'` @returns `<enabled/>`; anything else is a failure */
  async enable(attributes = "resume='true'"): Promise<Element> {
    this.send(`<enable xmlns='${NS.sm}' ${attributes}/>`);
    const answer = await this.receive('<enabled/>', anyOf(sm('enabled'), sm('failed')));
    if (answer.name !== 'enabled') fail('<enabled/>', summary(answer));
    this.began(answer);
    return answer;
  }

  /** Records that the server enabled stream management in another way. */
  began({ attrs: { id, resume } }: Element): void {
    const { name: holder, account, transcript, sessions } = this.#options;
    const smId = ['true', '1'].includes(resume ?? '') && id !== undefined ? id : null;
    if (smId !== null) transcript.secret(smId);
    this.#session = { account, jid: this.#jid, smId, received: 0, over: false, holder };
    sessions.push(this.#session);
  }

  /** Sends `<r/>`. @returns the number of stanzas that the server has handled since `<enable/>` */
  async ask(): Promise<number> {
    this.forget(sm('a'));
    this.send(`<r xmlns='${NS.sm}'/>`);
    const { attrs } = await this.receive('<a/>', sm('a'));
    return countOf(attrs.h, this.#options.initialCount);
  }

  /** Sends an IQ to the server and waits for the answer, be it a result or an error. */
  roundTrip(): Promise<Element> {
    const { domain, unique } = this.#options;
    const id = unique();
    this.send(`<iq type='get' id='${id}' to='${escapeXml(domain)}'><ping xmlns='urn:xmpp:ping'/></iq>`);
    return this.receive('an answer to an IQ', stanza('iq', { id }));
  }

  /** Resumes this session on this stream. @param h the count that the client reports @returns `<resumed/>`; else it fails */
  async resume(session: Session, h?: number): Promise<Element> {
    this.send(this.resumeRequest(session, h));
    const answer = await this.receive('<resumed/>', anyOf(sm('resumed'), sm('failed')));
    if (answer.name === 'resumed') return answer;
    this.#session = undefined;
    session.over = true;
    return fail('<resumed/>', summary(answer));
  }

  /** Builds the `<resume/>` for this session. When `<resumed/>` arrives, this stream holds the session. */
  resumeRequest(session: Session, h = session.received): string {
    this.#session = session;
    this.#jid = session.jid;
    this.#claimed = h;
    session.holder = NOBODY; // the old stream, if any, no longer acknowledges for the session
    return `<resume xmlns='${NS.sm}' previd='${escapeXml(session.smId ?? '')}' h='${this.h(h)}'/>`;
  }

  /** Records that the server resumed the requested session in another way. */
  tookOver(): void {
    if (this.#session === undefined) return;
    this.#session.holder = this.#options.name;
    this.#session.received = this.#claimed;
  }

  /** Acknowledges all received stanzas. */
  acknowledge(): void {
    this.send(`<a xmlns='${NS.sm}' h='${this.h(this.#session?.received ?? 0)}'/>`);
  }

  /** The value of `h` for this number of stanzas. */
  h(count: number): string {
    return String(wrapped(this.#options.initialCount + count));
  }

  override leave(...elements: readonly string[]): void {
    const session = this.#heldSession();
    if (session !== undefined && this.isOpen()) session.over = true;
    super.leave(...elements);
  }

  override async close(): Promise<void> {
    const session = this.#heldSession();
    if (session !== undefined && this.isOpen()) {
      // An acknowledged message is not returned to its sender when the session ends.
      if (!session.over) this.acknowledge();
      session.over = true;
    }
    await super.close();
  }

  protected override heard(element: Element): void {
    if (sm('resumed')(element)) this.tookOver();
    const session = this.#heldSession();
    if (session === undefined) return;
    if (isStanza(element)) session.received += 1;
    if (sm('r')(element) && this.answering) this.acknowledge();
    if (streamError(element)) session.over = true;
  }

  /** The session, while this stream holds it. */
  #heldSession(): Session | undefined {
    return this.#session?.holder === this.#options.name ? this.#session : undefined;
  }

  async #begun(): Promise<Element> {
    this.#features ??= await this.open();
    return this.#features;
  }

  #login(): LoginOptions {
    const { account, cheap, plain, startTls } = this.#options;
    return { ...account, cheap, plain: plain || startTls };
  }
}

/** The number of stanzas that an h stands for. */
const countOf = (h: string | undefined, initialCount: number): number => {
  if (h === undefined || !/^\d+$/.test(h) || Number(h) >= WRAP) return fail('an h from 0 to 4294967295', h ?? 'no h');
  return wrapped(Number(h) - initialCount);
};

const wrapped = (count: number): number => ((count % WRAP) + WRAP) % WRAP;

const WRAP = 2 ** 32;
const NOBODY = '';
