/**
 * What each session of a watcher saw of each client that it watches. A contact that is away and comes back in time is never gone; one
 * whose session is over is. Each update that the server acknowledged is seen once, and in order.
 */

import { availableAt } from './fates.js';
import type { Fault, FaultKind } from './fault.js';
import { bareOf, type History, type Session } from './history.js';
import { hasLapsed } from './resumption.js';

export const checkPresence = (history: History): readonly Fault[] => {
  const seen = sightings(history);
  const updates = new Map([...history.sessionsOf].map(([by, sessions]) => [by, updatesIn(sessions)]));
  return [...history.sessions.values()].flatMap((watcher) =>
    watchedBy(history, watcher.by).flatMap((contact) =>
      new View(history, watcher, contact, {
        seen: seen.get(`${watcher.id} ${contact}`) ?? [],
        updates: updates.get(contact) ?? new Map(),
      }).faults(),
    ),
  );
};

/** A presence that a client wrote. */
interface Update {
  readonly session: Session;
  readonly at: number;
  readonly ackedAt: number | undefined;
}

/** By their marks. */
type Updates = ReadonlyMap<string, Update>;

const updatesIn = (sessions: readonly Session[]): Updates =>
  new Map(
    sessions.flatMap((session) =>
      session.writes.flatMap(({ stanza, at, n }) =>
        stanza.kind === 'presence' && stanza.mark !== ''
          ? [[stanza.mark, { session, at, ackedAt: session.ackedAt.get(n) }]]
          : [],
      ),
    ),
  );

interface Sighting {
  readonly at: number;
  readonly mark: string;
  readonly isAvailable: boolean;
}

/** By the watcher's session and the contact's full JID. */
const sightings = ({ facts }: History): ReadonlyMap<string, readonly Sighting[]> => {
  const seen = new Map<string, Sighting[]>();
  for (const fact of facts) {
    if (fact.is !== 'got' || fact.stanza.kind !== 'presence' || fact.stanza.from === fact.by) continue;
    const key = `${fact.session} ${fact.stanza.from}`;
    const list = seen.get(key) ?? [];
    list.push({ at: fact.at, mark: fact.stanza.mark, isAvailable: fact.stanza.available });
    seen.set(key, list);
  }
  return seen;
};

/** The full JIDs of the other clients of the same user, and of the user's contacts. */
const watchedBy = ({ sessionsOf, watches }: History, by: string): readonly string[] => {
  const contacts = watches.filter(({ user }) => user === bareOf(by)).map(({ contact }) => contact);
  return [...sessionsOf.keys()].filter((jid) => jid !== by && [bareOf(by), ...contacts].includes(bareOf(jid)));
};

class View {
  readonly #history: History;
  readonly #watcher: Session;
  readonly #contact: string;
  readonly #seen: readonly Sighting[];
  /** Of the contact. */
  readonly #updates: Updates;

  constructor(
    history: History,
    watcher: Session,
    contact: string,
    { seen, updates }: { readonly seen: readonly Sighting[]; readonly updates: Updates },
  ) {
    this.#history = history;
    this.#watcher = watcher;
    this.#contact = contact;
    this.#seen = seen;
    this.#updates = updates;
  }

  faults(): readonly Fault[] {
    return [...this.#sequence(), ...this.#missing()];
  }

  /** Goes through what was seen, in order. */
  #sequence(): readonly Fault[] {
    const faults: Fault[] = [];
    /** The newest presence, until the contact is gone. */
    let last: Sighting | undefined;
    let hasGone = false;
    for (const sighting of this.#seen) {
      const { mark, isAvailable, at } = sighting;
      if (isAvailable) {
        faults.push(...this.#stepTo(sighting, last, hasGone));
        last = sighting;
        hasGone = false;
      } else {
        const session = last && this.#updates.get(last.mark)?.session;
        if (session !== undefined && !hasGone && goesOn(session, at))
          faults.push(this.#fault('false presence', `${this.#contact} was said to be gone, behind ${last?.mark}`, at));
        if (hasGone && mark === '')
          faults.push(this.#fault('false presence', `${this.#contact} was said to be gone twice`, at));
        hasGone = true;
      }
    }
    return faults;
  }

  #stepTo({ mark, at }: Sighting, last: Sighting | undefined, hasGone: boolean): readonly Fault[] {
    const session = this.#updates.get(mark)?.session;
    if (session === undefined) return [this.#fault('thin air', `presence ${mark} of ${this.#contact}`, at)];
    if (last === undefined) return [];
    const former = this.#updates.get(last.mark)?.session;
    if (mark === last.mark && !hasGone)
      return this.#isFresh(session, at) ? [] : [this.#fault('doubled', `presence ${mark} came twice`, at)];
    if (this.#orderOf(mark) < this.#orderOf(last.mark))
      return [this.#fault('out of order', `presence ${mark} came behind ${last.mark}`, at)];
    if (former !== session && !hasGone && former !== undefined && isOver(former))
      return [this.#fault('missing presence', `${this.#contact} was gone between ${last.mark} and ${mark}`, at)];
    return [];
  }

  /** Presence may come twice when one of the two has just come: as news, and because the watcher did not know it. */
  #isFresh({ enabledAt }: Session, at: number): boolean {
    return at - Math.max(enabledAt, this.#watcher.enabledAt) < FRESH;
  }

  /** What a session must have seen that lasts until the end of the run. */
  #missing(): readonly Fault[] {
    const { endsAt, sessionsOf } = this.#history;
    if (this.#watcher.end !== undefined) return [];
    const from = availableAt(this.#watcher);
    const seen = new Set(this.#seen.map(({ mark }) => mark));
    const present = sessionsOf.get(this.#contact)?.at(-1);
    const faults: Fault[] = [];
    for (const [mark, { at, ackedAt }] of this.#updates)
      if (at > from && ackedAt !== undefined && !seen.has(mark))
        faults.push(this.#fault('missing presence', `${mark} did not come`, ackedAt));
    const last = this.#seen.at(-1);
    const isThere = present !== undefined && present.end === undefined && availableAt(present) < endsAt;
    if (isThere && faults.length === 0 && last?.isAvailable !== true)
      faults.push(this.#fault('missing presence', `${this.#contact} is there, and was not seen`, endsAt));
    if (present?.end !== undefined && isOver(present) && last?.isAvailable)
      faults.push(this.#fault('false presence', `${this.#contact} is a ghost: its session is over`, endsAt));
    return faults;
  }

  #orderOf(mark: string): number {
    return this.#history.given.get(mark)?.order ?? 0;
  }

  #fault(kind: FaultKind, text: string, at: number): Fault {
    return { kind, text: `${this.#watcher.id}: ${text}`, at };
  }
}

/** Milliseconds after which a session is not new any more. */
const FRESH = 2_000;

/** Milliseconds: what the server says while it closes the stream does not count, and its words overtake each other on their wires. */
const CLOSING = 250;

/** Whether the session lived on after this time. */
const goesOn = ({ end, facts }: Session, at: number): boolean =>
  end === undefined ||
  facts.some((fact) => (fact.is === 'resumed' || fact.is === 'heard') && fact.at > at + CLOSING && fact.at < end.at);

/** The server knows that the session is over, and must have said so. A resource that is bound anew needs no word in between. */
const isOver = (session: Session): boolean => hasLapsed(session) || (session.end?.how === 'left' && session.end.isSeen);
