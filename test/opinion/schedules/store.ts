/**
 * The store of the server: it answers late, in any order, now and then not at all. It never lies here. It judges a claim by the rule of the
 * model, and gives the session to the link that claimed it last; the link that had it before hears so at once.
 */
import type { SmEvent } from '../../../src/index.js';
import { Fates } from '../compare/laws.js';
import { judgeClaim } from '../model/counting.js';
import type { End, GivenSession, StoreRequest } from './end.js';
import { feed, next, type World } from './world.js';

/**
 * The store deals with the request of this end.
 *
 * @param atOnce a session that was claimed also arrives; otherwise it is under way, and another link may claim it first
 */
export const answer = (world: World, end: End, fails: boolean, atOnce: boolean) => {
  const request = end.waits;
  if (request === null) return;
  if (end.given !== null) return arrives(world, end);
  if (fails) return reply(world, end, { type: 'store.failed', at: world.now, reason: 'the store is away' });
  if (request.type === 'store.save') return save(world, end);
  claim(world, end, request);
  if (atOnce) arrives(world, end);
};

/** The session that the store gave to this end arrives there. */
export const arrives = (world: World, end: End) => {
  if (end.given === null) return;
  const { session, ...rest } = end.given;
  Object.assign(end, rest);
  end.given = null;
  reply(world, end, { type: 'store.claimed', at: world.now, session: session as never });
};

const reply = (world: World, end: End, event: SmEvent) => {
  end.waits = null;
  feed(world, end, event);
};

const save = (world: World, end: End) => {
  const smId = `X${next(world)}`;
  world.held.set(smId, end);
  end.smId = smId;
  reply(world, end, { type: 'store.saved', at: world.now, smId });
};

type Named = Pick<Extract<StoreRequest, { type: 'store.claim' }>, 'smId' | 'h'>;

const claim = (world: World, end: End, { smId, h }: Named) => {
  const holder = world.held.get(smId);
  // The record of a session may be older than the session.
  if (holder === undefined || !hasSession(holder)) return isGone(world, end, smId);
  judge(world, holder, end, { smId, h });
};

const hasSession = ({ given, stage }: End) => given !== null || stage === 'live' || stage === 'asleep';

const judge = (world: World, holder: End, end: End, { smId, h }: Named) => {
  const { now: at } = world;
  const verdict = judgeClaim(holder.given?.counted ?? holder.side.counted(), h);
  if (verdict.type === 'legal') give(world, holder, end, smId);
  else if (verdict.type === 'stale') reply(world, end, { type: 'store.stale', at, h: verdict.h as never });
  else if (verdict.type === 'tooHigh')
    reply(world, end, { type: 'store.tooHigh', at, sendCount: verdict.sendCount as never });
  else if (holder.given === null) {
    feed(world, holder, { type: 'store.outdated', at });
    isGone(world, end, smId);
  } else {
    // The session has to arrive before it can hear of this claim.
    arrives(world, holder);
    claim(world, end, { smId, h });
  }
};

const isGone = (world: World, end: End, smId: string) => {
  const h = world.remembered.get(smId);
  const { now: at } = world;
  reply(world, end, h === undefined ? { type: 'store.unknown', at } : { type: 'store.expired', at, h: h as never });
};

/** The session is with this end from now on. Two claims at once: the session that is under way to the first one goes to the second one. */
const give = (world: World, holder: End, end: End, smId: string) => {
  end.given = holder.given ?? sessionOf(holder, smId);
  if (holder.given === null) Object.assign(holder, { fates: new Fates(), toHandle: [], stale: [] });
  else Object.assign(holder, { given: null, waits: null });
  world.held.set(smId, end);
  feed(world, holder, { type: 'store.taken', at: world.now });
};

const sessionOf = ({ side, lineage, fates, toHandle, stale }: End, smId: string): GivenSession => ({
  smId,
  session: side.session(),
  counted: side.counted(),
  lineage,
  fates,
  toHandle,
  stale,
});
