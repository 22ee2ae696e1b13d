/**
 * A complete XMPP server for one domain on this machine: streams over TCP, SASL PLAIN, resource binding, routing of messages,
 * presence and IQs, and stream management with resumption. The page "Embedding a server" explains it step by step.
 *
 *     npm init -y && npm pkg set type=module
 *     npm install smacks && npm install --save-dev typescript @types/node@20
 *     npx tsc --strict --module nodenext --target es2022 --types node server.ts
 *     PORT=5222 node server.js romeo:secret juliet:secret
 */
import { randomUUID } from 'node:crypto';
import { type Report, SM_3, type Stanza, type StanzaKind } from 'smacks';
import { createMemoryStore, createSessions, type ServerSession, type StreamHeader, XmlStream } from 'smacks/server';
import { listen, type Transport } from 'smacks/transport/node';
import { Element, type Framing, parseElement, print, stampText, tcpFraming } from 'smacks/xml';

/** A bound resource. A resumption puts the session of the new connection in the place of the old one. */
interface Resource {
  readonly jid: string;
  session: Session;
  /** Its queue is at a limit. */
  isFull: boolean;
  /** The last available presence. */
  presence: Element | undefined;
  /** Addresses to which the client sent its presence directly. */
  readonly told: Set<string>;
  /** Stanzas that came back while the session moved to another connection. */
  readonly inTransit: Stanza[];
}
type Session = ServerSession<Resource | undefined>;

const DOMAIN = 'localhost';
const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
const BIND = 'urn:ietf:params:xml:ns:xmpp-bind';
const STANZAS = 'urn:ietf:params:xml:ns:xmpp-stanzas';
const BEFORE_LOGIN = { maxStanzaBytes: 16_384, maxDepth: 8, maxElements: 64 };

const passwords = new Map(process.argv.slice(2).map((account) => account.split(':') as [string, string]));
const resources = new Map<string, Resource>();
const bySmId = new Map<string, Resource>();
const connected = new Map<Session, Connection>();
/** A resource that the present stanza goes to is full: its sender has to rest. */
let isCrowded = false;
/** Messages that went to several resources, by the key of their copies. */
const copies = new Map<string, { underWay: number; arrived: boolean }>();

const sessions = createSessions<Resource | undefined>({
  store: createMemoryStore(),
  lateText: (stanza) => stampText(stanza, { from: DOMAIN, stamp: stanza.at }),
  onStanza(session, stanza) {
    isCrowded = false;
    if (session.data !== undefined) take(session.data, stanza);
    else if (session.owner !== null && stanza.getChild('bind', BIND)) bind(session, session.owner, stanza);
    else session.close('not-authorized');
    if (isCrowded) connected.get(session)?.rest();
  },
  onReport(session, report) {
    // A session that has an SM-ID before it has a resource was resumed here.
    if (session.data === undefined && session.smId !== null) moveTo(session, bySmId.get(session.smId));
    if (session.data !== undefined) hear(session, session.data, report);
    if (report.type === 'misuse' || report.type === 'storeFault') console.error(report.failure);
  },
});

/** A connection: its stream, SASL PLAIN, and its session. */
class Connection extends XmlStream {
  readonly #session: Session;
  readonly #patience = setTimeout(() => this.#giveUp(), 30_000);
  #failures = 0;

  constructor(transport: Transport, framing: Framing = tcpFraming) {
    const session = sessions.accept();
    super(session, transport, framing, BEFORE_LOGIN);
    this.#session = session;
    connected.set(session, this);
  }

  protected override header() {
    return { from: DOMAIN, id: randomUUID(), version: '1.0' };
  }

  override streamOpen({ to = DOMAIN }: StreamHeader): void {
    const mechanism = this.#mayShowPassword() ? '<mechanism>PLAIN</mechanism>' : '';
    const login = `<mechanisms xmlns='${SASL}'>${mechanism}</mechanisms>`;
    const offers = this.#session.owner === null ? login : `<bind xmlns='${BIND}'/><sm xmlns='${SM_3}'/>`;
    if (to !== DOMAIN) this.violated('host-unknown');
    else this.#session.writeUncounted(`<stream:features>${offers}</stream:features>`);
  }

