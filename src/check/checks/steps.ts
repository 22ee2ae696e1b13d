/** Steps that many checks share. */
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

/** Milliseconds that a check watches before it concludes that an event does not happen. */
export const QUIET = 1000;

export const anAnswer = anyOf(sm('enabled'), sm('resumed'), sm('failed'));

/** Sends a request. @returns any answer to it; a session that the answer begins is tidied up after the check */
export const answerTo = async (client: Client, ...request: readonly string[]): Promise<Element> => {
  client.send(...request);
  const answer = await client.receive('<enabled/>, <resumed/> or <failed/>', anAnswer);
  if (answer.name === 'enabled') client.began(answer);
  return answer;
};

/** Fails unless the server refuses the request with this condition directly inside `<failed/>`; by default any condition. */
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

/** Fails unless the session can be resumed. @returns the client that holds the resumed session */
export const canBeResumed = async (server: Server, session: Session, h?: number): Promise<Client> => {
  try {
    return await server.resumed(session, h);
  } catch (error) {
    if (error instanceof Finding) return fail('a session that can be resumed', error.found);
    throw error;
  }
};

/** Fails unless the server refuses to resume the session with item-not-found. @returns `<failed/>` */
export const cannotBeResumed = async (server: Server, session: Session): Promise<Element> => {
  const client = await server.login(session.account === server.accounts.romeo ? 'romeo' : 'juliet');
  const answer = await refused(client, client.resumeRequest(session), 'item-not-found');
  session.over = true;
  return answer;
};

/** The position of the first matching element among all received elements; shows which of two stanzas arrived first. */
export const placeOf = (client: Client, match: Match): number => client.seen.findIndex(match);

/** Fails unless the server ends the client's stream with this error. */
export const endsWith = async (client: Client, condition: string): Promise<Element> => {
  const what = `a stream error ${condition}`;
  const error = await client.receive(what, streamError);
  if (errorCondition(error) !== condition) fail(what, summary(error));
  return error;
};

/** Matches a message that the server returned to its sender. */
export const returned = (id: string): Match => stanza('message', { id, type: 'error' });

export const delaysOf = (element: Element): readonly Element[] =>
  element.children.filter(({ name, ns }) => name === 'delay' && ns === NS.delay);

/** `<handled-count-too-high/>` in a stream error. */
export const tooHigh = (error: Element): Element | undefined => childOf(error, 'handled-count-too-high', NS.sm);

export const same = (actual: readonly string[], expected: readonly string[]): boolean =>
  actual.length === expected.length && actual.every((value, index) => value === expected[index]);

/** Names the messages with these ids in few words, by their position among the sent messages. */
export const places = (ids: readonly string[], sent: readonly string[]): string => {
  const numbers = ids.map((id) => sent.indexOf(id) + 1);
  return numbers.length === 0 ? 'none' : `number ${numbers.map((n) => (n === 0 ? '?' : n)).join(', ')}`;
};
