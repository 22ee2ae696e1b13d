/** What may happen next in a world. */

import type { Role, TimerName } from '../../index.js';
import { isManaged, managedServer } from './looking.js';
import type { Login, Plan } from './options.js';
import type { Lie } from './receiving.js';
import { clientNames, type StoreFailure } from './store.js';
import { clientsServer, type Who } from './turn.js';
import type { Actor, Budget, Connection, Server, World } from './world.js';

export type Move =
  | { readonly type: 'connect'; readonly login: Login; readonly isStray: boolean }
  | { readonly type: 'arrive'; readonly index: number; readonly direction: 'up' | 'down'; readonly lie?: Lie }
  | { readonly type: 'cut'; readonly index: number; readonly isLate: boolean }
  | { readonly type: 'hear'; readonly index: number; readonly who: Who }
  | { readonly type: 'timer'; readonly who: Who; readonly timer: TimerName; readonly isSpent: boolean }
  | { readonly type: 'send'; readonly role: Role; readonly who: Who }
  | { readonly type: 'request' | 'close' | 'inactive' | 'active'; readonly who: Who }
  | { readonly type: 'handle'; readonly who: Who; readonly position: number; readonly isStale: boolean }
  | { readonly type: 'answer' | 'late' | 'evict'; readonly index: number }
  | { readonly type: 'fail'; readonly index: number; readonly how: StoreFailure }
  | { readonly type: 'restart'; readonly who: Who; readonly isOld: boolean }
  | { readonly type: 'keep' };

export const movesOf = (plan: Plan, world: World): readonly Move[] => {
  const orphan = world.servers.findIndex((server, index) => isOrphan(plan, world, server, index));
  if (orphan >= 0) return [{ type: 'timer', who: orphan, timer: 'resumption', isSpent: false }];
  const moves: Move[] = [];
  store(plan, world, moves);
  if (!plan.slowStore && world.servers.some(({ question }) => question !== null)) return moves;
  wire(plan, world, moves);
  for (const who of ['client', ...world.servers.keys()] as const) {
    const actor = who === 'client' ? world.client : world.servers[who];
    if (actor === undefined || plan.core.hasTag(actor.state, 'over')) continue;
    timers(plan, world, who, actor, moves);
    application(plan, world, who, actor, moves);
  }
  return moves;
};

/**
 * A session that hibernates, that no client can name, and that no application sends to. Nothing but its end is left to it, and nothing else
 * depends on it: so it ends before anything else happens, and the walk leaves out all worlds in which it ends later.
 */
const isOrphan = (
  plan: Plan,
  world: World,
  { running, state, connection, question, late }: Server,
  index: number,
): boolean => {
  if (!running.includes('resumption') || connection !== null || question !== null || late !== null) return false;
  if (world.left.serverSends > 0 && managedServer(plan, world) === index) return false;
  return !clientNames(plan, world).includes(state.session.smId);
};

/** Elements that arrive, cuts, ends that hear of a cut, new connections. */
const wire = (plan: Plan, world: World, moves: Move[]): void => {
  const { left } = world;
  world.servers.forEach((server, index) => {
    const { connection } = server;
    if (connection === null) return;
    const { up, down, serverOpen, clientOpen, isCut } = connection;
    if (serverOpen && up.length > 0 && !plan.core.hasTag(server.state, 'asksStore'))
      moves.push({ type: 'arrive', index, direction: 'up' });
    if (clientOpen && down.length > 0) arriveDown(connection, index, left.lies, moves);
    if (isCut && clientOpen) moves.push({ type: 'hear', index, who: 'client' });
    if (isCut && serverOpen) moves.push({ type: 'hear', index, who: index });
    if (isCut || left.cuts === 0) return;
    moves.push({ type: 'cut', index, isLate: false });
    // Only a server that hears late matters: a client that hears late does nothing meanwhile that it could not do before the cut.
    if (plan.lateCuts && clientOpen && serverOpen) moves.push({ type: 'cut', index, isLate: true });
  });
  if (clientsServer(world.servers) >= 0 || world.client.isClosed) return;
  // At most two servers do not know yet that their connection is dead: otherwise the number of worlds has no end.
  if (world.servers.filter(({ connection }) => connection?.isCut).length >= MOST_DEAD) return;
  for (const login of plan.logins) {
    moves.push({ type: 'connect', login, isStray: false });
    if (left.strays > 0 && login === 'classic') moves.push({ type: 'connect', login, isStray: true });
  }
};

