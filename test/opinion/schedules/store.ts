/** The store of the server: it answers late, in any order, now and then not at all. It never lies here. */
import type { SmEvent } from '../../../src/index.js';
import { Fates } from '../compare/laws.js';
import type { End } from './end.js';
import { feed, next, type World } from './world.js';

export const answer = (world: World, end: End, fails: boolean) => {
  const request = end.waits;
  if (request === null) return;
  end.waits = null;
  if (fails) return void feed(world, end, { type: 'store.failed', at: world.now, reason: 'the store is away' });
  if (request.type === 'store.save') return save(world, end);
  claim(world, end, request.smId, request.h);
};

const save = (world: World, end: End) => {
  const smId = `X${next(world)}`;
  world.held.set(smId, end);
  end.smId = smId;
  feed(world, end, { type: 'store.saved', at: world.now, smId });
};

const claim = (world: World, end: End, smId: string, h: number) => {
  // The record of a session may be older than the session.
  const holder = [world.held.get(smId)].find((one) => one?.stage === 'live' || one?.stage === 'asleep');
  if (holder === undefined) {
    const remembered = world.remembered.get(smId);
    feed(
      world,
      end,
      remembered === undefined
        ? { type: 'store.unknown', at: world.now }
        : { type: 'store.expired', at: world.now, h: remembered as never },
    );
    return;
  }
  const { lineage, fates, toHandle, stale } = holder;
  const effects = feed(world, holder, { type: 'store.wanted', at: world.now, h: h as never });
  for (const effect of effects) {
    if (effect.type !== 'store.surrender') continue;
    const { type, ...fields } = effect.answer;
    if (type === 'claimed') {
      Object.assign(end, { lineage, fates, toHandle, stale, smId });
      holder.fates = new Fates();
      holder.toHandle = [];
      holder.stale = [];
      world.held.set(smId, end);
    }
    feed(world, end, { type: `store.${type}`, at: world.now, ...fields } as SmEvent);
  }
};
