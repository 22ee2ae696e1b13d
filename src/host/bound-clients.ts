/** The clients that have a resource bound, by their full JID and by the SM-ID under which their session can be resumed. */
import type { Returned } from '../index.js';
import type { RunningSession } from '../server.js';
import { formatJid, type Jid } from './jid.js';

/** A client with a bound resource. It outlives its connections: a resumption puts another session in the place of the first. */
export interface BoundClient {
  readonly jid: Jid;
  /** The full JID as text. */
  readonly name: string;
  session: RunningSession;
  /** Stanzas that came while one session took over from the other; undefined when there are none. */
  toResend: Returned[] | undefined;
}

export class BoundClients {
  readonly #byName = new Map<string, BoundClient>();
  readonly #bySmId = new Map<string, BoundClient>();

  find(name: string): BoundClient | undefined {
    return this.#byName.get(name);
  }

  /** Takes the place of the client that had the same full JID. */
  add(jid: Jid, session: RunningSession): BoundClient {
    const client: BoundClient = { jid, name: formatJid(jid), session, toResend: undefined };
    this.#byName.set(client.name, client);
    return client;
  }

  /** The client's session can be resumed by this SM-ID. */
  addSmId(client: BoundClient, smId: string): void {
    this.#bySmId.set(smId, client);
  }

  /** A session was resumed: `session` goes on where the client's session was superseded. */
  takeOver(smId: string, session: RunningSession): BoundClient | undefined {
    const client = this.#bySmId.get(smId);
    if (client === undefined) return undefined;
    const { toResend = [] } = client;
    client.session = session;
    client.toResend = undefined;
    for (const { xml, kind, type, key } of toResend) session.send({ xml, kind, type, key });
    // Another client bound the resource while the session moved.
    if (!this.#has(client)) session.close('conflict');
    return client;
  }

  /** @returns false when the client is not bound any more, or another client has its resource */
  remove(client: BoundClient): boolean {
    const { status, smId } = client.session;
    if (status !== 'superseded') this.#bySmId.delete(smId ?? '');
    return this.#has(client) && this.#byName.delete(client.name);
  }

  /** Clients with an empty queue come last: they are still connected when stanzas that they sent to the others come back. */
  inClosingOrder(): readonly BoundClient[] {
    return [...this.#byName.values()].sort((a, b) => closingRank(a.session) - closingRank(b.session));
  }

  #has(client: BoundClient): boolean {
    return this.#byName.get(client.name) === client;
  }
}

const closingRank = ({ status, counters }: RunningSession): number => {
  if (status === 'hibernating') return 0;
  return counters.unacked > 0 ? 1 : 2;
};