  protected override negotiate(auth: Element): void {
    const [, user = '', password] = Buffer.from(auth.getText(), 'base64').toString().split('\0');
    if (!auth.is('auth', SASL) || this.#session.owner !== null || !this.#mayShowPassword())
      this.violated('unsupported-stanza-type');
    else if (password !== undefined && passwords.get(user) === password) {
      this.#session.writeUncounted(`<success xmlns='${SASL}'/>`);
      this.#session.authenticated(`${user}@${DOMAIN}`);
      this.restart({}); // the small limits end after the login
    } else {
      this.#session.writeUncounted(`<failure xmlns='${SASL}'><not-authorized/></failure>`);
      this.#failures += 1;
      if (this.#failures === 3) this.violated('policy-violation', 'three logins have failed');
    }
  }

  /** Stops reading for a moment. It is a moment only: what comes may be an acknowledgement that another sender waits for. */
  rest(): void {
    this.pause();
    setTimeout(() => this.resume(), 20);
  }

  override closed(): void {
    clearTimeout(this.#patience);
    connected.delete(this.#session);
    super.closed();
  }

  #giveUp(): void {
    if (this.#session.data === undefined) this.#session.close('connection-timeout');
  }

  #mayShowPassword(): boolean {
    return this.security.secure || this.security.loopback;
  }
}

/** A client binds a resource. The former session of the resource is closed, and its stanzas go to the new session. */
const bind = (session: Session, account: string, request: Element): void => {
  const jid = `${account}/${request.getChild('bind', BIND)?.getChildText('resource') || randomUUID()}`;
  const former = resources.get(jid);
  session.data = { jid, session, isFull: false, presence: undefined, told: new Set(), inTransit: [] };
  resources.set(jid, session.data);
  const result = new Element('iq', { type: 'result', id: request.attrs.id });
  result.c('bind', { xmlns: BIND }).c('jid').t(jid);
  session.writeUncounted(print(result));
  session.bound();
  former?.session.close('conflict');
};

/** A client has resumed its session: the resource moves to the new connection, and contacts see no change. */
const moveTo = (session: Session, resource: Resource | undefined): void => {
  if (resource === undefined) return;
  session.data = resource;
  resource.session = session;
  resource.isFull = false;
  for (const { xml, kind, type, key } of resource.inTransit.splice(0)) session.send({ xml, kind, type, key });
  if (resources.get(resource.jid) !== resource) session.close('conflict'); // another client has bound the resource meanwhile
};

const hear = (session: Session, resource: Resource, report: Report): void => {
  const isSuperseded = session.status === 'superseded';
  if (report.type === 'enabled' && session.smId !== null) bySmId.set(session.smId, resource);
  // Without stream management no acknowledgement comes: a stanza that was written counts as arrived.
  const isWritten = report.type === 'acknowledged' || (report.type === 'returned' && report.reason === 'unmanaged');
  if (isWritten) for (const { key } of report.stanzas) settle(key, true);
  if (isWritten) return;
  if (report.type === 'queuePressure') resource.isFull = report.full;
  if (report.type === 'returned' && isSuperseded) resource.inTransit.push(...report.stanzas);
  // `returned` comes before `ended`: remove the resource before a stanza is routed again.
  if ((report.type === 'ended' || report.type === 'returned') && !isSuperseded) goOffline(session, resource);
  if (report.type === 'returned' && !isSuperseded)
    for (const stanza of report.stanzas) if (settle(stanza.key, false)) giveBack(stanza, resource.jid);
};

const goOffline = (session: Session, resource: Resource): void => {
  bySmId.delete(session.smId ?? '');
  if (resources.get(resource.jid) === resource) resources.delete(resource.jid);
  becomeUnavailable(resource, new Element('presence', { type: 'unavailable', from: resource.jid }));
};

/** Handles a stanza that never arrived, for a resource that is gone. */
const giveBack = ({ xml, kind, type }: Stanza, jid: string): void => {
  const successor = resources.get(jid);
  const stanza = parseElement(xml);
  if (successor !== undefined && kind === 'message') successor.session.send({ xml, kind, type });
  else if (stanza._tag === 'Right') bounce(stanza.right, 'recipient-unavailable');
};

/** A copy arrived or failed. @returns whether this was the last copy, and no copy arrived */
const settle = (key: string | null, arrived: boolean): boolean => {
  if (key === null) return !arrived;
  const message = copies.get(key);
  if (message === undefined) return false;
  message.underWay -= 1;
  message.arrived ||= arrived;
  if (message.underWay === 0) copies.delete(key);
  return message.underWay === 0 && !message.arrived;
};

/** Handles a stanza from a client. The session has counted it already. */
const take = (from: Resource, stanza: Element): void => {
  stanza.attrs.from = from.jid;
  if (stanza.getName() === 'presence') takePresence(from, stanza);
  else route(stanza, stanza.attrs.to ?? bareOf(from.jid));
};

/** Routes a message or IQ to a resource, or a message to all resources of an account with a priority of 0 or more. */
const route = (stanza: Element, to: string): void => {
  const isMessage = stanza.getName() === 'message';
  const receivers = reachedBy(to).filter(({ jid, presence }) => jid === to || (isMessage && priorityOf(presence) >= 0));
  if (receivers.length === 0) bounce(stanza, 'service-unavailable');
  const key = receivers.length > 1 ? randomUUID() : undefined;
  if (key !== undefined) copies.set(key, { underWay: receivers.length, arrived: false });
  for (const receiver of receivers) deliver(stanza, receiver, key);
};

const takePresence = (from: Resource, stanza: Element): void => {
  const { to, type } = stanza.attrs;
  if (to !== undefined) {
    if (type === undefined) from.told.add(to);
    if (type === 'unavailable') from.told.delete(to);
    for (const resource of reachedBy(to)) deliver(stanza, resource);
  } else if (type === 'unavailable') becomeUnavailable(from, stanza);
  else if (type === undefined) {
    const others = from.presence === undefined ? availableOf(from.jid) : [];
    from.presence = stanza;
    for (const resource of availableOf(from.jid)) deliver(stanza, resource);
    for (const { presence } of others) if (presence !== undefined) deliver(presence, from);
  }
};

const becomeUnavailable = (resource: Resource, presence: Element): void => {
  const siblings = resource.presence === undefined ? [] : availableOf(resource.jid);
  const audience = new Set([...siblings, ...[...resource.told].flatMap(reachedBy)]);
  resource.presence = undefined;
  resource.told.clear();
  for (const other of audience) deliver(presence, other);
};

const deliver = (stanza: Element, { session, isFull }: Resource, key?: string): void => {
  isCrowded ||= isFull;
  const kind = stanza.getName() as StanzaKind;
  session.send({ xml: print(stanza), kind, type: stanza.attrs.type ?? '', key });
};

const bounce = (stanza: Element, condition: string): void => {
  const { from = '', to, id, type } = stanza.attrs;
  const sender = resources.get(from);
  if (sender === undefined || type === 'error' || type === 'result' || stanza.getName() === 'presence') return;
  const error = new Element(stanza.getName(), { type: 'error', from: to, to: from, id });
  error.c('error', { type: 'cancel' }).c(condition, { xmlns: STANZAS });
  deliver(error, sender);
};

const bareOf = (jid: string): string => jid.replace(/\/.*$/s, '');
const availableOf = (jid: string): readonly Resource[] =>
  [...resources.values()].filter((resource) => resource.presence !== undefined && bareOf(resource.jid) === bareOf(jid));
const priorityOf = (presence?: Element): number => Number(presence?.getChildText('priority') ?? 0);
const reachedBy = (to: string): readonly Resource[] => {
  const exact = resources.get(to);
  return exact === undefined ? availableOf(to) : [exact];
};

const listening = await listen(
  { host: '127.0.0.1', port: Number(process.env.PORT ?? 5222) },
  (transport) => new Connection(transport),
);

const shutDown = (): void => {
  void listening.close();
  // First close the sessions that hibernate: their stanzas go back to senders who are still connected.
  const waiting = [...resources.values()].map(({ session }) => session).filter((session) => !connected.has(session));
  for (const session of [...waiting, ...connected.keys()]) session.close('system-shutdown');
};
process.once('SIGINT', shutDown).once('SIGTERM', shutDown);

console.log(`listening on ${listening.host}:${listening.port}`);
