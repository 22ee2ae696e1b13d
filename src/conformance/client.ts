/** A client of the server: it logs in, binds, enables, counts and resumes, and does nothing else unasked. */
import { fail } from './finding.js';
import { openStream, type StreamOptions, type XmppStream } from './stream.js';
import { anyOf, errorCondition, isStanza, sm, stanza, streamError, summary } from './wire/conditions.js';
import { childOf, type Element, escapeXml } from './wire/element.js';
import { NS } from './wire/namespaces.js';
import { type Credentials, chooseMechanism, startSasl } from './wire/sasl.js';

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
  /** The name of the stream that has it, or had it last. */
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
  /**
   * Logs in and says more in the same write, before anything is answered; the session is taken for the one of this stream.
   * @returns false when no mechanism takes a single message
   */
  authenticateAnd(session: Session, ...elements: readonly string[]): boolean;
  /** Logs in by SASL2, with these elements inside. @returns `<success/>` */
  authenticateInline(...inside: readonly string[]): Promise<Element>;
  /** The server bound this full JID in a way of its own. */
  bound(jid: string): void;
  /** The session that was asked for is ours now, as the server said in a way of its own. */
  tookOver(): void;
  /** Sends an element and the end of the stream in one write. */
  sendAndLeave(element: string): void;
  /** Binds a resource of a name of ours, or of this one. */
  bind(resource?: string): Promise<void>;
  /** Asks for stream management. @param attributes such as `resume='true'` @returns `<enabled/>`; anything else is a failure */
  enable(attributes?: string): Promise<Element>;
  /** What we know of a session that the server enabled in a way of its own. */
  began(enabled: Element): void;
  /** What stanzas the server has handled since `<enable/>`, by its answer to an `<r/>`. */
  ask(): Promise<number>;
  /** Sends an IQ to the server and waits for the answer, whatever it is. */
  roundTrip(): Promise<Element>;
  /** Takes this session up on this stream. @param h what we say to have received @returns `<resumed/>`; anything else is a failure */
  resume(session: Session, h?: number): Promise<Element>;
  /** What asks for this session; the session is taken for the one of this stream. */
  resumeRequest(session: Session, h?: number): string;
  /** Acknowledges all that came. */
  acknowledge(): void;
  /** The value of `h` for so many stanzas. */
  h(count: number): string;
}

export interface ClientOptions extends Omit<StreamOptions, 'heard'> {
  readonly account: Account;
  readonly startTls: boolean;
  /** Whether a password may be sent in clear, be it inside TLS or to this machine. */
  readonly plain: boolean;
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
  const { account, initialCount } = options;
  let session: Session | undefined;
  let features: Element | undefined;
  let jid = account.jid;
  let tls = false;
  let asked = (): void => {};

  const h = (count: number): string => String((((initialCount + count) % WRAP) + WRAP) % WRAP);

  const heard = (element: Element): void => {
    if (sm('resumed')(element) && session !== undefined) session.holder = options.name;
    if (session?.holder !== options.name) return;
    if (isStanza(element)) session.received += 1;
    if (sm('r')(element)) asked();
    if (streamError(element)) session.over = true;
  };

  const take = (former: Session): void => {
    session = former;
    jid = former.jid;
  };

  const stream = await openStream({ ...options, heard });

  const receive = (what: string, match: Parameters<XmppStream['receive']>[1]): Promise<Element> =>
    stream.receive(what, match);

