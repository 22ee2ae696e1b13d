/**
 * How a connection begins, at both ends.
 *
 * Classic: authentication takes no time, because it concerns no session: a cut in it is the same as a cut before it. The client then writes
 * `<resume/>`, or `<bind/>` and `<enable/>` in one go. Inline (SASL2): one request carries all requests, one answer all answers.
 */
import type { Nonza } from '../../index.js';
import type { Login } from './options.js';
import { happen, isPaused } from './stepping.js';
import { actorOf, amendConnection, serverAt, type Turn, type Who } from './turn.js';
import { put } from './wire.js';
import type { Connection, InlineAnswer, Item, Server } from './world.js';

const OWNER = 'juliet@example.net';

export const connect = (turn: Turn, login: Login, stray: Nonza | null): void => {
  if (hasTag(turn, 'client', 'over')) restart(turn);
  // Two numbers are enough: when a connection begins, at most one older connection of this client is not quite gone.
  const epoch = turn.client.epoch === 1 ? 2 : 1;
  turn.client = { ...turn.client, epoch };
  const index = turn.servers.push(serverFor(turn, epoch, login)) - 1;
  happen(turn, 'client', { type: 'link.opened', epoch });
  if (login === 'inline') {
    sendLogin(turn);
    return;
  }
  happen(turn, index, { type: 'app.authenticated', owner: OWNER });
  happen(turn, 'client', { type: 'app.authenticated', owner: OWNER });
  if (stray !== null) {
    amendConnection(turn, index, { strays: 1 });
    put(turn, 'client', epoch, { type: 'stray', nonza: stray });
  }
  if (hasTag(turn, 'client', 'canResume')) happen(turn, 'client', { type: 'app.resume' });
  else bind(turn);
};

export const bind = (turn: Turn): void => {
  put(turn, 'client', turn.client.epoch, { type: 'bind' });
  happen(turn, 'client', { type: 'app.bound' });
  if (hasTag(turn, 'client', 'canEnable')) happen(turn, 'client', { type: 'app.enable' });
};

/** A new session follows a session that is over, in the same application. */
const restart = (turn: Turn): void => {
  const { core, policies } = turn.plan;
  const state = core.open('client', policies.client);
  turn.client = { ...turn.client, state, running: [], inbox: [], stale: [], taken: [], isBehind: false };
};

const serverFor = ({ plan: { core, policies } }: Turn, epoch: number, login: Login): Server => ({
  state: core.open('server', policies.server, 1),
  running: [],
  inbox: [],
  stale: [],
  taken: [],
  isClosed: false,
  connection: { ...NEW, epoch, isInline: login === 'inline' },
  smId: null,
  question: null,
  late: null,
});

const NEW: Connection = {
  epoch: 1,
  isInline: false,
  up: [],
  down: [],
  clientOpen: true,
  serverOpen: true,
  isCut: false,
  answer: null,
  strays: 0,
};

const sendLogin = (turn: Turn): void => {
  happen(turn, 'client', { type: 'app.authenticating' });
  const carried = turn.carried.splice(0);
  const find = (name: string): Nonza | null => carried.find((nonza) => nonza.name === name) ?? null;
  put(turn, 'client', turn.client.epoch, { type: 'login', resume: find('resume'), enable: find('enable') });
};

/** The server takes the request, and answers when the store has answered: `continueLogin`. */
export const takeLogin = (turn: Turn, index: number, { resume, enable }: Extract<Item, { type: 'login' }>): void => {
  happen(turn, index, { type: 'app.authenticated', owner: OWNER });
  const answer: InlineAnswer = { stage: 'resuming', enable, resumption: null, bound: null, behind: [] };
  amendConnection(turn, index, { answer });
  if (resume !== null) happen(turn, index, peerEvent(resume, 1));
};

/** The next part of an answer, unless the store is still asked for the part before. */
export const continueLogin = (turn: Turn, index: number): void => {
  const answer = serverAt(turn, index).connection?.answer;
  if (!answer || isPaused(turn, index)) return;
  if (answer.stage === 'resuming' && answer.resumption?.name !== 'resumed') {
    amendConnection(turn, index, { answer: { ...answer, stage: 'enabling' } });
    happen(turn, index, { type: 'app.bound' });
    if (answer.enable !== null) happen(turn, index, peerEvent(answer.enable, 1));
    continueLogin(turn, index);
    return;
  }
  const { stage, resumption, bound, behind } = answer;
  amendConnection(turn, index, { answer: null });
  put(turn, index, 1, { type: 'success', resumption, bound, isBound: stage === 'enabling' });
  for (const item of behind) put(turn, index, 1, item);
};

export const takeSuccess = (turn: Turn, item: Extract<Item, { type: 'success' }>): void => {
  const { resumption, bound, isBound } = item;
  const { epoch } = turn.client;
  happen(turn, 'client', { type: 'app.authenticated', owner: OWNER, ...(resumption !== null && { resuming: true }) });
  if (resumption !== null) happen(turn, 'client', peerEvent(resumption, epoch));
  if (!isBound) return;
  happen(turn, 'client', { type: 'app.bound', ...(bound !== null && { enabling: true }) });
  if (bound !== null) happen(turn, 'client', peerEvent(bound, epoch));
};

const hasTag = (turn: Turn, who: Who, tag: Parameters<Turn['plan']['core']['hasTag']>[1]): boolean =>
  turn.plan.core.hasTag(actorOf(turn, who).state, tag);

/** The element as an event, as the codec gives it. */
export const peerEvent = (nonza: Nonza, epoch: number, xmlns: 'urn:xmpp:sm:3' | 'urn:xmpp:sm:2' = 'urn:xmpp:sm:3') => {
  const { name, ...fields } = nonza;
  return { type: `peer.${name}`, epoch, xmlns, ...fields } as Parameters<typeof happen>[2];
};