const MOST_DEAD = 2;

const arriveDown = ({ down }: Connection, index: number, lies: number, moves: Move[]): void => {
  moves.push({ type: 'arrive', index, direction: 'down' });
  const [first] = down;
  if (lies === 0 || first?.type !== 'nonza' || first.nonza.name !== 'failed') return;
  for (const lie of ['below', 'above'] as const) moves.push({ type: 'arrive', index, direction: 'down', lie });
};

const timers = (plan: Plan, world: World, who: Who, actor: Actor, moves: Move[]): void => {
  for (const timer of actor.running) {
    if (timer !== 'resumption') {
      if (plan.timers.includes(timer)) moves.push({ type: 'timer', who, timer, isSpent: false });
    } else if (who === 'client') {
      if (plan.timers.includes(timer) && world.left.expiries > 0)
        moves.push({ type: 'timer', who, timer, isSpent: true });
    } else {
      // A session that the client cannot name ends when its time is over, and nothing else can end it.
      const isSpent = clientNames(plan, world).includes(actor.state.session.smId);
      if (!isSpent || (plan.timers.includes(timer) && world.left.expiries > 0))
        moves.push({ type: 'timer', who, timer, isSpent });
    }
  }
};

const application = (plan: Plan, world: World, who: Who, actor: Actor, moves: Move[]): void => {
  const { left } = world;
  const role = who === 'client' ? 'client' : 'server';
  const sends = role === 'client' ? left.clientSends : left.serverSends;
  if (sends > 0 && (who === 'client' || who === managedServer(plan, world))) moves.push({ type: 'send', role, who });
  for (const { position } of actor.inbox) moves.push({ type: 'handle', who, position, isStale: false });
  if (left.staleWords > 0)
    for (const { position } of actor.stale) moves.push({ type: 'handle', who, position, isStale: true });
  if (left.requests > 0 && plan.core.hasTag(actor.state, 'enabled')) moves.push({ type: 'request', who });
  if (left.closes > 0 && !actor.isClosed) moves.push({ type: 'close', who });
  if (who === 'client') restarts(world, who, actor, left.clientRestarts, moves);
  else if (isManaged(plan, actor)) {
    restarts(world, who, actor, left.serverRestarts, moves);
    if (left.inactivity > 0 && !actor.state.session.link.inactive) moves.push({ type: 'inactive', who });
    if (actor.state.session.link.inactive) moves.push({ type: 'active', who });
  }
};

const restarts = (world: World, who: Who, actor: Actor, left: number, moves: Move[]): void => {
  if (left > 0 && actor.state.session.smId !== null) moves.push({ type: 'restart', who, isOld: false });
  if (who !== 'client') return;
  if (left > 0 && world.client.kept !== null) moves.push({ type: 'restart', who, isOld: true });
  if (world.left.records > 0 && actor.state.session.smId !== null) moves.push({ type: 'keep' });
};

const store = (plan: Plan, world: World, moves: Move[]): void => {
  world.servers.forEach((server, index) => {
    if (server.late !== null) moves.push({ type: 'late', index });
    if (server.question !== null) {
      moves.push({ type: 'answer', index });
      for (const how of failuresOf(server, world.left)) moves.push({ type: 'fail', index, how });
    }
    if (plan.timers.includes('resumption') && world.left.expiries > 0 && plan.core.hasTag(server.state, 'hibernating'))
      moves.push({ type: 'evict', index });
  });
};

const failuresOf = ({ question }: Server, left: Budget): readonly StoreFailure[] => [
  ...(left.refusals > 0 ? (['failed'] as const) : []),
  ...(left.lateAnswers > 0 && question?.type === 'claim' ? (['late'] as const) : []),
  ...(left.lostQueues > 0 && question?.type === 'claim' ? (['behind'] as const) : []),
];
