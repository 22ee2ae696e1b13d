/** What can happen next. Each move picks among what the world offers, so that a shorter list of moves is a schedule too. */
import type { SmEvent } from '../../../src/index.js';
import type { Random } from '../random.js';
import type { End } from './end.js';
import { forget } from './lineage.js';
import { bindAfresh, connect } from './login.js';
import { answer, arrives } from './store.js';
import { type Connection, eventOf } from './wire.js';
import { cut, feed, letGo, perform, type World } from './world.js';

export const KINDS = [
  'connect',
  'clientSends',
  'serverSends',
  'arrivesUp',
  'arrivesDown',
  'cut',
  'tell',
  'time',
  'timer',
  'store',
  'handle',
  'csi',
  'restartClient',
  'restartServer',
  'evict',
  'close',
] as const;

export interface Move {
  readonly id: number;
  readonly kind: (typeof KINDS)[number];
  readonly n: number;
}

/** How often each kind comes up. */
const WEIGHTS: Readonly<Record<Move['kind'], number>> = {
  connect: 8,
  clientSends: 14,
  serverSends: 14,
  arrivesUp: 24,
  arrivesDown: 24,
  cut: 4,
  tell: 8,
  time: 6,
  timer: 8,
  store: 10,
  handle: 12,
  csi: 3,
  restartClient: 2,
  restartServer: 1,
  evict: 0.2,
  close: 0.2,
};
const LOTS = KINDS.flatMap((kind) => Array.from({ length: WEIGHTS[kind] * 5 }, () => kind));

export const anyMove = (random: Random, id: number): Move => ({ id, kind: random.pick(LOTS), n: random.upTo(1 << 20) });

export const make = (world: World, { id, kind, n }: Move) => {
  if (world.found !== null) return;
  ACTS[kind](world, n, id);
};

const choose = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)];

/** The server end that has the session now. */
const holders = (world: World) => world.servers.filter(({ stage }) => stage === 'live' || stage === 'asleep');

const send = (world: World, end: End, name: string, mayWait: boolean) => {
  end.fates.sent(name);
  const stanza = { xml: `<m>${name}</m>`, kind: 'message', type: '', key: name } as const;
  feed(world, end, { type: 'app.send', at: world.now, stanza, ...(mayWait ? { mayWait } : {}) });
};

const ACTS: Readonly<Record<Move['kind'], (world: World, n: number, id: number) => void>> = {
  connect: (world, n) => connect(world, n % 3 === 0),
  clientSends: (world, _, id) => send(world, world.client, `c${id}`, false),
  serverSends: (world, n, id) => {
    const end = choose(holders(world), n);
    if (end !== undefined) send(world, end, `v${id}`, n % 4 === 0);
  },
  arrivesUp: (world, n) =>
    arrive(
      world,
      choose(
        world.connections.filter(({ up }) => up.length > 0),
        n,
      ),
      'up',
    ),
  arrivesDown: (world, n) =>
    arrive(
      world,
      choose(
        world.connections.filter(({ down }) => down.length > 0),
        n,
      ),
      'down',
    ),
  cut: (world, n) => {
    const connection = choose(
      world.connections.filter((one) => !one.cut),
      n,
    );
    if (connection !== undefined) cut(connection);
  },
  tell: (world, n) => tell(world, n),
  time: (world, n) => {
    world.now += [1, 100, 2000, 15_000][n % 4] ?? 1;
  },
  timer: (world, n) => timer(world, n),
  store: (world, n) => {
    const end = choose(
      world.servers.filter(({ waits }) => waits !== null),
      n,
    );
    if (end !== undefined) answer(world, end, n % 23 === 0, n % 3 === 0);
  },
  handle: (world, n) => handle(world, n),
  csi: (world, n) => {
    const end = choose(
      holders(world).filter(({ connection }) => connection !== null),
      n,
    );
    if (end !== undefined) feed(world, end, { type: n % 2 === 0 ? 'app.inactive' : 'app.active', at: world.now });
  },
  restartClient: (world, n) => restartClient(world, n % 5 === 0),
  restartServer: (world, n) => restartServer(world, n % 5 === 0),
  evict: (world, n) => {
    const end = choose(
      world.servers.filter(({ stage }) => stage === 'asleep'),
      n,
    );
    if (end !== undefined) feed(world, end, { type: 'store.evicted', at: world.now });
  },
  close: (world, n) => {
    const end = n % 2 === 0 ? world.client : choose(holders(world), n);
    if (end !== undefined) feed(world, end, { type: 'app.close', at: world.now });
  },
};

