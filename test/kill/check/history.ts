/** The facts in the order of clients and sessions. Nothing is judged here. */
import type { Fact, Stanza } from '../log.js';

export type FactOf<Is extends Fact['is']> = Extract<Fact, { readonly is: Is }>;

export interface Write {
  readonly n: number;
  readonly stanza: Stanza;
  readonly at: number;
}

/** A session of stream management, from the client's side. */
export interface Session {
  readonly id: string;
  readonly by: string;
  /** When the client asked for its resource: from now on, something may come for it. */
  boundAt: number;
  /** Before that, what the client wrote behind its request may count already. */
  enabledAt: number;
  /** Seconds, as the server promised. */
  max: number | undefined;
  isEnabled: boolean;
  /** Everything about it, in order; also the breaks of its client's connection. */
  readonly facts: Fact[];
  /** What was written at each position, the first time. */
  readonly writes: Write[];
  /** When each position was acknowledged; a position that is not here was not. */
  readonly ackedAt: Map<number, number>;
  readonly resumedAt: number[];
  /** How many of the stanzas that came the server has heard an acknowledgement of, for sure. */
  proven: number;
  /** Until it ends, or the run does. */
  end: SessionEnd | undefined;
  /** When the server last showed that it had the connection. */
  lastHeardAt: number;
}

export interface SessionEnd {
  readonly how: 'refused' | 'forgot' | 'left' | 'closed';
  readonly at: number;
  /** The server knows of it: contacts hear of it, and what is left is not for the next session alone. */
  readonly isSeen: boolean;
}

export interface Arrival {
  readonly by: string;
  readonly session: Session | undefined;
  readonly n: number | undefined;
  readonly at: number;
}

/** A message or a presence that an application gave to its client. */
export interface Given {
  readonly name: string;
  readonly by: string;
  readonly to: string;
  /** Its place among all that were given. */
  readonly order: number;
}

/** The time in which a client had a resource and no stream management, and then lost its connection. */
export interface Exposure {
  readonly by: string;
  readonly from: number;
  readonly to: number;
}

export interface History {
  readonly facts: readonly Fact[];
  readonly sessions: ReadonlyMap<string, Session>;
  /** In the order in which they began. */
  readonly sessionsOf: ReadonlyMap<string, readonly Session[]>;
  readonly given: ReadonlyMap<string, Given>;
  readonly exposures: readonly Exposure[];
  readonly watches: readonly FactOf<'watches'>[];
  readonly endsAt: number;
}

export const bareOf = (jid: string): string => jid.split('/')[0] ?? jid;

export const readHistory = (facts: readonly Fact[]): History => {
  const sessions = new Map<string, Session>();
  const sessionsOf = new Map<string, Session[]>();
  const given = new Map<string, Given>();
  const exposures: Exposure[] = [];
  const binding = new Map<string, number>();
  const sessionOf = (id: string, { by, at }: { readonly by: string; readonly at: number }): Session => {
    const session = sessions.get(id) ?? newSession(id, by, binding.get(by) ?? at);
    if (!sessions.has(id)) sessionsOf.set(by, [...(sessionsOf.get(by) ?? []), session]);
    sessions.set(id, session);
    return session;
  };
  for (const fact of facts) {
    if (fact.is === 'given') given.set(fact.name, { name: fact.name, by: fact.by, to: fact.to, order: given.size });
    if (fact.is === 'binding') binding.set(fact.by, fact.at);
    if (fact.is === 'unlinked') {
      const from = binding.get(fact.by);
      if (from !== undefined) exposures.push({ by: fact.by, from, to: fact.at });
      binding.delete(fact.by);
      sessionsOf.get(fact.by)?.at(-1)?.facts.push(fact);
    }
    if ('session' in fact && fact.session !== undefined) sessionOf(fact.session, fact).facts.push(fact);
    if (fact.is === 'enabled') binding.delete(fact.by);
  }
  for (const session of sessions.values()) readSession(session);
  const watches = facts.filter((fact): fact is FactOf<'watches'> => fact.is === 'watches');
  return { facts, sessions, sessionsOf, given, exposures, watches, endsAt: facts.at(-1)?.at ?? 0 };
};

const newSession = (id: string, by: string, at: number): Session => ({
  ...{
    id,
    by,
    boundAt: at,
    enabledAt: at,
    max: undefined,
    isEnabled: false,
    facts: [],
    writes: [],
    ackedAt: new Map(),
  },
  ...{ resumedAt: [], proven: 0, end: undefined, lastHeardAt: at },
});

const UINT32 = 2 ** 32;

/** Fills in what follows from the facts of the session. */
const readSession = (session: Session): void => {
  let acked = 0;
  let written = 0;
  /** What the client acknowledged on this connection, and how much it had written by then. */
  let told: { readonly h: number; readonly written: number }[] = [];
  let resumedFrom = 0;
  const acknowledge = (h: number, at: number): void => {
    const more = (h - acked + UINT32) % UINT32;
    if (more > session.writes.length - acked) return;
    for (let n = acked + 1; n <= acked + more; n++) session.ackedAt.set(n, at);
    acked += more;
    // The server has read everything up to the stanza that it acknowledges.
    for (const each of told) if (each.written < acked) session.proven = Math.max(session.proven, each.h);
  };
  for (const fact of session.facts) {
    if (fact.is === 'enabled') Object.assign(session, { enabledAt: fact.at, max: fact.max, isEnabled: true });
    if (fact.is === 'wrote') {
      written = fact.n;
      if (fact.n > session.writes.length) session.writes.push(fact);
    } else if (fact.is === 'told') told.push({ h: fact.h, written });
    else if (fact.is === 'resuming') resumedFrom = fact.h;
    else if (fact.is === 'unlinked') told = [];
    else if (fact.is === 'got' || fact.is === 'heard' || fact.is === 'resumed') session.lastHeardAt = fact.at;
    if (fact.is === 'resumed') {
      session.resumedAt.push(fact.at);
      session.proven = Math.max(session.proven, resumedFrom);
    }
    if ((fact.is === 'heard' || fact.is === 'resumed' || fact.is === 'refused') && fact.h !== undefined)
      acknowledge(fact.h, fact.at);
    session.end ??= endIn(fact, session);
    // A request that the server did not answer is forgotten with its connection.
    if (fact.is === 'unlinked' && !session.isEnabled) session.end ??= { how: 'forgot', at: fact.at, isSeen: false };
  }
};

const endIn = (fact: Fact, { facts }: Session): SessionEnd | undefined => {
  const { at } = fact;
  if (fact.is === 'left') return { how: 'left', at, isSeen: facts.some(({ is }) => is === 'parted') };
  if (fact.is === 'parted') return { how: 'closed', at, isSeen: true };
  if (fact.is === 'refused') return { how: 'refused', at, isSeen: true };
  if (fact.is === 'forgot') return { how: 'forgot', at, isSeen: false };
  return undefined;
};
