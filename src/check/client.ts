/** A client of the server. The client logs in, binds, enables, counts and resumes; a check asks for everything else. */
import { fail } from './finding.js';
import { type LoginOptions, logIn, logInInline, singleMessage, startTls } from './login.js';
import { openStream, type StreamOptions, type XmppStream } from './stream.js';
import { anyOf, errorCondition, isStanza, sm, stanza, streamError, summary } from './wire/conditions.js';
import { childOf, type Element, escapeXml } from './wire/element.js';
import { NS } from './wire/namespaces.js';
import type { Credentials } from './wire/sasl.js';

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

export interface Client extends XmppStream {
  readonly account: Account;
  /** The full JID, after the bind. */
  readonly jid: string;
  /** The stream features that the server sent last. */
  readonly features: Element;
  readonly session: Session;
  /** Whether the client answers `<r/>`. A check sets false when the stanzas of the server shall stay unacknowledged. */
  answering: boolean;
  /** Opens the stream; `features` then holds the features. A login also opens the stream. */
  begin(): Promise<void>;
  /** Logs in; `features` then holds the features that follow the login. */
  authenticate(): Promise<void>;
  /** Logs in and sends these elements in the same write. @returns false when no login of one message is possible */
  authenticateAnd(...elements: readonly string[]): boolean;
  /** Logs in by SASL2, with these elements inside `<authenticate/>`. @returns `<success/>` */
  authenticateInline(...inside: readonly string[]): Promise<Element>;
  /** Binds this resource; by default the resource of the options. */
  bind(resource?: string): Promise<void>;
  /** Records that the server bound this full JID in another way. */
  bound(jid: string): void;
  /** Asks for stream management. @param attributes such as `resume='true'` @returns `<enabled/>`; anything else is a failure */
  enable(attributes?: string): Promise<Element>;
  /** Records that the server enabled stream management in another way. */
  began(enabled: Element): void;
  /** Sends `<r/>`. @returns the number of stanzas that the server has handled since `<enable/>` */
  ask(): Promise<number>;
  /** Sends an IQ to the server and waits for the answer, be it a result or an error. */
  roundTrip(): Promise<Element>;
  /** Resumes this session on this stream. @param h the count that the client reports @returns `<resumed/>`; else it fails */
  resume(session: Session, h?: number): Promise<Element>;
  /** Builds the `<resume/>` for this session. When `<resumed/>` arrives, this stream holds the session. */
  resumeRequest(session: Session, h?: number): string;
  /** Records that the server resumed the requested session in another way. */
  tookOver(): void;
  /** Acknowledges all received stanzas. */
  acknowledge(): void;
  /** The value of `h` for this number of stanzas. */
  h(count: number): string;
}

export interface ClientOptions extends Omit<StreamOptions, 'heard'>, Omit<LoginOptions, keyof Credentials> {
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
  const { account, initialCount, name } = options;
  let session: Session | undefined;
  let features: Element | undefined;
  let jid = account.jid;
  let answering = true;
  /** The count that the client reports in `<resume/>`. */
  let claimed = 0;

  const h = (count: number): string => String((((initialCount + count) % WRAP) + WRAP) % WRAP);
  const login = (): LoginOptions => ({ ...account, cheap: options.cheap, plain: options.plain || options.startTls });
  const acknowledge = (): void => stream.send(`<a xmlns='${NS.sm}' h='${h(session?.received ?? 0)}'/>`);
  const holds = (): boolean => session?.holder === name;

  const tookOver = (): void => {
    if (session === undefined) return;
    session.holder = name;
    session.received = claimed;
  };

  const heard = (element: Element): void => {
    if (sm('resumed')(element)) tookOver();
    if (session === undefined || !holds()) return;
    if (isStanza(element)) session.received += 1;
    if (sm('r')(element) && answering) acknowledge();
    if (streamError(element)) session.over = true;
  };

  const stream = await openStream({ ...options, heard });

  const begun = async (): Promise<Element> => {
    features ??= await stream.open();
    return features;
  };

