/** The clients that have a resource bound, by their full JID and by the SM-ID under which their session can be resumed. */
import type { Policy, Returned, StreamErrorCondition } from '../index.js';
import type { ServerSession } from '../server.js';
import { type Backlog, emptyBacklog } from './backlog.js';
import { formatJid, type Jid } from './jid.js';

/** A client with a bound resource. It outlives its connections: a resumption puts another session in the place of the first. */
export interface BoundClient {
  readonly jid: Jid;
  /** The full JID as text. */
  readonly name: string;
  session: ServerSession;
  /** Set while the session moves to another connection: the old session is superseded, the new one has not taken over. */
  move: Move | undefined;
  readonly backlog: Backlog;
  /** Another client bound the resource: what is left of this one's queue goes to that one. */
  heir: BoundClient | undefined;
}

interface Move {
  /** Stanzas that came meanwhile: they follow the queue of the session. */
  readonly stanzas: Returned[];
  size: number;
  /** The client has ended meanwhile, for this reason: the session that takes over ends too. */
  ended: StreamErrorCondition | undefined;
  cancelDeadline: () => void;
}

export class BoundClients {
  readonly #byName = new Map<string, BoundClient>();
  readonly #bySmId = new Map<string, BoundClient>();

  find(name: string): BoundClient | undefined {
    return this.#byName.get(name);
  }

  /** Takes the place of the client that had the same full JID. */
  add(jid: Jid, session: ServerSession): BoundClient {
    const name = formatJid(jid);
    const client: BoundClient = { jid, name, session, move: undefined, backlog: emptyBacklog(), heir: undefined };
    this.#byName.set(client.name, client);
    return client;
  }

  /** The client's session can be resumed by this SM-ID. */
  addSmId(client: BoundClient, smId: string): void {
    this.#bySmId.set(smId, client);
  }

  /** A session was resumed: `session` goes on where the client's session was superseded. */
  takeOver(smId: string, session: ServerSession): BoundClient | undefined {
    const client = this.#bySmId.get(smId);
    if (client === undefined) return undefined;
    const { move } = client;
    client.session = session;
    client.move = undefined;
    move?.cancelDeadline();
    for (const { xml, kind, type, key } of move?.stanzas ?? []) session.send({ xml, kind, type, key });
    // Perhaps another client bound the resource while the session moved.
    if (!this.has(client)) session.close(move?.ended ?? 'conflict');
    return client;
  }

  /** The client's session is superseded, and no session has taken over yet. `cancelDeadline` stops the time for this. */
  moves(client: BoundClient, cancelDeadline: () => void): void {
    client.move ??= { stanzas: [], size: 0, ended: undefined, cancelDeadline: () => {} };
    client.move.cancelDeadline = cancelDeadline;
  }

  /**
   * Keeps stanzas that came while the session moves, up to the limits of a queue.
   *
   * @returns the stanzas that must be returned: with those that are beyond a limit the client ends, and all come back
   */
  keep(client: BoundClient, stanzas: readonly Returned[], limits: QueueLimits): readonly Returned[] {
    client.move ??= { stanzas: [], size: 0, ended: undefined, cancelDeadline: () => {} };
    const { move } = client;
    if (move.ended !== undefined) return stanzas;
    for (const stanza of stanzas) {
      move.stanzas.push(stanza);
      move.size += Buffer.byteLength(stanza.xml);
    }
    if (move.stanzas.length <= limits.maxQueueStanzas && move.size <= limits.maxQueueBytes) return [];
    move.ended = 'policy-violation';
    return move.stanzas.splice(0);
  }

  /** No session took over in time. @returns the stanzas that waited for it */
  strand(client: BoundClient): readonly Returned[] {
    this.#bySmId.delete(client.session.smId ?? '');
    const { move } = client;
    client.move = undefined;
    return move?.stanzas ?? [];
  }

  /** @returns false when the client is not bound any more, or another client has its resource */
  remove(client: BoundClient): boolean {
    const { status, smId } = client.session;
    if (status !== 'superseded') this.#bySmId.delete(smId ?? '');
    return this.has(client) && this.#byName.delete(client.name);
  }

  /** Clients with an empty queue come last: they are still connected when stanzas that they sent to the others come back. */
  inClosingOrder(): readonly BoundClient[] {
    return [...this.#byName.values()].sort((a, b) => closingRank(a.session) - closingRank(b.session));
  }

  /** Whether the client has its resource: it is not gone, and no other client took its place. */
  has(client: BoundClient): boolean {
    return this.#byName.get(client.name) === client;
  }
}

type QueueLimits = Pick<Policy, 'maxQueueStanzas' | 'maxQueueBytes'>;

const closingRank = ({ status, counters }: ServerSession): number => {
  if (status === 'hibernating') return 0;
  return counters.unacked > 0 ? 1 : 2;
};
