/** The rules about a world: they hold after each move. */
import { type State, toArray, type Unacked, uint32 } from '../../index.js';
import { blame, nameOf, type Turn, type Who } from './turn.js';
import type { Actor, Key, World } from './world.js';

export const checkWorld = (turn: Turn, world: World): void => {
  checkFates(turn, world);
  checkActor(turn, 'client', world.client);
  world.servers.forEach((server, index) => {
    checkActor(turn, index, server);
    const isOver = server.question !== null || turn.plan.core.hasTag(server.state, 'over');
    if (server.isClosed && !isOver)
      blame(turn, 'closes', () => `${nameOf(index)} was closed by its application, and is not over`);
  });
  const own = turn.plan.rule(world);
  if (own !== undefined) blame(turn, 'own', () => own);
};

/** Every stanza without another fate is in exactly one queue, and a queue holds no other stanza (design law 8). */
const checkFates = (turn: Turn, world: World): void => {
  const places = new Map<Key, number>();
  for (const key of queuedIn(world)) places.set(key, (places.get(key) ?? 0) + 1);
  for (const sender of ['client', 'server'] as const)
    world.stanzas[sender].forEach((account, index) => {
      const key = `${sender[0]}${index}`;
      const count = places.get(key) ?? 0;
      if (account === 'settled' && count > 0) blame(turn, 'fate', () => `${key} has its fate, and is in a queue too`);
      if (account !== 'settled' && count !== 1)
        blame(turn, 'fate', () => `${key} has no fate, and is in ${count === 0 ? 'no queue' : 'two queues'}`);
    });
};

export const queuedIn = ({ client, servers }: World): readonly Key[] => [
  ...keysIn(client.state.session.unacked),
  ...servers.flatMap(({ state, late }) => [
    ...keysIn(state.session.unacked),
    ...(late === null ? [] : keysIn(late.unacked)),
  ]),
];

/** The same queue stands in many worlds, so it is read once. */
const keysIn = (unacked: Unacked): readonly Key[] => {
  const known = read.get(unacked);
  if (known !== undefined) return known;
  const keys = toArray(unacked).map(({ key }) => key ?? '');
  read.set(unacked, keys);
  return keys;
};

const read = new WeakMap<Unacked, readonly Key[]>();

const checkActor = (turn: Turn, who: Who, actor: Actor): void => {
  checkTimers(turn, who, actor);
  const isEnabled = turn.plan.core.hasTag(actor.state, 'enabled');
  if (isEnabled || turn.plan.core.hasTag(actor.state, 'hibernating')) checkCounts(turn, who, actor);
  if (isEnabled) checkAsking(turn, who, actor);
};

/** h is at most what the application handled, handled is at most received, and an h of the peer covers written stanzas only. */
const checkCounts = (turn: Turn, who: Who, { state, taken }: Actor): void => {
  const { handled, received, written, unacked } = state.session;
  const count = uint32(handled - state.policy.initialCount);
  const count2 = uint32(received - state.policy.initialCount);
  if (count > count2) blame(turn, 'h', () => `${nameOf(who)} has handled ${handled}, and received ${received}`);
  if (count2 > taken.length)
    blame(turn, 'h', () => `${nameOf(who)} counts ${count2} as received, and got ${taken.length}`);
  if (count > taken.length || taken.slice(0, count).some(({ status }) => status !== 'handled'))
    blame(turn, 'h', () => `${nameOf(who)} has the h ${handled}, and its application did not handle so many`);
  if (written < 0 || written > unacked.length)
    blame(turn, 'h', () => `${nameOf(who)} has ${written} written stanzas in a queue of ${unacked.length}`);
};

/** Law 4: the timers that run are those that the session has a deadline for. A past deadline of `resumption` may stand. */
const checkTimers = (turn: Turn, who: Who, { state: { session }, running }: Actor): void => {
  for (const timer of ['ackIdle', 'ackWait', 'overflowGrace'] as const)
    if ((session.timers[timer] !== null) !== running.includes(timer))
      blame(
        turn,
        'timers',
        () =>
          `${nameOf(who)} has ${running.includes(timer) ? 'no' : 'a'} deadline for ${timer}, which ${running.includes(timer) ? 'runs' : 'does not run'}`,
      );
};

/** A session with a link looks at what is true: it asks in time, and a full queue has its grace period and its question (M-10, P-1). */
const checkAsking = (turn: Turn, who: Who, { state, running }: Actor): void => {
  const { unacked, written, link } = state.session;
  const { maxQueueStanzas } = state.policy;
  const waits = running.includes('ackWait');
  const grace = running.includes('overflowGrace');
  if (unacked.length >= maxQueueStanzas && !grace)
    blame(turn, 'asks', () => `${nameOf(who)} has a full queue, and its grace period does not run`);
  if (grace && !waits && !running.includes('ackIdle'))
    blame(turn, 'asks', () => `${nameOf(who)} ends when its grace period is over, and does not ask for an ack before`);
  if (written > 0 && !link.inactive && !waits && !running.includes('ackIdle'))
    blame(turn, 'asks', () => `${nameOf(who)} waits for acks, and neither asks nor will ask`);
  if (writtenSinceRequest(state) > allowance(state) && !waits)
    blame(turn, 'asks', () => `${nameOf(who)} wrote more than ${allowance(state)} stanzas, and did not ask for an ack`);
};

const writtenSinceRequest = ({ session: { link, acked, written } }: State): number =>
  uint32(acked + written - link.requestedUpTo);

const allowance = ({ session, policy }: State): number =>
  session.link.inactive ? policy.maxInactiveUnackedStanzas : policy.maxUnackedStanzas;
