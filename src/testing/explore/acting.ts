/** Carries out one move: the next world, and what is wrong with it. */
import { bind, connect, continueLogin } from './login.js';
import type { Move } from './moves.js';
import type { Plan } from './options.js';
import { arrive, hear } from './receiving.js';
import { keep, restart } from './restarting.js';
import { checkWorld } from './rules.js';
import { happen, stanzaOf } from './stepping.js';
import { answer, answerLate, clientNames, fail } from './store.js';
import {
  actorOf,
  amend,
  amendConnection,
  amendServer,
  beginTurn,
  type Fault,
  nameOf,
  note,
  roleOf,
  serverAt,
  spend,
  type Turn,
  tell,
  type Who,
  worldOf,
} from './turn.js';
import type { World } from './world.js';

export interface Next {
  readonly world: World;
  readonly fault: Fault | undefined;
}

export const act = (plan: Plan, before: World, move: Move, lines?: string[]): Next => {
  const turn = beginTurn(plan, before, lines);
  carryOut(turn, move);
  for (let index = 0; index < turn.servers.length; index++) continueLogin(turn, index);
  if (turn.mustBind) bind(turn);
  tidy(turn);
  const world = worldOf(turn);
  checkWorld(turn, world);
  return { world, fault: turn.fault };
};

const carryOut = (turn: Turn, move: Move): void => {
  switch (move.type) {
    case 'connect':
      tell(turn, () => `the client connects${move.login === 'inline' ? ' and logs in with SASL2' : ''}`);
      if (move.isStray) spend(turn, 'strays');
      connect(turn, move.login, move.isStray ? { name: 'enable', resume: false } : null);
      return;
    case 'arrive':
      if (move.lie !== undefined) spend(turn, 'lies');
      arrive(turn, move.index, move.direction, move.lie);
      return;
    case 'cut':
      cut(turn, move.index, move.isLate);
      return;
    case 'hear':
      tell(turn, () => `${nameOf(move.who)} hears that its connection is lost`);
      hear(turn, move.index, move.who);
      return;
    case 'timer':
      if (move.isSpent) spend(turn, 'expiries');
      tell(turn, () => `the timer ${move.timer} of ${nameOf(move.who)} fires`);
      amend(turn, move.who, { running: actorOf(turn, move.who).running.filter((timer) => timer !== move.timer) });
      happen(turn, move.who, { type: `timer.${move.timer}` });
      return;
    case 'send':
      send(turn, move.who);
      return;
    case 'handle':
      handle(turn, move.who, move.position, move.isStale);
      return;
    case 'answer':
      answer(turn, move.index);
      return;
    case 'late':
      answerLate(turn, move.index);
      return;
    case 'fail':
      spend(turn, COST[move.how]);
      fail(turn, move.index, move.how);
      return;
    case 'evict':
      spend(turn, 'expiries');
      tell(turn, () => `the store evicts ${nameOf(move.index)}`);
      happen(turn, move.index, { type: 'store.evicted' });
      return;
    case 'restart':
      restart(turn, move.who, move.isOld);
      return;
    case 'keep':
      keep(turn);
      return;
    default:
      ask(turn, move.type, move.who);
      return;
  }
};

const COST = { failed: 'refusals', late: 'lateAnswers', behind: 'lostQueues' } as const;

/** The application asks for something that needs no more than its event. */
const ask = (turn: Turn, type: 'request' | 'close' | 'inactive' | 'active', who: Who): void => {
  tell(turn, () => `the application of ${nameOf(who)}: ${type}`);
  if (type === 'close') {
    spend(turn, 'closes');
    amend(turn, who, { isClosed: true });
    happen(turn, who, { type: 'app.close', ...(who !== 'client' && { error: 'system-shutdown' as const }) });
    return;
  }
  if (type === 'request') spend(turn, 'requests');
  if (type === 'inactive') spend(turn, 'inactivity');
  happen(turn, who, { type: type === 'request' ? 'app.requestAck' : `app.${type}` });
};

/** What is in flight is lost. Both ends hear of it at once; `isLate`: the server hears of it later, or never. */
const cut = (turn: Turn, index: number, isLate: boolean): void => {
  spend(turn, 'cuts');
  tell(turn, () => `the connection of ${nameOf(index)} is cut${isLate ? ', and the server does not hear of it' : ''}`);
  amendConnection(turn, index, { isCut: true, up: [], down: [] });
  if (serverAt(turn, index).connection?.clientOpen) hear(turn, index, 'client');
  if (!isLate && serverAt(turn, index).connection?.serverOpen) hear(turn, index, index);
};

const send = (turn: Turn, who: Who): void => {
  const role = roleOf(who);
  spend(turn, role === 'client' ? 'clientSends' : 'serverSends');
  const key = `${role[0]}${turn.stanzas[role].length}`;
  turn.stanzas = { ...turn.stanzas, [role]: [...turn.stanzas[role], 'sent'] };
  tell(turn, () => `the application of ${nameOf(who)} sends ${key}`);
  happen(turn, who, { type: 'app.send', stanza: { xml: stanzaOf(key), kind: 'message', type: '', key } });
};

const handle = (turn: Turn, who: Who, position: number, isStale: boolean): void => {
  const { inbox, stale, taken } = actorOf(turn, who);
  const key = (isStale ? stale : inbox).find((waiting) => waiting.position === position)?.key ?? '';
  turn.isStale = isStale;
  if (isStale) {
    spend(turn, 'staleWords');
    tell(turn, () => `the application of ${nameOf(who)} says that position ${position} of its last process is handled`);
    amend(turn, who, { stale: stale.filter((waiting) => waiting.position !== position) });
  } else {
    tell(turn, () => `the application of ${nameOf(who)} handles ${key} (position ${position})`);
    note(turn, key, 'handled');
    amend(turn, who, {
      inbox: inbox.filter((waiting) => waiting.position !== position),
      taken: taken.map((known) => (known.key === key ? { key, status: 'handled' } : known)),
    });
  }
  happen(turn, who, { type: 'app.handled', position });
};

/** Server sessions that are over and out of sight are gone; the store keeps an h while a client can ask for it. */
const tidy = (turn: Turn): void => {
  const { hasTag } = turn.plan.core;
  turn.servers = turn.servers.filter(
    ({ state, connection, question, late }) => connection || question || late || !hasTag(state, 'over'),
  );
  turn.servers.forEach((server, index) => {
    if (hasTag(server.state, 'over')) amendServer(turn, index, { taken: [], inbox: [], stale: [], smId: null });
  });
  if (Object.keys(turn.old).length === 0 && turn.behind.length === 0) return;
  const names = clientNames(turn.plan, turn);
  turn.old = Object.fromEntries(Object.entries(turn.old).filter(([smId]) => names.includes(smId)));
  turn.behind = turn.behind.filter((smId) => names.includes(smId));
};
