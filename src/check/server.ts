/** The server from the view of a check: methods that create clients, on resources that no other check uses. */
import { randomBytes } from 'node:crypto';
import { type Account, type Client, connectClient, type Session } from './client.js';
import { type Facts, NO_FACTS } from './facts.js';
import { fail } from './finding.js';
import type { Allowed } from './needs.js';
import type { Target } from './target.js';
import type { Transcript } from './transcript.js';
import { stanza } from './wire/conditions.js';
import { type Element, escapeXml } from './wire/element.js';
import { openWebSocket } from './wire/websocket.js';
import { openTcp, type WireListener } from './wire/wire.js';

export type Who = 'romeo' | 'juliet';

export interface Server extends Allowed {
  readonly facts: Facts;
  readonly domain: string;
  /** Whether the server is on this machine and shares the clock of the check. */
  readonly loopback: boolean;
  readonly accounts: Readonly<Record<Who, Account>>;
  /** Milliseconds that an answer may take. */
  readonly patience: number;
  readonly transcript: Transcript;
  /** Returns a client that is connected and not logged in. */
  connect(who?: Who): Promise<Client>;
  /** Returns a client that is logged in and has no resource. */
  login(who?: Who): Promise<Client>;
  /** Returns a client that has a resource and no stream management. */
  bound(who?: Who, resource?: string): Promise<Client>;
  /** Returns a client that has a resource and stream management. */
  enabled(who?: Who, attributes?: string): Promise<Client>;
  /** Resumes a session on a new connection. @param h the count that the client reports; default: the true count */
  resumed(session: Session, h?: number): Promise<Client>;
  /** Returns a new id that no other caller gets. */
  unique(): string;
  /** Builds a message whose `id` and body both hold this id. */
  message(to: string, id: string, attributes?: string): string;
  /** Attributes for `<enable/>` that ask for a session with a short lifetime. */
  readonly brief: string;
  /** Waits until a session whose connection was lost just now has expired, plus a margin. */
  expiry(): Promise<void>;
  /** Sends messages from one client to the full JID of another and waits for their arrival. @returns the ids, in order */
  deliver(from: Client, to: Client, count: number): Promise<readonly string[]>;
  /** Becomes available on a new client. @returns the offline messages, which the server sends only to this client */
  offline(who?: Who): Promise<readonly Element[]>;
  /** Sends messages to a JID whose client the check cannot observe, and waits until the server has handled them. @returns the ids */
  queue(from: Client, to: string, count: number): Promise<readonly string[]>;
}

export interface ServerOptions {
  readonly target: Target;
  readonly accounts: Readonly<Record<Who, Account>>;
  readonly allowed: Allowed;
  readonly facts: Facts;
  readonly patience: number;
  readonly transcript: Transcript;
}

export interface ServerInUse {
  readonly server: Server;
  /** Closes every stream and ends every session that is left. */
  tidy(): Promise<void>;
}