const endAt = (world: World, connection: Connection, role: 'client' | 'server') =>
  role === 'client'
    ? world.client.connection === connection
      ? world.client
      : undefined
    : world.servers.find((end) => end.connection === connection);

const arrive = (world: World, connection: Connection | undefined, way: 'up' | 'down') => {
  if (connection === undefined) return;
  const end = endAt(world, connection, way === 'up' ? 'server' : 'client');
  // A server that waits for its store does not read on.
  if (end?.waits !== undefined && end.waits !== null) return;
  const item = connection[way].shift();
  if (item === undefined || end === undefined) return;
  if (item.is === 'nonza' && item.nonza.name === 'enable') end.lineage = item.lineage;
  const wasAsleep = end.stage === 'asleep';
  feed(
    world,
    end,
    eventOf(item, world.now, way === 'up' ? 1 : connection.epoch),
    item.is === 'stanza' ? item.name : undefined,
  );
  if (way === 'down' && wasAsleep && item.is === 'nonza' && item.nonza.name === 'failed') bindAfresh(world, connection);
};

/** An end learns that its connection is gone. */
const tell = (world: World, n: number) => {
  const ends = [world.client, ...world.servers].filter(({ connection }) => connection?.cut === true);
  const end = choose(ends, n);
  if (end?.connection === undefined || end.connection === null) return;
  const epoch = end.role === 'client' ? end.connection.epoch : 1;
  letGo(end);
  feed(world, end, { type: 'link.lost', at: world.now, epoch });
};

const timer = (world: World, n: number) => {
  const due: (readonly [End, string])[] = [];
  for (const end of [world.client, ...world.servers]) {
    for (const [name, deadline] of Object.entries(end.side.timers())) {
      if (deadline !== null && deadline <= world.now) due.push([end, name]);
    }
  }
  const one = choose(due, n);
  if (one !== undefined) feed(world, one[0], { type: `timer.${one[1]}`, at: world.now } as SmEvent);
};

const handle = (world: World, n: number) => {
  if (n % 8 === 1) handleStale(world, n >> 3);
  const end = choose(
    [world.client, ...world.servers].filter(({ toHandle }) => toHandle.length > 0),
    n,
  );
  if (end === undefined || end.lineage === null) return;
  const [stanza] = end.toHandle.splice((n >> 4) % end.toHandle.length, 1);
  if (stanza === undefined) return;
  const half = end.role === 'client' ? end.lineage.down : end.lineage.up;
  half.handled.add(stanza.name);
  feed(world, end, { type: 'app.handled', at: world.now, position: stanza.position });
};

/** A stanza of a process that is gone comes again, under a new position: its old one counts nothing. */
const handleStale = (world: World, n: number) => {
  const end = choose(
    [world.client, ...world.servers].filter(({ stale }) => stale.length > 0),
    n,
  );
  const position = end?.stale.shift();
  if (end === undefined || position === undefined) return;
  feed(world, end, { type: 'app.handled', at: world.now, position });
};

/** A process ends, and another goes on from its record; a torn one from the record before its last step. */
const restart = (world: World, end: End, torn: boolean) => {
  const connection = end.connection;
  if (connection !== null) cut(connection);
  letGo(end);
  end.waits = null;
  end.stale.push(...end.toHandle.map(({ position }) => position));
  end.toHandle = [];
  world.torn ||= torn;
  if (torn && end.lineage !== null) end.lineage.torn = true;
  if (end.lineage !== null) forget(end.role === 'client' ? end.lineage.down : end.lineage.up);
  const effects = end.side.restart(torn ? end.before : end.record, world.now);
  if (torn) end.fates.onlyThese(end.side.queue());
  perform(world, end, { type: 'restart' }, effects);
};

const restartClient = (world: World, torn: boolean) => restart(world, world.client, torn);

const restartServer = (world: World, torn: boolean) => {
  // An answer that is under way arrives before the process ends: this store does not keep what it gave.
  for (const end of world.servers) arrives(world, end);
  for (const end of world.servers) if (end.stage !== 'over') restart(world, end, torn);
};
