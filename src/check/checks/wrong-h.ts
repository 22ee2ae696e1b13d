/** Checks of `<resume/>` with an impossible h. */
import { type Check, check } from '../check.js';
import { fail } from '../finding.js';
import { errorCondition, failedCondition, streamError, summary } from '../wire/conditions.js';
import { anAnswer, canBeResumed, QUIET, resumeRequest, tooHigh } from './steps.js';

const needs = ['resumption'] as const;

export const wrongH: readonly Check[] = [
  ...Object.entries({ missing: undefined, word: 'abc', negative: '-1', 'too-long': '4294967296' }).map(([name, h]) =>
    check(
      `resume-h-${name}`,
      h === undefined
        ? '<resume/> without h is refused'
        : `<resume h='${h}'/> is refused, or ends the stream with an error`,
      { clauses: ['R-5', 'X-1'], needs },
      async (server) => {
        const romeo = await server.enabled();
        romeo.cut();
        const again = await server.login();
        const attributes = `previd='${romeo.session.smId}'${h === undefined ? '' : ` h='${h}'`}`;
        again.send(resumeRequest(attributes));
        const expected =
          h === undefined ? '<failed/> with a condition' : '<failed/> with a condition, or a stream error';
        const answer = await again.receive(expected, (element) => anAnswer(element) || streamError(element));
        if (answer.name !== 'error' && failedCondition(answer) === undefined) fail(expected, summary(answer));
      },
    ),
  ),

  check(
    'resume-h-missing-harmless',
    'After a <resume/> without h the session can still be resumed with the right one',
    { clauses: ['R-5'], needs },
    async (server) => {
      const romeo = await server.enabled();
      await romeo.roundTrip();
      romeo.cut();
      const again = await server.login();
      again.send(resumeRequest(`previd='${romeo.session.smId}'`));
      await again.receive('an answer', anAnswer, QUIET).catch(() => undefined);
      again.cut();
      await canBeResumed(server, romeo.session);
    },
  ),

  check(
    'resume-h-too-high',
    '<resume/> with an h above what was sent is answered with a stream error',
    { clauses: ['R-5', 'A-8'], needs },
    async (server) => {
      const romeo = await server.enabled();
      await romeo.roundTrip();
      romeo.cut();
      const again = await server.login();
      again.send(resumeRequest(`previd='${romeo.session.smId}' h='${again.h(2)}'`));
      const expected = 'a stream error undefined-condition, or <failed/>';
      const answer = await again.receive(expected, (element) => anAnswer(element) || streamError(element));
      if (answer.name === 'failed' && failedCondition(answer) !== undefined) return;
      if (answer.name !== 'error' || errorCondition(answer) !== 'undefined-condition') fail(expected, summary(answer));
    },
  ),

  check(
    'resume-h-too-high-explained',
    'The stream error for a <resume/> whose h is too high has <handled-count-too-high/> with h and send-count',
    { clauses: ['R-5', 'A-8'], level: 'SHOULD', needs },
    async (server) => {
      const romeo = await server.enabled();
      await romeo.roundTrip();
      romeo.cut();
      const again = await server.login();
      again.send(resumeRequest(`previd='${romeo.session.smId}' h='${again.h(2)}'`));
      const expected = `<handled-count-too-high h='${again.h(2)}' send-count='${again.h(1)}'/>`;
      const error = await again.receive(`a stream error with ${expected}`, streamError);
      const { h, 'send-count': count } = tooHigh(error)?.attrs ?? {};
      if (h !== again.h(2) || count !== again.h(1))
        fail(expected, tooHigh(error) === undefined ? `${summary(error)} alone` : `h='${h}' send-count='${count}'`);
    },
  ),

  check(
    'resume-h-too-high-harmless',
    'A <resume/> whose h is too high costs the session nothing: it can still be resumed with the right one',
    { clauses: ['R-5'], level: 'SHOULD', needs },
    async (server) => {
      const romeo = await server.enabled();
      await romeo.roundTrip();
      romeo.cut();
      const again = await server.login();
      again.send(resumeRequest(`previd='${romeo.session.smId}' h='${again.h(9)}'`));
      await again.receive('an answer', (element) => anAnswer(element) || streamError(element)).catch(() => undefined);
      again.cut();
      await canBeResumed(server, romeo.session);
    },
  ),

  check(
    'resume-h-too-low',
    '<resume/> with an h below what was acknowledged is refused: stanzas would be missing',
    { clauses: ['R-5', 'A-9'], level: 'SHOULD', needs },
    async (server) => {
      const romeo = await server.enabled();
      for (let count = 0; count < 3; count += 1) await romeo.roundTrip();
      romeo.acknowledge();
      await romeo.ask();
      romeo.cut();
      const again = await server.login();
      again.send(resumeRequest(`previd='${romeo.session.smId}' h='${again.h(1)}'`));
      const expected = '<failed/>, or a stream error';
      const answer = await again.receive(expected, (element) => anAnswer(element) || streamError(element));
      if (answer.name === 'resumed') fail(expected, '<resumed/>, though two stanzas are gone');
    },
  ),
];
