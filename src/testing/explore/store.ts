/** The answers of the store to a server session. */
import { type ClaimAnswer, judgeClaim, type Nonza, type Session, type Uint32 } from '../../index.js';
import type { Plan } from './options.js';
import { happen } from './stepping.js';
import { amend, amendServer, nameOf, serverAt, type Turn, tell } from './turn.js';
import type { Item, Question, Server, World } from './world.js';

/**
 * The store answers. A claim takes one move, though the session is taken from the former server session before the other one gets it: in
 * between, nothing that happens to the two depends on the other one.
 */
export const answer = (turn: Turn, index: number): void => {
  const { question } = serverAt(turn, index);
  if (question === null) return;
  amendServer(turn, index, { question: null });
  if (question.type === 'save') {
    const smId = freshSmId(turn);
    amendServer(turn, index, { smId });
    tell(turn, () => `the store keeps ${nameOf(index)} as ${smId}`);
    happen(turn, index, { type: 'store.saved', smId });
  } else answerClaim(turn, index, question);
};

const answerClaim = (turn: Turn, index: number, { smId, h }: Claim): void => {
  const holder = turn.servers.findIndex((server) => server.smId === smId);
  tell(turn, () => `the store is asked for ${smId} by ${nameOf(index)}`);
  if (turn.behind.includes(smId)) {
    happen(turn, index, { type: 'store.tooHigh', sendCount: h });
    return;
  }
  const application = applicationOf(turn, holder);
  const answered = take(turn, holder, h);
  if (answered?.type === 'legal') {
    moveApplication(turn, application, holder, index);
    amendServer(turn, index, { smId });
    happen(turn, index, { type: 'store.claimed', session: answered.session });
  } else if (answered?.type === 'stale') happen(turn, index, { type: 'store.stale', h: answered.h });
  else if (answered?.type === 'tooHigh') happen(turn, index, { type: 'store.tooHigh', sendCount: answered.sendCount });
  else recall(turn, index, smId);
};

type Claim = Extract<Question, { type: 'claim' }>;

/** The store judges the claim, and takes the session from the server session that has it. */
const take = (turn: Turn, holder: number, h: Uint32): (ClaimAnswer & { readonly session: Session }) | undefined => {
  if (holder < 0) return undefined;
  const { session } = serverAt(turn, holder).state;
  const answer = judgeClaim(session, h);
  if (answer.type === 'legal') happen(turn, holder, { type: 'store.taken' });
  if (answer.type === 'outdated') happen(turn, holder, { type: 'store.outdated' });
  return { ...answer, session };
};

const recall = (turn: Turn, index: number, smId: string): void => {
  const h = turn.old[smId];
  happen(turn, index, h === undefined ? { type: 'store.unknown' } : { type: 'store.expired', h });
};

type Application = Pick<Server, 'inbox' | 'stale' | 'taken'>;

const applicationOf = ({ servers }: Turn, index: number): Application | undefined => servers[index];

/** The application goes with its session: what it has to handle, and what it got. */
const moveApplication = (turn: Turn, application: Application | undefined, from: number, to: number): void => {
  if (application === undefined) return;
  const { inbox, stale, taken } = application;
  amend(turn, to, { inbox, stale, taken });
  amendServer(turn, from, { inbox: [], stale: [], taken: [], smId: null });
};

/** How the store may fail. `late`: it says that it failed, and the session comes nevertheless. `behind`: it lost the end of the queue. */
export type StoreFailure = 'failed' | 'late' | 'behind';

export const fail = (turn: Turn, index: number, how: StoreFailure): void => {
  const { question } = serverAt(turn, index);
  tell(turn, () => `the store fails ${nameOf(index)}${how === 'failed' ? '' : `: ${how}`}`);
  amendServer(turn, index, { question: null });
  if (how === 'behind' && question?.type === 'claim') {
    turn.behind = [...turn.behind, question.smId];
    happen(turn, index, { type: 'store.tooHigh', sendCount: question.h });
    return;
  }
  if (how === 'late' && question?.type === 'claim') {
    const holder = turn.servers.findIndex((server) => server.smId === question.smId);
    const application = applicationOf(turn, holder);
    const answered = take(turn, holder, question.h);
    if (answered?.type === 'legal') {
      moveApplication(turn, application, holder, index);
      amendServer(turn, index, { late: answered.session });
    }
  }
  happen(turn, index, { type: 'store.failed', reason: 'the store failed' });
};

export const answerLate = (turn: Turn, index: number): void => {
  const { late } = serverAt(turn, index);
  if (late === null) return;
  amendServer(turn, index, { late: null });
  tell(turn, () => `the store gives ${nameOf(index)} the session of its failed claim`);
  happen(turn, index, { type: 'store.claimed', session: late });
  const { state } = serverAt(turn, index);
  if (state.session.smId === late.smId && !turn.plan.core.hasTag(state, 'over'))
    amendServer(turn, index, { smId: late.smId });
};

/** The lowest SM-ID that no client, server or store names any more. Such an SM-ID is as new as any other. */
const freshSmId = (turn: Turn): string => {
  const named = [
    ...clientNames(turn.plan, turn),
    ...turn.servers.flatMap(({ smId, state, late }) => [smId, state.session.smId, late?.smId]),
    ...Object.keys(turn.old),
  ];
  for (let n = 1; ; n++) if (!named.includes(`sm${n}`)) return `sm${n}`;
};

/** The SM-IDs that the client has, or that are on their way to it or from it. */
export const clientNames = (
  { core }: Plan,
  { client, servers }: Pick<World, 'client' | 'servers'>,
): readonly (string | null | undefined)[] => {
  const names = [core.hasTag(client.state, 'over') ? null : client.state.session.smId, client.kept?.record.smId];
  for (const { connection, question } of servers) {
    if (question?.type === 'claim') names.push(question.smId);
    for (const item of connection === null ? [] : [...connection.up, ...connection.down]) names.push(...namedBy(item));
    if (connection?.answer) names.push(nameIn(connection.answer.resumption), nameIn(connection.answer.bound));
  }
  return names;
};

const namedBy = (item: Item): readonly (string | undefined)[] => {
  if (item.type === 'nonza') return [nameIn(item.nonza)];
  if (item.type === 'login') return [nameIn(item.resume)];
  return item.type === 'success' ? [nameIn(item.resumption), nameIn(item.bound)] : [];
};

const nameIn = (nonza: Nonza | null): string | undefined => {
  if (nonza?.name === 'enabled') return nonza.id;
  return nonza?.name === 'resume' || nonza?.name === 'resumed' ? nonza.previd : undefined;
};