  const client: Client = {
    ...stream,
    account,
    h,
    acknowledge,
    tookOver,
    get jid() {
      return jid;
    },
    get features() {
      return features ?? fail('stream features', 'none yet');
    },
    get session() {
      return session ?? fail('a session', 'stream management is not enabled');
    },
    get answering() {
      return answering;
    },
    set answering(value) {
      answering = value;
    },
    async begin() {
      await begun();
    },
    async authenticate() {
      await logIn(stream, await begun(), login());
      features = await stream.open();
    },
    authenticateAnd(...elements) {
      const message = singleMessage(client.features, login());
      if (message !== undefined) stream.send(message, stream.header, ...elements);
      return message !== undefined;
    },
    authenticateInline: async (...inside) => logInInline(stream, await begun(), login(), inside),
    async bind(resource = options.resource) {
      stream.send(
        `<iq type='set' id='bind'><bind xmlns='${NS.bind}'><resource>${escapeXml(resource)}</resource></bind></iq>`,
      );
      const result = await stream.receive('an answer to the bind request', stanza('iq', { id: 'bind' }));
      if (result.attrs.type !== 'result') fail('to bind a resource', errorCondition(result));
      jid =
        childOf(childOf(result, 'bind'), 'jid')?.text ?? fail('a full JID', 'none in the answer to the bind request');
    },
    bound(full) {
      jid = full;
    },
    async enable(attributes = "resume='true'") {
      stream.send(`<enable xmlns='${NS.sm}' ${attributes}/>`);
      const answer = await stream.receive('<enabled/>', anyOf(sm('enabled'), sm('failed')));
      if (answer.name !== 'enabled') fail('<enabled/>', summary(answer));
      client.began(answer);
      return answer;
    },
    began({ attrs: { id, resume } }) {
      const smId = ['true', '1'].includes(resume ?? '') && id !== undefined ? id : null;
      if (smId !== null) options.transcript.secret(smId);
      session = { account, jid, smId, received: 0, over: false, holder: name };
      options.sessions.push(session);
    },
    async ask() {
      stream.forget(sm('a'));
      stream.send(`<r xmlns='${NS.sm}'/>`);
      const { attrs } = await stream.receive('<a/>', sm('a'));
      return countOf(attrs.h, initialCount);
    },
    roundTrip() {
      const id = options.unique();
      stream.send(`<iq type='get' id='${id}' to='${escapeXml(options.domain)}'><ping xmlns='urn:xmpp:ping'/></iq>`);
      return stream.receive('an answer to an IQ', stanza('iq', { id }));
    },
    resumeRequest(former, count = former.received) {
      session = former;
      jid = former.jid;
      claimed = count;
      former.holder = NOBODY; // the old stream, if any, no longer acknowledges for the session
      return `<resume xmlns='${NS.sm}' previd='${escapeXml(former.smId ?? '')}' h='${h(count)}'/>`;
    },
    async resume(former, count) {
      stream.send(client.resumeRequest(former, count));
      const answer = await stream.receive('<resumed/>', anyOf(sm('resumed'), sm('failed')));
      if (answer.name === 'resumed') return answer;
      session = undefined;
      former.over = true;
      return fail('<resumed/>', summary(answer));
    },
    leave(...elements) {
      if (session !== undefined && holds() && stream.isOpen()) session.over = true;
      stream.leave(...elements);
    },
    async close() {
      // An acknowledged message is not returned to its sender when the session ends.
      if (session !== undefined && holds() && stream.isOpen() && !session.over) acknowledge();
      if (session !== undefined && holds() && stream.isOpen()) session.over = true;
      await stream.close();
    },
  };
  if (options.startTls) {
    await startTls(stream, await begun());
    features = undefined;
  }
  return client;
};

/** The number of stanzas that an h stands for. */
const countOf = (h: string | undefined, initialCount: number): number => {
  if (h === undefined || !/^\d+$/.test(h) || Number(h) >= WRAP) return fail('an h from 0 to 4294967295', h ?? 'no h');
  return (((Number(h) - initialCount) % WRAP) + WRAP) % WRAP;
};

const WRAP = 2 ** 32;
const NOBODY = '';
