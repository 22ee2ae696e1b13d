/** Checks of `<resume/>` requests that the server grants. */
import { type Check, check } from '../check.js';
import { fail, skip } from '../finding.js';
import { anyOf, errorCondition, sm, stanza, streamError, summary } from '../wire/conditions.js';
import { NS } from '../wire/namespaces.js';
import { anAnswer, answerTo, canBeResumed, cannotBeResumed, QUIET, resumeRequest } from './steps.js';

const needs = ['resumption'] as const;

export const resumption: readonly Check[] = [
  check(
    'resume',
    'A session whose connection was lost is resumed: <resumed/> has its id, and h for what the client had sent',
    { clauses: ['R-4', 'C-2'], needs },
    async (server) => {
      const romeo = await server.enabled();
      for (let count = 0; count < 3; count += 1) await romeo.roundTrip();
      // The server does not answer a result, so the counts of the two directions differ.
      romeo.send(`<iq type='result' id='${server.unique()}' to='${server.domain}'/>`);
      await romeo.ask();
      romeo.cut();
      const again = await server.login();
      const { attrs } = await again.resume(romeo.session);
      if (attrs.previd !== romeo.session.smId) fail('previd of the session', attrs.previd ?? 'no previd');
      if (attrs.h !== again.h(4)) fail(`h='${again.h(4)}'`, `h='${attrs.h}'`);
    },
  ),

  ...(['end', 'reset'] as const).map((how) =>
    check(
      how === 'end' ? 'resume-after-fin' : 'resume-after-reset',
      how === 'end'
        ? 'A connection that ends without a closed stream leaves a session that can be resumed'
        : 'A connection that is reset leaves a session that can be resumed',
      { clauses: ['C-2'], needs },
      async (server) => {
        const romeo = await server.enabled();
        await romeo.roundTrip();
        romeo.cut(how);
        await canBeResumed(server, romeo.session);
      },
    ),
  ),

  check(
    'resume-keeps-address',
    'After a resumption the client has its full JID again: stanzas come from it and reach it',
    { clauses: ['R-3', 'R-4'], needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.cut();
      const again = await canBeResumed(server, romeo.session);
      const [there, back] = [server.unique(), server.unique()];
      again.send(server.message(juliet.jid, there));
      const { attrs } = await juliet.receive('a message of the resumed client', stanza('message', { id: there }));
      if (attrs.from !== romeo.jid) fail('the full JID from before', attrs.from ?? 'no sender');
      juliet.send(server.message(romeo.jid, back));
      await again.receive('a message for the resumed client', stanza('message', { id: back }));
    },
  ),

  check(
    'resume-again',
    'A resumed session can be resumed again, by the same id',
    { clauses: ['R-4', 'R-17'], needs },
    async (server) => {
      const romeo = await server.enabled();
      romeo.cut();
      for (let times = 0; times < 3; times += 1) {
        const again = await canBeResumed(server, romeo.session);
        await again.roundTrip();
        again.cut();
      }
    },
  ),

  check(
    'resume-in-one-write',
    '<resume/>, a message and <r/> in one write are carried out in this order',
    { clauses: ['R-4', 'R-6', 'A-5'], needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      await romeo.roundTrip();
      romeo.cut();
      const again = await server.login();
      const id = server.unique();
      const request = resumeRequest(`previd='${romeo.session.smId}' h='${again.h(romeo.session.received)}'`);
      const answer = await answerTo(again, request, server.message(juliet.jid, id), `<r xmlns='${NS.sm}'/>`);
      if (answer.name !== 'resumed') fail('<resumed/>', summary(answer));
      const { attrs } = await again.receive('<a/>', sm('a'));
      if (attrs.h !== again.h(2)) fail(`h='${again.h(2)}'`, `h='${attrs.h}'`);
      await juliet.receive('the message', stanza('message', { id }));
    },
  ),

  check(
    'resume-with-login-in-one-write',
    'Login, stream header, <resume/>, a message and <r/> in one write are carried out in this order',
    { clauses: ['R-4', 'R-6'], needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      await romeo.roundTrip();
      romeo.cut();
      const again = await server.connect();
      await again.begin();
      const id = server.unique();
      const sent = again.authenticateAnd(
        again.resumeRequest(romeo.session),
        server.message(juliet.jid, id),
        `<r xmlns='${NS.sm}'/>`,
      );
      if (!sent) skip('PLAIN is not offered, and no other login is a single message');
      const answer = await again.receive('<resumed/>', anAnswer).catch(() => undefined);
      if (answer === undefined)
        skip('what comes behind a login is not waited with, nor has it to be (RFC 6120 section 6.4.6)');
      else if (answer.name !== 'resumed') fail('<resumed/>', summary(answer));
      const { attrs } = await again.receive('<a/>', sm('a'));
      if (attrs.h !== again.h(2)) fail(`h='${again.h(2)}'`, `h='${attrs.h}'`);
      await juliet.receive('the message', stanza('message', { id }));
    },
  ),

  check(
    'resume-live',
    'A session whose old connection still stands goes over to the new one, and the old one is closed',
    { clauses: ['R-11'], needs },
    async (server) => {
      const romeo = await server.enabled();
      await romeo.roundTrip();
      const again = await canBeResumed(server, romeo.session);
      await romeo.ended('the old stream to end');
      await again.roundTrip();
    },
  ),

  check(
    'resume-live-conflict',
    'The old stream ends with the stream error conflict',
    { clauses: ['R-11'], level: 'SHOULD', needs },
    async (server) => {
      const romeo = await server.enabled();
      await romeo.roundTrip();
      const again = await canBeResumed(server, romeo.session);
      const error = await romeo.receive('a stream error conflict', streamError);
      if (errorCondition(error) !== 'conflict') fail('a stream error conflict', summary(error));
      await again.roundTrip();
    },
  ),

  check(
    'resume-twice-at-once',
    'Of two clients that resume one session at once one has it in the end, and the other one knows',
    { clauses: ['R-11'], needs },
    async (server) => {
      const romeo = await server.enabled();
      romeo.cut();
      const both = await Promise.all([server.login(), server.login()]);
      const answers = await Promise.all(
        both.map((client) => answerOrEnd(client, resumeRequest(`previd='${romeo.session.smId}' h='${client.h(0)}'`))),
      );
      if (!answers.includes('resumed')) fail('<resumed/> for one of the two', answers.join(' and '));
      await Promise.all(both.map((client) => client.ended('', QUIET).catch(() => undefined)));
      const live: string[] = [];
      for (const [index, client] of both.entries()) {
        if (answers[index] !== 'resumed' || !client.isOpen()) continue;
        // The client that lost the race may learn this only now.
        const answered = client.roundTrip().then(() => true);
        const lost = (error: unknown) =>
          client.ended('', QUIET).then(
            () => false,
            () => Promise.reject(error),
          );
        if (await answered.catch(lost)) live.push(client.jid);
      }
      if (live.length !== 1) fail('one stream that has the session', `${live.length}`);
    },
  ),

  check(
    'resume-refused-then-bind',
    'After a refused <resume/> the client can bind and enable on the same stream',
    { clauses: ['R-10'], level: 'SHOULD', needs },
    async (server) => {
      const romeo = await server.login();
      await answerTo(romeo, resumeRequest("previd='no-such-session' h='0'"));
      await romeo.bind();
      await romeo.enable();
      await romeo.roundTrip();
      romeo.cut();
      await canBeResumed(server, romeo.session);
    },
  ),

  check(
    'resume-after-close',
    'A closed stream leaves nothing to resume',
    { clauses: ['C-1'], needs },
    async (server) => {
      const romeo = await server.enabled();
      await romeo.roundTrip();
      await romeo.close();
      await cannotBeResumed(server, romeo.session);
    },
  ),

  check(
    'resume-other-resource-bound',
    'That the user binds another resource does no harm to a session that waits',
    { clauses: ['C-2'], needs },
    async (server) => {
      const romeo = await server.enabled();
      romeo.cut();
      const other = await server.enabled();
      await other.roundTrip();
      await canBeResumed(server, romeo.session);
      await other.roundTrip();
    },
  ),
];

const answerOrEnd = async (client: Awaited<ReturnType<Parameters<Check['run']>[0]['login']>>, request: string) => {
  client.send(request);
  const answer = await client
    .receive('<resumed/> or <failed/>', anyOf(sm('resumed'), sm('failed')))
    .catch(() => undefined);
  return answer?.name ?? 'no answer';
};
