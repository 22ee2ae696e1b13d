/** The server as a check gets it: ways to become its client, on accounts and resources that no other check uses. */
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
  /** It is on this machine, and has our clock. */
  readonly loopback: boolean;
  readonly accounts: Readonly<Record<Who, Account>>;
  /** Milliseconds that an answer may take. */
  readonly patience: number;
  readonly transcript: Transcript;
  /** A stream that is open and not logged in. */
  connect(who?: Who): Promise<Client>;
  /** Logged in, not bound. */
  login(who?: Who): Promise<Client>;
  /** Bound, without stream management. */
  bound(who?: Who, resource?: string): Promise<Client>;
  /** Bound, with stream management. */
  enabled(who?: Who, attributes?: string): Promise<Client>;
  /** A session that was resumed on a new connection. @param h what we say to have received; by default what we have */
  resumed(session: Session, h?: number): Promise<Client>;
  /** An id that nobody else has. */
  unique(): string;
  /** A message, with this id in its body too. */
  message(to: string, id: string, attributes?: string): string;
  /** Attributes of an `<enable/>` whose session is over soon after its connection is lost. */
  readonly brief: string;
  /** Waits until a session that was lost just now has expired, with some time to spare. */
  expiry(): Promise<void>;
  /** Sends messages from one client to the full JID of another, and waits until they have come. @returns their ids, in order */
  deliver(from: Client, to: Client, count: number): Promise<readonly string[]>;
  /** Becomes available, and gives back what was stored offline meanwhile: messages that nobody else gets then. */
  offline(who?: Who): Promise<readonly Element[]>;
  /** Sends messages to somebody who cannot be seen to receive them, and waits until the server has handled them. */
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
  /** Closes every stream, and every session that is left. */
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
      // The server has heard by then that a connection is gone which was dropped just now.
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
      // What comes again is here when the next answer is.
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

/** The `max` that is asked for where a check waits for the end of a session. Seconds. */
export const SHORT = 4;

/** How long after its time a session has to be over, for certain. Seconds. */
const SPARE = 2;

/** Milliseconds in which offline messages arrive, on a server that sends them after the presence is answered. */
const SETTLED = 500;

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** In order, those of these messages that a client got. */
export const idsOf = (elements: readonly Element[]): readonly string[] =>
  elements
    .filter((element) => stanza('message')(element) && element.attrs.type !== 'error')
    .map(({ attrs }) => attrs.id ?? '');

/** The words of a system error. */
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
