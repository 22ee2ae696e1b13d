/** What became of each message. The rules for what is lost or doubled by right are in `fates.ts`. */

import { availableAt, type Fate, fatesIn, isKnown, obligedSessions, wasAlone, wasExposed, wasThere } from './fates.js';
import type { Fault, FaultKind } from './fault.js';
import { type Arrival, bareOf, type History } from './history.js';

export const checkMessages = (history: History): readonly Fault[] => {
  const fates = fatesIn(history);
  return [
    ...[...fates.values()].flatMap((fate) => [
      ...lossOf(history, fate),
      ...doublesOf(history, fate),
      ...wrongReaders(fate),
    ]),
    ...overtaking(history, fates),
    ...fromNowhere(history, fates),
  ];
};

/** @returns how many messages may have been lost by right, because their reader had no stream management when its connection broke */
export const excusedIn = (history: History): number =>
  [...fatesIn(history).values()].filter((fate) => isMissing(fate) && wasExposed(history, fate)).length;

const isMissing = ({ ackedAt, arrivals, errors }: Fate): boolean =>
  ackedAt !== undefined && arrivals.length === 0 && errors.length === 0;

const lossOf = (history: History, fate: Fate): readonly Fault[] => {
  const { given, ackedAt, arrivals, errors } = fate;
  if (ackedAt === undefined || errors.length > 0) return [];
  const missed = obligedSessions(history, fate).filter(
    (session) => !arrivals.some((arrival) => arrival.session === session),
  );
  const texts = isMissing(fate)
    ? [`${given.name} to ${given.to} came to nobody`]
    : missed.map(({ id }) => `${given.name} to ${given.to} did not come to ${id}`);
  return texts.length === 0 || wasExposed(history, fate) ? [] : texts.map((text) => fault('lost', text, ackedAt));
};

const doublesOf = (history: History, fate: Fate): readonly Fault[] => {
  const { given, arrivals, errors } = fate;
  const faults: Fault[] = [];
  for (const [index, later] of arrivals.entries()) {
    const earlier = arrivals.slice(0, index).find((arrival) => isAgain(history, fate, arrival, later));
    if (earlier === undefined) continue;
    const isReplay = earlier.session === later.session && wasResumedBetween(earlier, later);
    const text = `${given.name} to ${given.to} came to ${whereOf(earlier)} and ${whereOf(later)}`;
    faults.push(fault(isReplay ? 'replay' : 'doubled', text, later.at));
  }
  for (const error of errors.slice(1)) faults.push(fault('doubled', `${given.name} was returned twice`, error.at));
  const [error] = errors;
  if (error !== undefined && arrivals.some(isKnown))
    faults.push(fault('doubled', `${given.name} to ${given.to} came, and was returned too`, error.at));
  return faults;
};

/** Whether the later arrival is one too many. */
const isAgain = (history: History, fate: Fate, earlier: Arrival, later: Arrival): boolean => {
  const { to } = fate.given;
  if (earlier.session === undefined) return false;
  if (earlier.session === later.session) return true;
  if (earlier.by === later.by) return isKnown(earlier);
  // Each client of a user that was there gets a copy of a message to the bare JID.
  if (to === bareOf(to)) return isKnown(earlier) && !wasThere(history, fate, later);
  return isKnown(earlier) || earlier.session.end === undefined;
};

const wasResumedBetween = ({ session, at }: Arrival, later: Arrival): boolean =>
  session?.resumedAt.some((resumedAt) => resumedAt > at && resumedAt < later.at) ?? false;

const wrongReaders = ({ given, arrivals, isSound }: Fate): readonly Fault[] => [
  ...arrivals
    .filter(({ by }) => bareOf(by) !== bareOf(given.to))
    .map(({ by, at }) => fault('thin air', `${given.name} to ${given.to} came to ${by}`, at)),
  ...(isSound ? [] : [fault('thin air', `${given.name} has another text`, arrivals[0]?.at ?? 0)]),
];

/**
 * Only messages of one client to one address are compared, at one reader, and only if they took the same way: to a session that was
 * there; or to one that began later, through offline storage. What waited for another client of the user comes when that one is over.
 */
const overtaking = (history: History, fates: ReadonlyMap<string, Fate>): readonly Fault[] => {
  const firsts = [...fates.values()].flatMap((fate) => firstAt(fate).map((arrival) => ({ fate, arrival })));
  firsts.sort((a, b) => a.arrival.index - b.arrival.index);
  const newest = new Map<string, Fate>();
  const faults: Fault[] = [];
  for (const { fate, arrival } of firsts) {
    const { given } = fate;
    const took = wayOf(history, fate, arrival);
    if (took === undefined) continue;
    const way = [given.by, given.to, arrival.by, took].join(' ');
    const before = newest.get(way);
    if (before !== undefined && before.given.order > given.order) {
      const text = `${given.name} to ${given.to} came to ${whereOf(arrival)} behind ${before.given.name}`;
      faults.push(fault('out of order', text, arrival.at));
    } else newest.set(way, fate);
  }
  return faults;
};

/** @returns undefined when nobody knows, because the message was on its way while the session began */
const wayOf = (history: History, fate: Fate, arrival: Arrival): 'at once' | 'stored' | undefined => {
  const { session } = arrival;
  if (session === undefined) return undefined;
  if ((fate.firstWrittenAt ?? 0) > availableAt(session)) return 'at once';
  const wasStored = (fate.ackedAt ?? Number.POSITIVE_INFINITY) < session.boundAt;
  return wasStored && wasAlone(history, fate, arrival) ? 'stored' : undefined;
};

/** The first arrival at each reader. */
const firstAt = ({ arrivals }: Fate): Fate['arrivals'] =>
  arrivals.filter(({ by }, index) => !arrivals.slice(0, index).some((earlier) => earlier.by === by));

const fromNowhere = ({ facts, given }: History, fates: ReadonlyMap<string, Fate>): readonly Fault[] =>
  facts.flatMap((fact): readonly Fault[] => {
    if (fact.is !== 'got') return [];
    const { stanza, by, at } = fact;
    if (stanza.kind !== 'message' && stanza.kind !== 'error') return [];
    const known = given.get(stanza.id);
    const writtenAt = fates.get(stanza.id)?.firstWrittenAt;
    if (known === undefined) return [fault('thin air', `${by} got ${stanza.id || 'a message without id'}`, at)];
    if (writtenAt === undefined || writtenAt > at)
      return [fault('thin air', `${by} got ${stanza.id} before it was sent`, at)];
    if (stanza.kind === 'error' && known.by !== by)
      return [fault('thin air', `${stanza.id} was returned to ${by}`, at)];
    return [];
  });

const whereOf = ({ by, session, n }: Arrival): string =>
  session === undefined ? `${by} without a session` : `${session.id} as ${n}`;

const fault = (kind: FaultKind, text: string, at: number): Fault => ({ kind, text, at });
