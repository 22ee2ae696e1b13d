/** How a client logs in: it resumes what waits, or binds and enables; inline or one step after the other. */
import type { Effect, SmEvent } from '../../../src/index.js';
import { type End, newEnd } from './end.js';
import { newLineage } from './lineage.js';
import { sideOf } from './side.js';
import type { Connection } from './wire.js';
import { feed, next, type World } from './world.js';

const OWNER = 'u@example.net';
const SM3 = 'urn:xmpp:sm:3';

export const connect = (world: World, inline: boolean) => {
  if (world.client.connection !== null) return;
  if (world.client.stage === 'over')
    world.client = newEnd('client', next(world), sideOf(world.setup.client, 'client', world.setup.policy));
  const { client } = world;
  world.epoch += 1;
  const server = newEnd('server', next(world), sideOf(world.setup.server, 'server', world.setup.policy));
  const connection: Connection = {
    id: server.id,
    epoch: world.epoch,
    up: [],
    down: [],
    cut: false,
    clientHolds: true,
    serverHolds: true,
  };
  world.servers.push(server);
  world.connections.push(connection);
  client.connection = connection;
  server.connection = connection;
  feed(world, client, { type: 'link.opened', at: world.now, epoch: connection.epoch });
  const carried = inline ? feed(world, client, { type: 'app.authenticating', at: world.now }) : [];
  feed(world, server, { type: 'app.authenticated', at: world.now, owner: OWNER });
  if (inline) return loginInline(world, server, connection, carried);
  feed(world, client, { type: 'app.authenticated', at: world.now, owner: OWNER });
  if (client.stage === 'asleep') feed(world, client, { type: 'app.resume', at: world.now });
  else bind(world, client, server);
};

const loginInline = (world: World, server: End, connection: Connection, carried: readonly Effect[]) => {
  const { client } = world;
  const asked = carried.find((effect) => effect.type === 'carry' && effect.nonza.name === 'resume');
  const resuming = asked?.type === 'carry' && client.stage === 'asleep';
  feed(world, client, { type: 'app.authenticated', at: world.now, owner: OWNER, ...(resuming ? { resuming } : {}) });
  if (resuming) connection.up.push({ is: 'nonza', nonza: asked.nonza, xmlns: SM3, lineage: client.lineage });
  else bindInline(world, client, server);
};

/** The answer to an inline `<enable/>` comes with the answer to the inline bind: the client counts from then on. */
const bindInline = (world: World, client: End, server: End) => {
  client.lineage = newLineage();
  server.lineage = client.lineage;
  feed(world, server, { type: 'app.bound', at: world.now });
  feed(world, client, { type: 'app.bound', at: world.now, enabling: true });
  const enable: SmEvent = { type: 'peer.enable', at: world.now, epoch: 1, xmlns: SM3, resume: true };
  feed(world, server, enable);
};

const bind = (world: World, client: End, server: End) => {
  feed(world, server, { type: 'app.bound', at: world.now });
  feed(world, client, { type: 'app.bound', at: world.now });
  feed(world, client, { type: 'app.enable', at: world.now });
};

/** The server no longer has the session: the client binds afresh on the same stream. */
export const bindAfresh = (world: World, connection: Connection) => {
  const { client } = world;
  const server = world.servers.find((end) => end.connection === connection);
  if (client.connection !== connection || server === undefined || client.stage === 'over') return;
  bind(world, client, server);
};
