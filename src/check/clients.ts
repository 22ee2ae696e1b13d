/** The clients of one check: it creates them, and ends all their streams and sessions when the check is over. */
import { randomBytes } from 'node:crypto';
import { type Account, type Client, connectClient, type Session } from './client.js';
import { dial } from './dial.js';
import { type Facts, NO_FACTS } from './facts.js';
import type { Allowed } from './needs.js';
import type { Target } from './target.js';
import type { Transcript } from './transcript.js';

export type Who = 'romeo' | 'juliet';

export interface ClientsOptions {
  readonly target: Target;
  readonly accounts: Readonly<Record<Who, Account>>;
  readonly allowed: Allowed;
  readonly facts: Facts;
  readonly patience: number;
  readonly transcript: Transcript;
}

export class Clients {
  readonly #options: ClientsOptions;
  readonly #tag = randomBytes(4).toString('hex');
  readonly #clients: Client[] = [];
  readonly #sessions: Session[] = [];
  /** The number of clients of each account. */
  readonly #counts = new Map<Who, number>();
  #ids = 0;

  constructor(options: ClientsOptions) {
    this.#options = options;
  }

  /** Returns a new id that no other caller gets. */
  readonly unique = (): string => {
    this.#ids += 1;
    return `${this.#tag}-${this.#ids}`;
  };

  /** Returns a client that is connected and not logged in. */
  async connect(account: Account): Promise<Client> {
    const { target, allowed, facts, patience, transcript } = this.#options;
    const client = await connectClient({
      name: this.#nameOf(account),
      account,
      domain: target.domain,
      transcript,
      patience,
      startTls: target.transport === 'starttls',
      plain: target.loopback || ['starttls', 'tls', 'wss'].includes(target.transport),
      cheap: target.loopback && facts !== NO_FACTS,
      resource: `check-${this.unique()}`,
      initialCount: allowed.initialCount,
      sessions: this.#sessions,
      unique: this.unique,
      dial: (listener) => dial(target, patience, listener),
    });
    this.#clients.push(client);
    return client;
  }

  /** Returns a client that is logged in and has no resource. */
  async login(account: Account): Promise<Client> {
    const client = await this.connect(account);
    await client.authenticate();
    return client;
  }

  /** Closes every stream and ends every session that is left. */
  async tidy(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close().catch(() => undefined)));
    const left = this.#sessions.filter(({ smId, over }) => smId !== null && !over);
    await Promise.all(left.map((session) => this.#resumeAndClose(session).catch(() => undefined)));
  }

  async #resumeAndClose(session: Session): Promise<void> {
    const client = await this.login(session.account);
    try {
      await client.resume(session);
      // The server sends the repeated stanzas before it answers `<r/>`.
      await client.ask();
    } finally {
      await client.close();
    }
  }

  #nameOf(account: Account): string {
    const who = account === this.#options.accounts.romeo ? 'romeo' : 'juliet';
    const count = (this.#counts.get(who) ?? 0) + 1;
    this.#counts.set(who, count);
    return count === 1 ? who : `${who}-${count}`;
  }
}
