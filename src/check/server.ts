/** The server from the view of a check: methods that create clients, on resources that no other check uses. */
import type { Account, Client, Session } from './client.js';
import { Clients, type ClientsOptions, type Who } from './clients.js';
import type { Facts } from './facts.js';
import type { Allowed } from './needs.js';
import type { Transcript } from './transcript.js';
import { stanza } from './wire/conditions.js';
import { type Element, escapeXml } from './wire/element.js';

export interface ServerInUse {
  readonly server: Server;
  /** Closes every stream and ends every session that is left. */
  tidy(): Promise<void>;
}

export const useServer = (options: ClientsOptions): ServerInUse => {
  const clients = new Clients(options);
  return { server: new Server(options, clients), tidy: () => clients.tidy() };
};

/** The server under test, and the clients that a check connects to it. */
export class Server implements Allowed {
  readonly wait: number;
  readonly stress: boolean;
  readonly initialCount: number;
  readonly websocket: boolean;
  readonly facts: Facts;
  readonly domain: string;
  /** Whether the server is on this machine and shares the clock of the check. */
  readonly loopback: boolean;
  readonly accounts: Readonly<Record<Who, Account>>;
  /** Milliseconds that an answer may take. */
  readonly patience: number;
  readonly transcript: Transcript;
  /** Attributes for `<enable/>` that ask for a session with a short lifetime. */
  readonly brief = `resume='true' max='${SHORT}'`;
  /** Returns a new id that no other caller gets. */
  readonly unique: () => string;
  readonly #clients: Clients;

  constructor({ target, accounts, allowed, facts, patience, transcript }: ClientsOptions, clients: Clients) {
    this.wait = allowed.wait;
    this.stress = allowed.stress;
    this.initialCount = allowed.initialCount;
    this.websocket = allowed.websocket;
    this.facts = facts;
    this.domain = target.domain;
    this.loopback = target.loopback;
    this.accounts = accounts;
    this.patience = patience;
    this.transcript = transcript;
    this.unique = clients.unique;
    this.#clients = clients;
  }

  /** Returns a client that is connected and not logged in. */
  connect(who: Who = 'romeo'): Promise<Client> {
    return this.#clients.connect(this.accounts[who]);
  }

  /** Returns a client that is logged in and has no resource. */
  login(who: Who = 'romeo'): Promise<Client> {
    return this.#clients.login(this.accounts[who]);
  }

  /** Returns a client that has a resource and no stream management. */
  async bound(who: Who = 'romeo', resource?: string): Promise<Client> {
    const client = await this.login(who);
    await client.bind(resource);
    return client;
  }

  /** Returns a client that has a resource and stream management. */
  async enabled(who: Who = 'romeo', attributes?: string): Promise<Client> {
    const client = await this.bound(who);
    await client.enable(attributes);
    return client;
  }

  /** Resumes a session on a new connection. @param h the count that the client reports; default: the true count */
  async resumed(session: Session, h?: number): Promise<Client> {
    const client = await this.#clients.login(session.account);
    await client.resume(session, h);
    return client;
  }

  /** Builds a message whose `id` and body both hold this id. */
  message(to: string, id: string, attributes = "type='chat'"): string {
    return `<message to='${escapeXml(to)}' id='${id}' ${attributes}><body>${id}</body></message>`;
  }

  /** Waits until a session whose connection was lost just now has expired, plus a margin. */
  expiry(): Promise<void> {
    return sleep(((this.facts.lifetime ?? 0) + SPARE) * 1000);
  }

  /** Sends messages from one client to the full JID of another and waits for their arrival. @returns the ids, in order */
  async deliver(from: Client, to: Client, count: number): Promise<readonly string[]> {
    const sent = this.#send(from, to.jid, count);
    for (const id of sent) await to.receive('a message', stanza('message', { id }));
    return sent;
  }

  /** Becomes available on a new client. @returns the offline messages, which the server sends only to this client */
  async offline(who: Who = 'romeo'): Promise<readonly Element[]> {
    const client = await this.bound(who);
    client.send('<presence/>');
    await client.roundTrip();
    await sleep(SETTLED);
    await client.roundTrip();
    const messages = client.seen.filter(stanza('message'));
    await client.close();
    return messages;
  }

  /** Sends messages to a JID whose client the check cannot observe, and waits until the server has handled them. @returns the ids */
  async queue(from: Client, to: string, count: number): Promise<readonly string[]> {
    // During the round trip the server notices a connection that was dropped just before.
    await from.roundTrip();
    const sent = this.#send(from, to, count);
    await from.roundTrip();
    return sent;
  }

  /** Sends this many messages in one write. @returns the ids, in order */
  #send(from: Client, to: string, count: number): readonly string[] {
    const ids = Array.from({ length: count }, this.unique);
    from.send(...ids.map((id) => this.message(to, id)));
    return ids;
  }
}

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
