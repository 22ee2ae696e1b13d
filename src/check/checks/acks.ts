/** Checks of `<r/>` and `<a/>`, correct and incorrect. */
import { type Check, check } from '../check.js';
import type { Client } from '../client.js';
import { Finding, fail, warn } from '../finding.js';
import { idsOf, type Server } from '../server.js';
import { sm, streamError, summary } from '../wire/conditions.js';
import { NS } from '../wire/namespaces.js';
import { canBeResumed, endsWith, places, QUIET, same, tooHigh } from './steps.js';

const a = (h: string): string => `<a xmlns='${NS.sm}' h='${h}'/>`;
const r = `<r xmlns='${NS.sm}'/>`;

/** Creates a client that received `count` messages and acknowledged no message. */
const withUnacked = async (server: Server, count: number) => {
  const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
  romeo.answering = false;
  const sent = await server.deliver(juliet, romeo, count);
  return { romeo, juliet, sent };
};

/** @returns the ids of the messages in `sent` that the resumed client receives again */
export const repeated = async (client: Client, sent: readonly string[]): Promise<readonly string[]> => {
  await client.roundTrip();
  return idsOf(client.seen).filter((id) => sent.includes(id));
};

/** Invalid values of h. `lax`: some number parsers accept the value. */
const WRONG_H: Readonly<Record<string, { readonly h: string | undefined; readonly lax: boolean }>> = {
  missing: { h: undefined, lax: false },
  empty: { h: '', lax: false },
  word: { h: 'abc', lax: false },
  spaced: { h: '0 1', lax: false },
  negative: { h: '-1', lax: false },
  'too-long': { h: '4294967296', lax: false },
  signed: { h: '+1', lax: true },
  hexadecimal: { h: '0x1', lax: true },
  fraction: { h: '1.0', lax: true },
  exponent: { h: '1e0', lax: true },
};

