/** Checks of the lifetime of a lost session, and of the server's answer after the session has expired. */
import { type Check, check } from '../check.js';
import type { Client, Session } from '../client.js';
import { fail, skip } from '../finding.js';
import { type Server, sleep } from '../server.js';
import { isStanza, stanza } from '../wire/conditions.js';
import { NS } from '../wire/namespaces.js';
import { answerTo, cannotBeResumed, QUIET, resumeRequest } from './steps.js';

const needs = ['expiry'] as const;

/** Creates a session with a short lifetime and drops its connection. */
const lost = async (server: Server): Promise<Client> => {
  const romeo = await server.enabled('romeo', server.brief);
  for (let count = 0; count < 2; count += 1) await romeo.roundTrip();
  romeo.cut();
  // The server needs this time to notice that the connection is gone.
  await sleep(100);
  return romeo;
};

/** Resumes on a client that is already logged in, so that the duration of the login does not matter. */
const takesUp = async (client: Client, session: Session): Promise<void> => {
  const { name } = await answerTo(client, client.resumeRequest(session));
  if (name !== 'resumed') fail('a session that can be resumed', 'it is over before its time');
};

/** This share of the lifetime of a session, in milliseconds. */
const part = (server: Server, share: number): number => 1000 * share * (server.facts.lifetime ?? 0);

export const expiry: readonly Check[] = [
  check(
    'expiry-not-early',
    'A session can be resumed for as long as was granted',
    { clauses: ['M-1', 'C-2'], needs },
    async (server) => {
      const again = await server.login();
      const { session } = await lost(server);
      await sleep(part(server, 0.7));
      await takesUp(again, session);
    },
  ),

  check(
    'expiry-in-time',
    'When its time is over a session is refused with item-not-found',
    { clauses: ['M-1', 'R-8', 'E-6'], needs },
    async (server) => {
      const romeo = await lost(server);
      await server.expiry();
      await cannotBeResumed(server, romeo.session);
    },
  ),

  check(
    'expiry-h',
    '<failed/> for a session that has expired says how many stanzas the server had handled',
    { clauses: ['R-8', 'M-8'], needs },
    async (server) => {
      const romeo = await lost(server);
      await server.expiry();
      const { attrs } = await cannotBeResumed(server, romeo.session);
      if (attrs.h === undefined) return skip('the count is not given, nor has it to be');
      if (attrs.h !== romeo.h(2)) fail(`h='${romeo.h(2)}'`, `h='${attrs.h}'`);
    },
  ),

  check(
    'expiry-h-again',
    'A client that asks again for an expired session is told the count again: the first answer may have been lost',
    { clauses: ['R-8'], level: 'SHOULD', needs },
    async (server) => {
      const romeo = await lost(server);
      await server.expiry();
      const first = await cannotBeResumed(server, romeo.session);
      if (first.attrs.h === undefined) return skip('the count is not given, nor has it to be');
      const second = await cannotBeResumed(server, romeo.session);
      if (second.attrs.h !== first.attrs.h) fail(`h='${first.attrs.h}' again`, second.attrs.h ?? 'no h');
    },
  ),

  check(
    'expiry-h-foreign',
    'No other user is told the count of an expired session',
    { clauses: ['R-7', 'R-12'], needs },
    async (server) => {
      const romeo = await lost(server);
      await server.expiry();
      const juliet = await server.login('juliet');
      const { attrs } = await answerTo(juliet, resumeRequest(`previd='${romeo.session.smId}' h='0'`));
      if (attrs.h !== undefined) fail('no h', `h='${attrs.h}'`);
    },
  ),

  check(
    'expiry-stopped',
    'A resumption stops the clock: the session lives on past the time at which it would have been over',
    { clauses: ['M-1', 'R-4'], needs },
    async (server) => {
      const again = await server.login();
      const { session } = await lost(server);
      await sleep(part(server, 0.5));
      await takesUp(again, session);
      await sleep(part(server, 0.5) + QUIET);
      await again.roundTrip();
    },
  ),

  check(
    'expiry-anew',
    'Each loss has the whole time before it',
    { clauses: ['M-1', 'R-17'], needs },
    async (server) => {
      const [again, thrice] = [await server.login(), await server.login()];
      const { session } = await lost(server);
      await sleep(part(server, 0.6));
      await takesUp(again, session);
      again.cut();
      await sleep(part(server, 0.6));
      await takesUp(thrice, session);
    },
  ),

  check(
    'expiry-after-refusal',
    'A refused <resume/> does not keep a session alive: it expires in its time',
    { clauses: ['M-1', 'S-2'], needs },
    async (server) => {
      const romeo = await lost(server);
      const { smId } = romeo.session;
      const wrong = await server.login();
      wrong.send(resumeRequest(`previd='${smId}'`));
      const juliet = await server.login('juliet');
      await answerTo(juliet, resumeRequest(`previd='${smId}' h='0'`));
      await server.expiry();
      wrong.cut();
      await cannotBeResumed(server, romeo.session);
    },
  ),

  check(
    'expiry-after-too-high',
    'A <resume/> whose h is too high does not keep a session alive either: it expires in its time, or has ended',
    { clauses: ['M-1', 'S-2', 'R-5'], needs },
    async (server) => {
      const wrong = await server.login();
      const { session } = await lost(server);
      wrong.send(resumeRequest(`previd='${session.smId}' h='${wrong.h(9)}'`));
      await server.expiry();
      wrong.cut();
      await cannotBeResumed(server, session);
    },
  ),

  check(
    'expiry-iq',
    'An IQ request that waits for a session which expires is answered with an error',
    { clauses: ['A-12', 'M-2'], needs },
    async (server) => {
      const juliet = await server.bound('juliet');
      const romeo = await lost(server);
      const id = server.unique();
      juliet.send(`<iq type='get' id='${id}' to='${romeo.jid}'><query xmlns='jabber:iq:version'/></iq>`);
      await server.expiry();
      await juliet.receive('an error', stanza('iq', { id, type: 'error' }));
      const answers = juliet.seen.filter(stanza('iq', { id }));
      if (answers.length !== 1) fail('one answer', `${answers.length}`);
    },
  ),

  check(
    'expiry-presence',
    'Presence that waits for a session which expires is not answered',
    { clauses: ['M-2', 'A-12'], needs },
    async (server) => {
      const juliet = await server.bound('juliet');
      const romeo = await lost(server);
      const id = server.unique();
      juliet.send(`<presence to='${romeo.jid}' id='${id}'/>`);
      await server.expiry();
      await juliet.silent('no answer', (element) => isStanza(element) && element.attrs.id === id, QUIET);
    },
  ),

  check(
    'expiry-errors',
    'Errors and results that wait for a session which expires are not answered: errors never are',
    { clauses: ['M-2', 'A-12'], needs },
    async (server) => {
      const juliet = await server.bound('juliet');
      const romeo = await lost(server);
      const [one, two] = [server.unique(), server.unique()];
      const error = `<error type='cancel'><item-not-found xmlns='${NS.stanzaErrors}'/></error>`;
      juliet.send(
        `<message to='${romeo.jid}' id='${one}' type='error'>${error}</message>`,
        `<iq to='${romeo.jid}' id='${two}' type='result'/>`,
      );
      await server.expiry();
      const ours = (id: string | undefined): boolean => id === one || id === two;
      await juliet.silent('no answer', (element) => isStanza(element) && ours(element.attrs.id), QUIET);
    },
  ),
];
