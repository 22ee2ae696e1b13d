/** What many checks do. */
import type { Client, Session } from '../client.js';
import { Finding, fail } from '../finding.js';
import type { Server } from '../server.js';
import {
  anyOf,
  errorCondition,
  failedCondition,
  type Match,
  sm,
  stanza,
  streamError,
  summary,
} from '../wire/conditions.js';
import { childOf, type Element } from '../wire/element.js';
import { NS } from '../wire/namespaces.js';

/** Milliseconds in which nothing may happen that would happen soon if it did. */
export const QUIET = 1000;

export const anAnswer = anyOf(sm('enabled'), sm('resumed'), sm('failed'));

/** Sends a request and gives back the answer, whichever it is; a session that begins with it is tidied up. */
export const answerTo = async (client: Client, ...request: readonly string[]): Promise<Element> => {
  client.send(...request);
  const answer = await client.receive('<enabled/>, <resumed/> or <failed/>', anAnswer);
  if (answer.name === 'enabled') client.began(answer);
  return answer;
};

/** The request is refused with this condition directly inside `<failed/>`; without one, with any. */
export const refused = async (client: Client, request: string, condition?: string): Promise<Element> => {
  const expected = condition === undefined ? '<failed/> with a condition' : `<failed/> with ${condition}`;
  client.send(request);
  const answer = await client.receive(expected, anAnswer);
  const found = failedCondition(answer);
  if (answer.name !== 'failed' || found === undefined || (condition !== undefined && found !== condition))
    fail(expected, summary(answer));
  return answer;
};

export const resumeRequest = (attributes: string, ns: string = NS.sm): string =>
  `<resume xmlns='${ns}' ${attributes}/>`;

/** Such a session can be resumed; it goes on, on the client that is returned. */
export const canBeResumed = async (server: Server, session: Session, h?: number): Promise<Client> => {
  try {
    return await server.resumed(session, h);
  } catch (error) {
    if (error instanceof Finding) return fail('a session that can be resumed', error.found);
    throw error;
  }
};

/** It cannot be resumed, and the client is told so. @returns `<failed/>` */
export const cannotBeResumed = async (server: Server, session: Session): Promise<Element> => {
  const client = await server.login(session.account === server.accounts.romeo ? 'romeo' : 'juliet');
  const answer = await refused(client, client.resumeRequest(session), 'item-not-found');
  session.over = true;
  return answer;
};

/** What stanza came first, of those that are waited for: by the place where each was seen. */
export const placeOf = (client: Client, match: Match): number => client.seen.findIndex(match);

/** The client's stream ends with this error. */
export const endsWith = async (client: Client, condition: string): Promise<Element> => {
  const what = `a stream error ${condition}`;
  const error = await client.receive(what, streamError);
  if (errorCondition(error) !== condition) fail(what, summary(error));
  return error;
};

/** A message that came back to its sender. */
export const returned = (id: string): Match => stanza('message', { id, type: 'error' });

export const delaysOf = (element: Element): readonly Element[] =>
  element.children.filter(({ name, ns }) => name === 'delay' && ns === NS.delay);

/** `<handled-count-too-high/>` in a stream error. */
export const tooHigh = (error: Element): Element | undefined => childOf(error, 'handled-count-too-high', NS.sm);

export const same = (actual: readonly string[], expected: readonly string[]): boolean =>
  actual.length === expected.length && actual.every((value, index) => value === expected[index]);

/** In few words which of some messages are there, by their place among those that were sent. */
export const places = (ids: readonly string[], sent: readonly string[]): string => {
  const numbers = ids.map((id) => sent.indexOf(id) + 1);
  return numbers.length === 0 ? 'none' : `number ${numbers.map((n) => (n === 0 ? '?' : n)).join(', ')}`;
};
