/** A client of the server: it logs in, binds, enables, counts and resumes, and does nothing else unasked. */
import { fail } from './finding.js';
import { type LoginOptions, logIn, logInInline, singleMessage, startTls } from './login.js';
import { openStream, type StreamOptions, type XmppStream } from './stream.js';
import { anyOf, errorCondition, isStanza, sm, stanza, streamError, summary } from './wire/conditions.js';
import { childOf, type Element, escapeXml } from './wire/element.js';
import { NS } from './wire/namespaces.js';
import type { Credentials } from './wire/sasl.js';

/** What outlives a connection. */
export interface Session {
  readonly account: Account;
  readonly jid: string;
  /** null when it cannot be resumed. */
  readonly smId: string | null;
  /** Stanzas that the server sent and we took: our h, before any wrap. */
  received: number;
  /** It cannot be resumed any more. */
  over: boolean;
  /** The name of the stream that has it, or had it last; empty while it is being resumed. */
  holder: string;
}

export interface Account extends Credentials {
  /** The bare JID. */
  readonly jid: string;
}

export interface Client extends XmppStream {
  readonly account: Account;
  /** The full JID, once it has one. */
  readonly jid: string;
  /** The last stream features. */
  readonly features: Element;
  readonly session: Session;
  /** Whether `<r/>` is answered; it is, unless a check wants what the server sends to stay unacknowledged. */
  answering: boolean;
  /** Opens the stream; the features are in `features`. Logging in does it too. */
  begin(): Promise<void>;
  /** Logs in; the features that follow are in `features`. */
  authenticate(): Promise<void>;
  /** Logs in and says more in the same write. @returns false when no login is a single message */
  authenticateAnd(...elements: readonly string[]): boolean;
  /** Logs in by SASL2, with these elements inside. @returns `<success/>` */
  authenticateInline(...inside: readonly string[]): Promise<Element>;
  /** Binds a resource of a name of ours, or of this one. */
  bind(resource?: string): Promise<void>;
  /** The server bound this full JID in another way. */
  bound(jid: string): void;
  /** Asks for stream management. @param attributes such as `resume='true'` @returns `<enabled/>`; anything else is a failure */
  enable(attributes?: string): Promise<Element>;
  /** The server enabled stream management in another way. */
  began(enabled: Element): void;
  /** How many stanzas the server has handled since `<enable/>`, by its answer to an `<r/>`. */
  ask(): Promise<number>;
  /** Sends an IQ to the server and waits for the answer, whatever it is. */
  roundTrip(): Promise<Element>;
  /** Takes this session up on this stream. @param h what we say to have received @returns `<resumed/>`; anything else is a failure */
  resume(session: Session, h?: number): Promise<Element>;
  /** What asks for this session; when `<resumed/>` comes, it is the session of this stream. */
  resumeRequest(session: Session, h?: number): string;
  /** The session that was asked for is ours, as the server said in another way. */
  tookOver(): void;
  /** Acknowledges all that came. */
  acknowledge(): void;
  /** The value of `h` for so many stanzas. */
  h(count: number): string;
}

export interface ClientOptions extends Omit<StreamOptions, 'heard'>, Omit<LoginOptions, keyof Credentials> {
  readonly account: Account;
  /** Upgrade to TLS before anything else. */
  readonly startTls: boolean;
  /** A resource that nobody else uses. */
  readonly resource: string;
  /** Where the server's counters start: 0 for all but those that are being tested. */
  readonly initialCount: number;
  /** Every session that begins is added. */
  readonly sessions: Session[];
  /** An id that nobody else has. */
  unique(): string;
}

/** Connects, upgrades to TLS if it should, and stops short of logging in. */
export const connectClient = async (options: ClientOptions): Promise<Client> => {
  const { account, initialCount, name } = options;
  let session: Session | undefined;
  let features: Element | undefined;
  let jid = account.jid;
  let answering = true;
  /** The h of our `<resume/>`, as a count. */
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
      former.holder = NOBODY; // the old stream, if there is one, says no more
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
      // So that nothing comes back to anybody.
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

/** How many stanzas an h stands for. */
const countOf = (h: string | undefined, initialCount: number): number => {
  if (h === undefined || !/^\d+$/.test(h) || Number(h) >= WRAP) return fail('an h from 0 to 4294967295', h ?? 'no h');
  return (((Number(h) - initialCount) % WRAP) + WRAP) % WRAP;
};

const WRAP = 2 ** 32;
const NOBODY = '';
