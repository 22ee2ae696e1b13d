/**
 * What is known of each message, and what must have become of it.
 *
 * - The server acknowledged it: it comes to somebody of its addressee, or comes back as an error. If the addressee's session lasts from
 *   before the message until the end of the run, it comes to that session; a message to a bare JID comes to each such session.
 * - The client wrote it, and its session ended before the server acknowledged it: nobody knows; it comes once at most.
 * - It came to a session that ended before the server heard an acknowledgement of it: it may come again to the next one.
 */
import { type Arrival, bareOf, type Given, type History, type Session } from './history.js';

export interface Fate {
  readonly given: Given;
  readonly firstWrittenAt: number | undefined;
  readonly ackedAt: number | undefined;
  /** In order of time. */
  readonly arrivals: readonly (Arrival & { readonly index: number })[];
  /** Its returns to the sender. */
  readonly errors: readonly Arrival[];
  /** Its text was what the sender wrote, everywhere. */
  readonly isSound: boolean;
}

type Open = { -readonly [key in keyof Fate]: Fate[key] } & { arrivals: Fate['arrivals'][number][]; errors: Arrival[] };

/** Of every message that was given, by its id. */
export const fatesIn = (history: History): ReadonlyMap<string, Fate> => {
  const fates = new Map<string, Open>();
  for (const given of history.given.values())
    if (given.to !== '')
      fates.set(given.name, {
        ...{ given, firstWrittenAt: undefined, ackedAt: undefined, arrivals: [], errors: [], isSound: true },
      });
  for (const session of history.sessions.values()) readWrites(session, fates);
  for (const [index, fact] of history.facts.entries()) {
    if (fact.is !== 'got') continue;
    const { stanza, by, n, at } = fact;
    if (stanza.kind !== 'message' && stanza.kind !== 'error') continue;
    const fate = fates.get(stanza.id);
    const session = fact.session === undefined ? undefined : history.sessions.get(fact.session);
    if (stanza.kind === 'error') fate?.errors.push({ by, session, n, at });
    else fate?.arrivals.push({ by, session, n, at, index });
    if (fate !== undefined && stanza.kind === 'message' && !stanza.sound) fate.isSound = false;
  }
  return fates;
};

const readWrites = ({ writes, ackedAt }: Session, fates: ReadonlyMap<string, Open>): void => {
  for (const { n, stanza, at } of writes) {
    const fate = stanza.kind === 'message' ? fates.get(stanza.id) : undefined;
    if (fate === undefined) continue;
    fate.firstWrittenAt = Math.min(fate.firstWrittenAt ?? at, at);
    fate.ackedAt ??= ackedAt.get(n);
  }
};

/** The sessions that must have got the message: they were there before it, and they last until the end of the run. */
export const obligedSessions = (history: History, { given, firstWrittenAt }: Fate): readonly Session[] => {
  const { to } = given;
  const readers = [...history.sessionsOf.keys()].filter((by) => (to === bareOf(to) ? bareOf(by) === to : by === to));
  return readers
    .flatMap((by) => history.sessionsOf.get(by)?.at(-1) ?? [])
    .filter((session) => session.end === undefined && availableAt(session) < (firstWrittenAt ?? 0));
};

/** When the server had acknowledged the first presence of the session. */
export const availableAt = ({ writes, ackedAt }: Session): number => {
  const first = writes.find(({ stanza }) => stanza.kind === 'presence');
  return (first && ackedAt.get(first.n)) ?? Number.POSITIVE_INFINITY;
};

/** Whether the server knows that the client has it. */
export const isKnown = ({ session, n }: Arrival): boolean => session !== undefined && (n ?? 0) <= session.proven;

/** A reader had its resource and no stream management, and then lost its connection: what was on this wire is lost by right. */
export const wasExposed = ({ exposures }: History, { given, firstWrittenAt, ackedAt }: Fate): boolean =>
  exposures.some(
    ({ by, from, to }) =>
      (by === given.to || bareOf(by) === given.to) &&
      (firstWrittenAt ?? Number.POSITIVE_INFINITY) <= to &&
      (ackedAt ?? Number.POSITIVE_INFINITY) >= from,
  );

/** Whether the client had a session when the message came: this one, or one that was handed on to it. */
export const wasThere = ({ sessionsOf }: History, { firstWrittenAt = 0, ackedAt }: Fate, arrival: Arrival): boolean =>
  (sessionsOf.get(arrival.by) ?? [])
    .filter(({ enabledAt }) => enabledAt < (ackedAt ?? Number.POSITIVE_INFINITY))
    .some((session) => session === arrival.session || (!session.end?.isSeen && isAfter(session.end, firstWrittenAt)));

const isAfter = (end: Session['end'], at: number): boolean => end === undefined || end.at > at;

/** Whether no other client of the user had a session from the time of the message until it arrived. */
export const wasAlone = ({ sessionsOf }: History, { firstWrittenAt = 0 }: Fate, { by, at }: Arrival): boolean =>
  ![...sessionsOf].some(
    ([other, sessions]) =>
      other !== by &&
      bareOf(other) === bareOf(by) &&
      // The server may keep a session for a while that its client has forgotten.
      sessions.some((session) => session.enabledAt < at && (session.end?.at ?? at) >= firstWrittenAt),
  );
