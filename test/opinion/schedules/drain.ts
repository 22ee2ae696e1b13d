/** The end of a schedule: the network heals, everyone answers, and everything that was sent has to arrive or come back. */
import type { Disagreement } from '../compare/compare.js';
import { type Move, make } from './moves.js';
import { cut, feed, type World, wrong } from './world.js';

const ROUNDS = 80;

export const drain = (world: World) => {
  for (let round = 0; round < ROUNDS && world.found === null && !isQuiet(world); round += 1) {
    heal(world, round);
    // Sessions that no client comes back for have their time too.
    if (round % 20 === 19) passHour(world);
  }
  if (world.found === null) wrong(world, whatIsLeft(world));
};

const repeat = (world: World, kind: Move['kind'], times: number) => {
  for (let n = 0; n < times; n += 1) make(world, { id: 0, kind, n: 8 * n + 2 });
};

const heal = (world: World, round: number) => {
  repeat(world, 'tell', world.servers.length + 1);
  repeat(world, 'store', world.servers.length);
  // A stream that the server refused to manage comes to nothing: the client tries another one.
  if (round % 5 === 4 && world.client.stage === 'none' && world.client.connection !== null)
    cut(world.client.connection);
  make(world, { id: 0, kind: 'connect', n: round });
  for (let turn = 0; turn < 30; turn += 1) {
    repeat(world, 'arrivesUp', 2);
    repeat(world, 'store', 2);
    repeat(world, 'arrivesDown', 2);
    repeat(world, 'handle', 2);
  }
  for (const end of round === 0 ? world.servers : []) {
    if (end.stage === 'live' && end.connection !== null) feed(world, end, { type: 'app.active', at: world.now });
  }
  world.now += 2000;
  repeat(world, 'timer', 6);
};

const passHour = (world: World) => {
  for (const end of [...world.servers]) {
    const until = end.stage === 'asleep' && end.waits === null ? end.side.timers().resumption : null;
    if (until === null) continue;
    world.now = Math.max(world.now, until);
    feed(world, end, { type: 'timer.resumption', at: world.now });
  }
};

const empty = (world: World) =>
  [world.client, ...world.servers].every(({ side, toHandle }) => side.queue().length + toHandle.length === 0);

/** Nothing is under way, and nothing waits. */
const isQuiet = (world: World) =>
  world.client.stage === 'live' &&
  world.client.connection !== null &&
  !world.client.connection.cut &&
  world.connections.every(({ up, down, cut }) => cut || up.length + down.length === 0) &&
  world.servers.every(({ stage, waits }) => waits === null && stage !== 'asleep') &&
  empty(world);

const whatIsLeft = (world: World): Disagreement | null => {
  if (isQuiet(world)) return null;
  const { client } = world;
  const ends = [client, ...world.servers].filter(({ stage }) => stage !== 'over');
  const seen = ends.map(
    ({ role, id, stage, side, connection }) =>
      `${role} ${id} ${stage}, queue [${side.queue().join(' ')}]${connection === null ? '' : `, link ${connection.id}`}`,
  );
  return { about: 'law: everything ends', project: seen.join('; '), model: 'a live client, and nothing queued' };
};
