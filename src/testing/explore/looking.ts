/** What a world looks like to its applications. */
import type { Plan } from './options.js';
import { queuedIn } from './rules.js';
import type { Actor, World } from './world.js';

/** Stream management is on, with a connection or without. */
export const isManaged = ({ core }: Plan, { state }: Actor): boolean =>
  core.hasTag(state, 'enabled') || core.hasTag(state, 'hibernating');

/** The session to which the server's application sends: the newest one with stream management; with `earlySends` the newest one. */
export const managedServer = (plan: Plan, { servers }: World): number =>
  servers.findLastIndex((server) =>
    plan.earlySends ? !plan.core.hasTag(server.state, 'over') : isManaged(plan, server),
  );

/** Nothing is in flight, and every stanza has its fate: a client and its server are connected, or the client is done. */
export const isAtRest = (plan: Plan, world: World): boolean => {
  const { client, servers } = world;
  if (queuedIn(world).length > 0 || client.inbox.length > 0) return false;
  const isQuiet = servers.every(({ connection, question, inbox, late }) => {
    const isEmpty = connection === null || (connection.up.length === 0 && connection.down.length === 0);
    return isEmpty && !connection?.isCut && question === null && late === null && inbox.length === 0;
  });
  if (!isQuiet) return false;
  if (plan.core.hasTag(client.state, 'over')) return client.isClosed && servers.length === 0;
  const isUp = plan.core.hasTag(client.state, 'enabled') || plan.core.hasTag(client.state, 'unmanaged');
  return isUp && servers.length === 1;
};
