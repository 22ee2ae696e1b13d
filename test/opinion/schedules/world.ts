/** A client, a server with its store, and the lossy wire between them. One place feeds events, carries out effects and watches. */
import type { Effect, SmEvent } from '../../../src/index.js';
import type { Disagreement } from '../compare/compare.js';
import { factsOf } from '../compare/facts.js';
import { type End, type Happened, newEnd } from './end.js';
import { acknowledged, delivered, newLineage, written } from './lineage.js';
import { type Kind, sideOf } from './side.js';
import { type Connection, itemsOf } from './wire.js';

export interface Setup {
  readonly client: Kind;
  readonly server: Kind;
  readonly policy: Readonly<Record<string, unknown>>;
}

export interface World {
  readonly setup: Setup;
  now: number;
  client: End;
  readonly servers: End[];
  readonly connections: Connection[];
  /** Which server end has the session of an SM-ID, and the last h of those that are over. */
  readonly held: Map<string, End>;
  readonly remembered: Map<string, number>;
  counter: number;
  /** A process went on from a record that is older than what it wrote: the peer may then rightly object. */
  torn: boolean;
  epoch: number;
  found: Disagreement | null;
  told: ((happened: Happened) => void) | null;
}

export const newWorld = (setup: Setup): World => ({
  setup,
  now: 1_000_000_000_000,
  client: newEnd('client', 0, sideOf(setup.client, 'client', setup.policy)),
  servers: [],
  connections: [],
  held: new Map(),
  remembered: new Map(),
  counter: 0,
  torn: false,
  epoch: 0,
  found: null,
  told: null,
});

export const next = (world: World) => {
  world.counter += 1;
  return world.counter;
};

export const wrong = (world: World, found: Disagreement | null) => {
  world.found ??= found;
};

/** One event, all its effects, and then the laws. `name` is the stanza that arrives. */
export const feed = (world: World, end: End, event: SmEvent, name?: string): readonly Effect[] => {
  if (world.found !== null) return [];
  const effects = end.side.feed(event);
  perform(world, end, event, effects, name);
  return effects;
};

export const perform = (
  world: World,
  end: End,
  event: SmEvent | { type: 'restart' },
  effects: readonly Effect[],
  name?: string,
) => {
  world.told?.({ end, event, effects });
  if (event.type === 'peer.enable' || (end.role === 'client' && event.type === 'peer.enabled')) end.toHandle = [];
  for (const effect of effects) carryOut(world, end, effect, name);
  end.before = end.record;
  end.record = end.side.record();
  watch(world, end, effects);
};

const carryOut = (world: World, end: End, effect: Effect, name: string | undefined) => {
  if (effect.type === 'deliver') return deliver(world, end, effect.position, name ?? '');
  if (effect.type === 'report') return heed(end, effect.report);
  if (effect.type.startsWith('store.')) return store(world, end, effect);
  if (effect.type === 'link.close') return closeLink(end, effect.graceful);
  onWire(world, end, effect);
};

const deliver = (world: World, end: End, position: number | null, name: string) => {
  if (position === null || end.lineage === null) return;
  const half = end.role === 'client' ? end.lineage.down : end.lineage.up;
  if (!end.lineage.torn) wrong(world, delivered(half, name));
  if (world.setup.policy.deferHandling === true) end.toHandle.push({ position, name });
  else half.handled.add(name);
};

const onWire = (world: World, end: End, effect: Effect) => {
  const { connection } = end;
  if (effect.type === 'write' && effect.nonza.name === 'enable') end.lineage = newLineage();
  for (const item of itemsOf(effect, end.lineage)) {
    if (item.is === 'stanza' && end.lineage !== null) {
      written(end.role === 'client' ? end.lineage.up : end.lineage.down, item.name);
    }
    if (connection === null || connection.cut) continue;
    (end.role === 'client' ? connection.up : connection.down).push(item);
  }
  if (effect.type === 'stream.error') checkError(world, end, effect.violation.condition);
};

/** Between two ends that keep the rules, only a take-over and a full queue end a stream with an error. */
const checkError = (world: World, end: End, condition: string) => {
  if (world.torn || condition === 'conflict' || condition === 'policy-violation') return;
  wrong(world, { about: 'a stream error between honest ends', project: `${end.role}: ${condition}`, model: 'none' });
};

const closeLink = (end: End, graceful: boolean) => {
  const { connection } = end;
  if (connection === null) return;
  if (!graceful) return cut(connection);
  if (!connection.cut) (end.role === 'client' ? connection.up : connection.down).push({ is: 'end' });
  letGo(end);
};

export const letGo = (end: End) => {
  const { connection } = end;
  if (connection === null) return;
  if (end.role === 'client') connection.clientHolds = false;
  else connection.serverHolds = false;
  end.connection = null;
};

export const cut = (connection: Connection) => {
  connection.cut = true;
  connection.up = [];
  connection.down = [];
};

const heed = (end: End, report: Extract<Effect, { type: 'report' }>['report']) => {
  if (report.type === 'enabled' || report.type === 'resumed') end.stage = 'live';
  else if (report.type === 'hibernationStart') end.stage = 'asleep';
  else if (report.type === 'hibernationEnd' && !report.resumed) end.stage = 'none';
  else if (report.type === 'ended') end.stage = 'over';
};

const store = (world: World, end: End, effect: Effect) => {
  if (effect.type === 'store.save' || effect.type === 'store.claim') end.waits = effect;
  else if (effect.type === 'store.expire' || effect.type === 'store.forget') {
    // What an end says of a session that another link has changes nothing.
    if (world.held.get(effect.smId) !== end) return;
    world.held.delete(effect.smId);
    if (effect.type === 'store.expire') world.remembered.set(effect.smId, effect.h);
  }
};

/** The laws of every state. */
const watch = (world: World, end: End, effects: readonly Effect[]) => {
  const facts = factsOf(effects);
  wrong(world, end.fates.settle(facts));
  if (end.lineage !== null && !end.lineage.torn) {
    const half = end.role === 'client' ? end.lineage.up : end.lineage.down;
    for (const key of facts.acknowledged) wrong(world, acknowledged(half, key));
  }
  if (end.stage !== 'over') wrong(world, end.fates.missing(end.side.queue().map((key) => ({ key }))));
  const { handled, received } = end.side.counters();
  if ((received - handled + 2 ** 32) % 2 ** 32 > 2 ** 31) {
    wrong(world, {
      about: 'law: handled <= received',
      project: `${handled} of ${received}`,
      model: 'handled <= received',
    });
  }
  if (facts.tolerated && !world.torn) {
    wrong(world, { about: 'a violation between honest ends', project: `${end.role} tolerates one`, model: 'none' });
  }
};
