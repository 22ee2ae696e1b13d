/** Checks of `<resume/>`: which requests the server refuses, and that a refusal has no side effect. */
import { type Check, check } from '../check.js';
import { Finding, fail } from '../finding.js';
import { failedCondition, sm, streamError, summary } from '../wire/conditions.js';
import type { Element } from '../wire/element.js';
import { answerTo, canBeResumed, QUIET, refused, resumeRequest } from './steps.js';

const needs = ['resumption'] as const;

/** A plausible SM-ID that belongs to no session. */
const UNKNOWN = 'bm8gc3VjaCBzZXNzaW9u';

/** The content of an element as text, to compare two answers. */
const plain = (element: Element): string => JSON.stringify(element);

export const refusals: readonly Check[] = [
  check(
    'resume-switched-off',
    'Where resumption is switched off <resume/> is refused with feature-not-implemented',
    { clauses: ['R-9', 'X-1'], needs: ['no-resumption'] },
    async (server) => {
      const romeo = await server.login();
      await refused(romeo, resumeRequest(`previd='${UNKNOWN}' h='0'`), 'feature-not-implemented');
      await romeo.bind();
    },
  ),

  check(
    'resume-unknown',
    'An id that no session has is refused with item-not-found, and without h',
    { clauses: ['R-7', 'X-1'], needs },
    async (server) => {
      const romeo = await server.login();
      const { attrs } = await refused(romeo, resumeRequest(`previd='${UNKNOWN}' h='0'`), 'item-not-found');
      if (attrs.h !== undefined) fail('no h', `h='${attrs.h}'`);
    },
  ),

  ...Object.entries({ empty: '', long: 'x'.repeat(4000), strange: '&lt;&amp;&apos;&#x1F339;' }).map(([name, previd]) =>
    check(
      `resume-id-${name}`,
      `An id that is ${name} is refused like any other unknown one`,
      { clauses: ['R-7', 'X-1'], needs },
      async (server) => {
        const romeo = await server.login();
        await refused(romeo, resumeRequest(`previd='${previd}' h='0'`));
        await romeo.bind();
      },
    ),
  ),

  check(
    'resume-foreign',
    "Another user's session is refused with item-not-found and without h",
    { clauses: ['R-12', 'R-7'], needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.login('juliet')];
      await romeo.roundTrip();
      romeo.cut();
      const request = resumeRequest(`previd='${romeo.session.smId}' h='0'`);
      const { attrs } = await refused(juliet, request, 'item-not-found');
      if (attrs.h !== undefined) fail('no h', `h='${attrs.h}'`);
    },
  ),

  check(
    'resume-foreign-harmless',
    'After another user has tried to resume it, a session is still there for its owner',
    { clauses: ['R-12'], needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.login('juliet')];
      romeo.cut();
      await answerTo(juliet, resumeRequest(`previd='${romeo.session.smId}' h='0'`));
      await canBeResumed(server, romeo.session);
    },
  ),

  check(
    'resume-foreign-live',
    "Another user's live session cannot be taken over, and goes on",
    { clauses: ['R-12'], needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.login('juliet')];
      await refused(juliet, resumeRequest(`previd='${romeo.session.smId}' h='0'`), 'item-not-found');
      await romeo.roundTrip();
    },
  ),

  check(
    'resume-foreign-silent',
    "Nothing tells a stranger whether a session exists: another user's is refused as one is that is over",
    { clauses: ['R-7'], needs },
    async (server) => {
      const [living, dead] = [await server.enabled(), await server.enabled()];
      await living.roundTrip();
      await dead.roundTrip();
      await dead.close();
      living.cut();
      const answers: string[] = [];
      for (const { session } of [living, dead]) {
        const juliet = await server.login('juliet');
        answers.push(plain(await answerTo(juliet, resumeRequest(`previd='${session.smId}' h='0'`))));
      }
      if (answers[0] !== answers[1]) fail('the same answer for both', 'two answers');
    },
  ),

  check(
    'resume-before-login',
    '<resume/> before login is refused, and the client can still log in and resume',
    { clauses: ['R-12', 'X-1'], needs },
    async (server) => {
      const romeo = await server.enabled();
      romeo.cut();
      const again = await server.connect();
      await again.begin();
      await refused(again, resumeRequest(`previd='${romeo.session.smId}' h='${again.h(0)}'`));
      await again.authenticate();
      await again.resume(romeo.session);
    },
  ),

  check(
    'resume-after-bind',
    '<resume/> after a resource was bound is refused with unexpected-request',
    { clauses: ['R-14', 'X-1'], needs },
    async (server) => {
      const romeo = await server.enabled();
      romeo.cut();
      const again = await server.bound();
      await refused(again, resumeRequest(`previd='${romeo.session.smId}' h='${again.h(0)}'`), 'unexpected-request');
    },
  ),

  check(
    'resume-after-bind-harmless',
    'After a <resume/> that came after binding both the stream and the session are as they were',
    { clauses: ['R-14'], needs },
    async (server) => {
      const romeo = await server.enabled();
      romeo.cut();
      const again = await server.bound();
      await answerTo(again, resumeRequest(`previd='${romeo.session.smId}' h='${again.h(0)}'`));
      await again.enable();
      await again.roundTrip();
      await canBeResumed(server, romeo.session);
    },
  ),

  check(
    'resume-on-session',
    '<resume/> on a stream that has a session is refused with unexpected-request, and the session goes on',
    { clauses: ['R-14', 'X-1'], needs },
    async (server) => {
      const romeo = await server.enabled();
      await romeo.roundTrip();
      const request = resumeRequest(`previd='${romeo.session.smId}' h='${romeo.h(1)}'`);
      await refused(romeo, request, 'unexpected-request');
      if ((await romeo.ask()) !== 1) fail('h for 1 stanza', 'another');
      romeo.cut();
      await canBeResumed(server, romeo.session);
    },
  ),

  check(
    'resume-without-id',
    '<resume/> without previd is refused',
    { clauses: ['R-3', 'X-1'], needs },
    async (server) => {
      const romeo = await server.login();
      await refused(romeo, resumeRequest("h='0'"));
    },
  ),

  check(
    'resume-other-namespace',
    'A <resume/> of another namespace resumes nothing',
    { clauses: ['X-2'], needs },
    async (server) => {
      const romeo = await server.enabled();
      romeo.cut();
      const again = await server.login();
      again.send(resumeRequest(`previd='${romeo.session.smId}' h='${again.h(0)}'`, 'urn:example:sm:99'));
      const answer = await again
        .receive('no <resumed/>', (element) => element.name === 'resumed' || streamError(element), QUIET)
        .catch((error: unknown) => (error instanceof Finding ? undefined : Promise.reject(error)));
      if (answer?.name === 'resumed') fail('no <resumed/>', '<resumed/>');
      again.cut();
      await canBeResumed(server, romeo.session);
    },
  ),

  check(
    'failed-form',
    '<failed/> has one condition of RFC 6120, in its namespace, directly inside',
    { clauses: ['X-1'], needs },
    async (server) => {
      const romeo = await server.login();
      const answers = [await answerTo(romeo, resumeRequest(`previd='${UNKNOWN}' h='0'`))];
      await romeo.bind();
      await romeo.enable();
      romeo.send("<enable xmlns='urn:xmpp:sm:3'/>");
      answers.push(await romeo.receive('an answer', (element) => sm('failed')(element) || streamError(element)));
      for (const answer of answers.filter(sm('failed'))) {
        const conditions = answer.children.filter(({ name }) => name !== 'text');
        if (conditions.length !== 1 || failedCondition(answer) === undefined) fail('one condition', summary(answer));
      }
    },
  ),
];