export const acks: readonly Check[] = [
  check('r-answered', '<r/> is answered also when nothing new came', { clauses: ['A-5'] }, async (server) => {
    const romeo = await server.enabled();
    const counts = [await romeo.ask(), await romeo.ask()];
    if (counts.some((count) => count !== 0)) fail('h for nothing, twice', counts.join(' and '));
  }),

  check('r-each-answered', 'Each <r/> in one write gets its own answer', { clauses: ['A-5'] }, async (server) => {
    const romeo = await server.enabled();
    romeo.send(r, r, r);
    for (const number of ['first', 'second', 'third']) await romeo.receive(`the ${number} <a/>`, sm('a'));
  }),

  check(
    'r-in-place',
    '<r/> between stanzas is answered with what came before it',
    { clauses: ['A-5', 'A-3'] },
    async (server) => {
      const romeo = await server.enabled();
      const message = (): string => server.message(romeo.jid, server.unique());
      romeo.send(message(), r, message(), message(), r);
      const first = await romeo.receive('the first <a/>', sm('a'));
      const second = await romeo.receive('the second <a/>', sm('a'));
      const found = `${first.attrs.h} and ${second.attrs.h}`;
      if (found !== `${romeo.h(1)} and ${romeo.h(3)}`) fail(`h of ${romeo.h(1)} and ${romeo.h(3)}`, found);
    },
  ),

  check('a-unasked', 'An <a/> that nobody asked for is accepted', { clauses: ['A-6'] }, async (server) => {
    const { romeo } = await withUnacked(server, 2);
    romeo.send(a(romeo.h(1)), a(romeo.h(2)));
    await romeo.roundTrip();
  }),

  check('a-repeated', 'The same h twice is no error', { clauses: ['A-11'] }, async (server) => {
    const { romeo } = await withUnacked(server, 2);
    romeo.send(a(romeo.h(2)), a(romeo.h(2)), a(romeo.h(2)));
    await romeo.roundTrip();
  }),

  check(
    'a-nothing-yet',
    'h for nothing is accepted while nothing was sent',
    { clauses: ['A-6', 'A-11'] },
    async (server) => {
      const romeo = await server.enabled();
      romeo.send(a(romeo.h(0)), a(romeo.h(0)));
      await romeo.roundTrip();
    },
  ),

  check(
    'a-trims',
    'What was acknowledged does not come again, what was not does',
    { clauses: ['R-5', 'A-6'], needs: ['resumption'] },
    async (server) => {
      const { romeo, sent } = await withUnacked(server, 4);
      romeo.send(a(romeo.h(3)));
      await romeo.ask();
      romeo.cut();
      const again = await canBeResumed(server, romeo.session, 3);
      const came = await repeated(again, sent);
      if (!same(came, sent.slice(3))) fail('number 4', places(came, sent));
    },
  ),

  check(
    'a-regress',
    'An h below an earlier one trims nothing, and the stream goes on',
    { clauses: ['A-9'], level: 'SHOULD' },
    async (server) => {
      const { romeo } = await withUnacked(server, 3);
      romeo.send(a(romeo.h(2)), a(romeo.h(1)));
      await romeo.roundTrip();
    },
  ),

  check(
    'a-regress-harmless',
    'An h below an earlier one brings nothing back and takes nothing away',
    { clauses: ['A-9'], level: 'SHOULD', needs: ['resumption'] },
    async (server) => {
      const { romeo, sent } = await withUnacked(server, 3);
      romeo.send(a(romeo.h(2)), a(romeo.h(1)));
      await romeo.ask();
      romeo.cut();
      const again = await canBeResumed(server, romeo.session, 2);
      const came = await repeated(again, sent);
      if (!same(came, sent.slice(2))) fail('number 3', places(came, sent));
    },
  ),

  check(
    'a-too-high',
    'An h above what was sent, by one, ends the stream with undefined-condition',
    { clauses: ['A-8'], level: 'SHOULD' },
    async (server) => {
      const { romeo } = await withUnacked(server, 2);
      romeo.send(a(romeo.h(3)));
      await endsWith(romeo, 'undefined-condition');
      await romeo.ended('a stream that is closed behind its error');
    },
  ),

  check(
    'a-too-high-explained',
    'The stream error for an h too high says what was wrong: <handled-count-too-high/> with h and send-count',
    { clauses: ['A-8'], level: 'SHOULD' },
    async (server) => {
      const { romeo } = await withUnacked(server, 2);
      romeo.send(a(romeo.h(7)));
      const expected = `<handled-count-too-high h='${romeo.h(7)}' send-count='${romeo.h(2)}'/>`;
      const error = await romeo.receive(`a stream error with ${expected}`, streamError);
      const { h, 'send-count': count } = tooHigh(error)?.attrs ?? {};
      if (h !== romeo.h(7) || count !== romeo.h(2))
        fail(expected, tooHigh(error) === undefined ? `${summary(error)} alone` : `h='${h}' send-count='${count}'`);
    },
  ),

  check(
    'a-too-high-far',
    'An h far above what was sent ends the stream too',
    { clauses: ['A-8', 'A-4'], level: 'SHOULD' },
    async (server) => {
      const { romeo } = await withUnacked(server, 2);
      romeo.send(a(romeo.h(2 ** 30)));
      await endsWith(romeo, 'undefined-condition');
    },
  ),

  ...Object.entries(WRONG_H).map(([name, { h, lax }]) =>
    check(
      `a-h-${name}`,
      h === undefined ? '<a/> without h ends the stream with an error' : `<a h='${h}'/> ends the stream with an error`,
      { clauses: ['A-7'] },
      async (server) => {
        const { romeo } = await withUnacked(server, 1);
        romeo.send(h === undefined ? `<a xmlns='${NS.sm}'/>` : a(h), r);
        const expected = 'a stream error';
        const answer = await romeo.receive(
          expected,
          (element) => streamError(element) || sm('a')(element) || sm('failed')(element),
        );
        if (answer.name === 'error') return;
        if (answer.name === 'failed') {
          await romeo.receive('the stream to go on behind <failed/>', sm('a'));
          warn(expected, `${summary(answer)}, and the stream goes on`);
        }
        // Prosody sends <a/> before it closes the stream.
        const late = await romeo.receive(expected, streamError, QUIET).catch((error: unknown) => error);
        if (!(late instanceof Finding)) return;
        const found = 'it is taken without a word';
        if (lax) warn(expected, found);
        fail(expected, found);
      },
    ),
  ),

  check(
    'asks',
    'The server asks for acknowledgement of what it sends',
    { clauses: ['P-1', 'M-5'], level: 'SHOULD' },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      await server.deliver(juliet, romeo, 12);
      await romeo.receive('<r/>', sm('r'));
    },
  ),

  check(
    'asks-once',
    'While an <r/> is unanswered no second one is sent',
    { clauses: ['P-1'], level: 'SHOULD' },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.answering = false;
      await server.deliver(juliet, romeo, 12);
      await romeo.receive('<r/>', sm('r'));
      await server.deliver(juliet, romeo, 12);
      await romeo.silent('no second <r/>', sm('r'), QUIET);
    },
  ),

  check(
    'asks-again',
    'Once an <r/> is answered, newer stanzas are asked about too',
    { clauses: ['P-1'], level: 'SHOULD' },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      await server.deliver(juliet, romeo, 8);
      await romeo.receive('<r/>', sm('r'));
      await romeo.roundTrip();
      romeo.forget(sm('r'));
      await server.deliver(juliet, romeo, 12);
      await romeo.receive('another <r/>', sm('r'));
    },
  ),

  check(
    'close-acknowledges',
    'Before it closes the stream the server acknowledges what it handled',
    { clauses: ['A-10'], level: 'SHOULD' },
    async (server) => {
      const romeo = await server.enabled();
      await romeo.roundTrip();
      romeo.forget(sm('a'));
      romeo.leave();
      await romeo.ended('a stream that is closed');
      const last = romeo.seen.filter(sm('a')).at(-1);
      if (last?.attrs.h !== romeo.h(1)) fail(`<a h='${romeo.h(1)}'/>`, last === undefined ? 'none' : summary(last));
    },
  ),
];