export const useServer = (options: ServerOptions): ServerInUse => {
  const { target, accounts, allowed, facts, patience, transcript } = options;
  const tag = randomBytes(4).toString('hex');
  const clients: Client[] = [];
  const sessions: Session[] = [];
  const names = new Map<string, number>();
  let ids = 0;

  const unique = (): string => {
    ids += 1;
    return `${tag}-${ids}`;
  };

  const nameOf = (account: Account): string => {
    const who = account === accounts.romeo ? 'romeo' : 'juliet';
    const count = (names.get(who) ?? 0) + 1;
    names.set(who, count);
    return count === 1 ? who : `${who}-${count}`;
  };

  const dial = (listener: WireListener) => {
    const { host, port, transport, domain, insecure, path } = target;
    const wire = { host, port, domain, insecure, within: patience, tls: transport === 'tls' || transport === 'wss' };
    return transport === 'ws' || transport === 'wss' ? openWebSocket(wire, path, listener) : openTcp(wire, listener);
  };

  const open = async (account: Account): Promise<Client> => {
    const client = await connectClient({
      name: nameOf(account),
      account,
      domain: target.domain,
      transcript,
      patience,
      startTls: target.transport === 'starttls',
      plain: target.loopback || ['starttls', 'tls', 'wss'].includes(target.transport),
      cheap: target.loopback && facts !== NO_FACTS,
      resource: `check-${unique()}`,
      initialCount: allowed.initialCount,
      sessions,
      unique,
      dial: (listener) => dial(listener).catch((error) => fail('to connect', reasonOf(error))),
    });
    clients.push(client);
    return client;
  };

  const login = async (account: Account): Promise<Client> => {
    const client = await open(account);
    await client.authenticate();
    return client;
  };

  const server: Server = {
    ...allowed,
    facts,
    domain: target.domain,
    loopback: target.loopback,
    accounts,
    patience,
    transcript,
    brief: `resume='true' max='${SHORT}'`,
    connect: (who = 'romeo') => open(accounts[who]),
    login: (who = 'romeo') => login(accounts[who]),
    async bound(who = 'romeo', resource) {
      const client = await server.login(who);
      await client.bind(resource);
      return client;
    },
    async enabled(who = 'romeo', attributes) {
      const client = await server.bound(who);
      await client.enable(attributes);
      return client;
    },
    async resumed(session, h) {
      const client = await login(session.account);
      await client.resume(session, h);
      return client;
    },
    unique,
    message: (to, id, attributes = "type='chat'") =>
      `<message to='${escapeXml(to)}' id='${id}' ${attributes}><body>${id}</body></message>`,
    expiry: () => sleep(((facts.lifetime ?? 0) + SPARE) * 1000),
    async deliver(from, to, count) {
      const sent = Array.from({ length: count }, unique);
      from.send(...sent.map((id) => server.message(to.jid, id)));
      for (const id of sent) await to.receive('a message', stanza('message', { id }));
      return sent;
    },
    async offline(who = 'romeo') {
      const client = await server.bound(who);
      client.send('<presence/>');
      await client.roundTrip();
      await sleep(SETTLED);
      await client.roundTrip();
      const messages = client.seen.filter(stanza('message'));
      await client.close();
      return messages;
    },
    async queue(from, to, count) {
      // During the round trip the server notices a connection that was dropped just before.
      await from.roundTrip();
      const sent = Array.from({ length: count }, unique);
      from.send(...sent.map((id) => server.message(to, id)));
      await from.roundTrip();
      return sent;
    },
  };

  const resumeAndClose = async (session: Session): Promise<void> => {
    const client = await login(session.account);
    try {
      await client.resume(session);
      // The server sends the repeated stanzas before it answers `<r/>`.
      await client.ask();
    } finally {
      await client.close();
    }
  };

  return {
    server,
    async tidy() {
      await Promise.all(clients.map((client) => client.close().catch(() => undefined)));
      const left = sessions.filter(({ smId, over }) => smId !== null && !over);
      await Promise.all(left.map((session) => resumeAndClose(session).catch(() => undefined)));
    },
  };
};

/** The `max` of `<enable/>`, in seconds, when a check waits for the end of a session. */
export const SHORT = 4;

/** Seconds after the lifetime of a session; by then the session must have ended. */
const SPARE = 2;

/** Milliseconds for offline messages to arrive; some servers send them after they answer the presence. */
const SETTLED = 500;

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The ids of the messages among these elements, in order, without error messages. */
export const idsOf = (elements: readonly Element[]): readonly string[] =>
  elements
    .filter((element) => stanza('message')(element) && element.attrs.type !== 'error')
    .map(({ attrs }) => attrs.id ?? '');

/** The text of a system error. */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const [first] = error instanceof AggregateError ? error.errors : [error];
  const code: unknown = first?.code;
  const message: string = first?.message ?? error.message;
  if (/wrong version number|packet length too long/.test(message)) return 'there is no TLS on this port';
  if (/^Parse Error/.test(message)) return 'there is no WebSocket on this port';
  return REASONS[String(code)] ?? message.replace(/^Unexpected server response:/, 'no WebSocket at this address: HTTP');
};

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'no such host',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'network is unreachable',
  ETIMEDOUT: 'no answer in time',
  ECONNRESET: 'connection reset',
};