  const client: Client = {
    ...stream,
    account,
    answering: true,
    get jid() {
      return jid;
    },
    get features() {
      return features ?? EMPTY;
    },
    get session() {
      return session ?? fail('a session', 'stream management is not enabled');
    },
    async begin() {
      features ??= await stream.open();
    },
    async authenticate() {
      await client.begin();
      const offered = offeredIn(client.features);
      const mechanism = chooseMechanism(offered, options.plain || tls);
      if (mechanism === undefined) {
        fail('a login mechanism that can be used here', offered.length === 0 ? 'none offered' : offered.join(', '));
        return;
      }
      const sasl = startSasl(mechanism, account);
      stream.send(`<auth xmlns='${NS.sasl}' mechanism='${mechanism}'>${sasl.initial}</auth>`);
      for (;;) {
        const answer = await receive('an answer to <auth/>', ({ ns }) => ns === NS.sasl);
        if (answer.name === 'success') {
          if (!sasl.verify(answer.text)) fail('a server that proves that it knows the password', 'a wrong signature');
          break;
        }
        if (answer.name !== 'challenge') fail('to log in', answer.children[0]?.name ?? answer.name);
        stream.send(`<response xmlns='${NS.sasl}'>${await sasl.respond(answer.text)}</response>`);
      }
      features = await stream.open();
    },
    authenticateAnd(former, ...elements) {
      if (!offeredIn(client.features).includes('PLAIN') || !(options.plain || tls)) return false;
      const { initial } = startSasl('PLAIN', account);
      take(former);
      stream.send(`<auth xmlns='${NS.sasl}' mechanism='PLAIN'>${initial}</auth>`, stream.header, ...elements);
      return true;
    },
    async authenticateInline(...inside) {
      await client.begin();
      const offered = childOf(client.features, 'authentication', NS.sasl2)?.children ?? [];
      const names = offered.filter(({ name }) => name === 'mechanism').map(({ text }) => text);
      const mechanism =
        chooseMechanism(names, options.plain || tls) ?? fail('a mechanism that can be used here', 'none');
      const sasl = startSasl(mechanism, account);
      const initial = `<initial-response>${sasl.initial}</initial-response>`;
      stream.send(
        `<authenticate xmlns='${NS.sasl2}' mechanism='${mechanism}'>${initial}${inside.join('')}</authenticate>`,
      );
      for (;;) {
        const answer = await receive('an answer to <authenticate/>', ({ ns }) => ns === NS.sasl2);
        if (answer.name === 'success') return answer;
        if (answer.name !== 'challenge') fail('to log in', answer.children[0]?.name ?? answer.name);
        stream.send(`<response xmlns='${NS.sasl2}'>${await sasl.respond(answer.text)}</response>`);
      }
    },
    bound(full) {
      jid = full;
    },
    tookOver() {
      if (session !== undefined) session.holder = options.name;
    },
    sendAndLeave(element) {
      if (session !== undefined) session.over = true;
      stream.sendAndLeave(element);
    },
    async bind(resource = options.resource) {
      stream.send(
        `<iq type='set' id='bind'><bind xmlns='${NS.bind}'><resource>${escapeXml(resource)}</resource></bind></iq>`,
      );
      const result = await receive('an answer to the bind request', stanza('iq', { id: 'bind' }));
      if (result.attrs.type !== 'result') fail('to bind a resource', errorCondition(result));
      jid =
        childOf(childOf(result, 'bind'), 'jid')?.text ?? fail('a full JID', 'none in the answer to the bind request');
    },
    async enable(attributes = "resume='true'") {
      stream.send(`<enable xmlns='${NS.sm}' ${attributes}/>`);
      const answer = await receive('<enabled/>', anyOf(sm('enabled'), sm('failed')));
      if (answer.name !== 'enabled') fail('<enabled/>', summary(answer));
      client.began(answer);
      return answer;
    },
    began({ attrs: { id, resume } }) {
      const smId = ['true', '1'].includes(resume ?? '') && id !== undefined ? id : null;
      if (smId !== null) options.transcript.secret(smId);
      session = { account, jid, smId, received: 0, over: false, holder: options.name };
      options.sessions.push(session);
    },
    async ask() {
      stream.forget(sm('a'));
      stream.send(`<r xmlns='${NS.sm}'/>`);
      const { attrs } = await receive('<a/>', sm('a'));
      return countOf(attrs.h, initialCount);
    },
    roundTrip() {
      const id = options.unique();
      stream.send(`<iq type='get' id='${id}' to='${escapeXml(options.domain)}'><ping xmlns='urn:xmpp:ping'/></iq>`);
      return receive('an answer to an IQ', stanza('iq', { id }));
    },
    resumeRequest(former, count = former.received) {
      former.received = count;
      take(former);
      return `<resume xmlns='${NS.sm}' previd='${escapeXml(former.smId ?? '')}' h='${h(count)}'/>`;
    },
    async resume(former, count) {
      stream.send(client.resumeRequest(former, count));
      const answer = await receive('<resumed/>', anyOf(sm('resumed'), sm('failed')));
      if (answer.name === 'resumed') return answer;
      session = undefined;
      former.over = true;
      return fail('<resumed/>', summary(answer));
    },
    acknowledge() {
      stream.send(`<a xmlns='${NS.sm}' h='${h(session?.received ?? 0)}'/>`);
    },
    h,
    async secure() {
      features = await stream.open();
      if (childOf(features, 'starttls', NS.tls) === undefined) fail('STARTTLS in the stream features', 'none');
      stream.send(`<starttls xmlns='${NS.tls}'/>`);
      await receive('<proceed/>', ({ ns, name }) => ns === NS.tls && name === 'proceed');
      await stream.secure();
      tls = true;
      features = undefined;
    },
    leave() {
      if (session?.holder === options.name && stream.isOpen()) session.over = true;
      stream.leave();
    },
    async close() {
      if (session?.holder === options.name && stream.isOpen()) {
        // So that nothing comes back to anybody.
        if (!session.over) client.acknowledge();
        session.over = true;
      }
      await stream.close();
    },
  };
  asked = () => {
    if (client.answering) client.acknowledge();
  };
  if (options.startTls) await client.secure();
  return client;
};

const offeredIn = (features: Element): readonly string[] =>
  childOf(features, 'mechanisms', NS.sasl)?.children.map(({ text }) => text) ?? [];

/** How many stanzas an h stands for. */
export const countOf = (h: string | undefined, initialCount: number): number => {
  if (h === undefined || !/^\d+$/.test(h) || Number(h) >= WRAP) fail('an h from 0 to 4294967295', h ?? 'no h');
  return (((Number(h) - initialCount) % WRAP) + WRAP) % WRAP;
};

const WRAP = 2 ** 32;
const EMPTY: Element = { name: 'features', ns: NS.stream, attrs: {}, children: [], text: '' };
