/** Checks of the limits of a server, and of the stanzas and sessions beyond a limit. */
import { type Check, check } from '../check.js';
import type { Client, Session } from '../client.js';
import { fail, skip, warn } from '../finding.js';
import { idsOf, type Server, sleep } from '../server.js';
import { stanza, streamError, summary } from '../wire/conditions.js';
import { anAnswer, answerTo, QUIET, resumeRequest, returned } from './steps.js';

/** The number of stanzas of an ordinary busy session; with --stress, more than any default limit. */
const MANY = 40;
const VERY_MANY = 6000;

const amount = ({ stress }: Server): number => (stress ? VERY_MANY : MANY);

/** Sends messages until their number may reach a limit or the server returns one; waits until the server has handled them. */
const flood = async (server: Server, from: Client, to: string): Promise<readonly string[]> => {
  const sent: string[] = [];
  const batch = server.stress ? 200 : 20;
  while (sent.length < amount(server) && !from.seen.some(stanza('message', { type: 'error' })))
    sent.push(...(await server.queue(from, to, batch)));
  return sent;
};

interface Overflow {
  readonly juliet: Client;
  readonly sent: readonly string[];
  /** The server's refusal of the resumption, in words; undefined when the server resumed the session. */
  readonly refusal: string | undefined;
  /** The ids of the messages that the returning client received. */
  readonly came: readonly string[];
}

/** Sends a waiting session more messages than it may hold, when the limit is within reach. */
const overflow = async (server: Server): Promise<Overflow> => {
  const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
  romeo.cut();
  // The server needs this time to notice that the connection is gone; before that, a session may hold more messages.
  await sleep(QUIET / 5);
  const sent = await flood(server, juliet, romeo.jid);
  const again = await server.login();
  again.send(again.resumeRequest(romeo.session));
  const answer = await again
    .receive('an answer', (element) => anAnswer(element) || streamError(element))
    .catch(() => undefined);
  if (answer?.name === 'resumed') await again.roundTrip().catch(() => undefined);
  const refusal = answer?.name === 'resumed' ? undefined : answer === undefined ? 'no answer' : summary(answer);
  return { juliet, sent, refusal, came: idsOf(again.seen) };
};

const noLimit = (server: Server): never =>
  skip(`no limit within ${amount(server)} stanzas${server.stress ? '' : '; --stress sends more'}`);

export const limits: readonly Check[] = [
  check(
    'queue-limit-answered',
    'When more has come than a waiting session may hold, its client is told so when it comes back',
    { clauses: ['M-10', 'X-1'], needs: ['resumption'], runs: 'inbox' },
    async (server) => {
      const { refusal, came, sent } = await overflow(server);
      if (refusal === undefined && came.length === sent.length) noLimit(server);
      if (refusal === 'no answer') fail('<failed/> or a stream error', 'the connection is closed without a word');
    },
  ),

  check(
    'queue-limit-waiting',
    'When more comes than a waiting session may hold, nothing is lost in silence',
    { clauses: ['M-10', 'S-2', 'A-12'], needs: ['resumption'], runs: 'inbox' },
    async (server) => {
      const { juliet, sent, refusal, came } = await overflow(server);
      if (refusal === undefined && came.length === sent.length) noLimit(server);
      await sleep(QUIET);
      const stored = new Set([...came, ...idsOf(await server.offline())]);
      await juliet.roundTrip();
      const missing = sent.filter((id) => !stored.has(id) && !juliet.seen.some(returned(id)));
      if (missing.length > 0)
        fail('each returned, stored or delivered', `${missing.length} of ${sent.length} are lost`);
    },
  ),

  check(
    'queue-limit-live',
    'When a client acknowledges nothing, the stanzas that are kept for it have a limit and nothing is lost in silence',
    { clauses: ['M-10', 'S-2'], needs: ['resumption'], runs: 'inbox' },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.answering = false;
      const sent = await flood(server, juliet, romeo.jid);
      await romeo.ended('', QUIET).catch(() => undefined);
      const came = romeo.seen.filter(stanza('message')).length;
      if (romeo.isOpen() && came === sent.length) {
        romeo.cut();
        const again = await server.login();
        const answer = await answerTo(again, again.resumeRequest(romeo.session, 0)).catch(() => undefined);
        if (answer?.name === 'resumed') await again.roundTrip();
        if (idsOf(again.seen).length === sent.length) noLimit(server);
      }
      const stored = new Set([...idsOf(romeo.seen), ...idsOf(await server.offline())]);
      await juliet.roundTrip();
      const missing = sent.filter((id) => !stored.has(id) && !juliet.seen.some(returned(id)));
      if (missing.length > 0)
        fail('each returned, stored or delivered', `${missing.length} of ${sent.length} are lost`);
    },
  ),

  check(
    'burst',
    'A client that answers every <r/> survives a burst of thousands of messages',
    { clauses: ['M-10', 'P-1'], level: 'SHOULD', needs: ['stress'], runs: 'alone' },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      const sent = Array.from({ length: VERY_MANY }, server.unique);
      juliet.send(...sent.map((id) => server.message(romeo.jid, id)));
      await romeo.receive('the last message', stanza('message', { id: sent.at(-1) }), 60_000);
    },
  ),

  check(
    'sessions-limit',
    'One account can have so many waiting sessions and no more: the oldest gives way, or the newest is refused',
    { clauses: ['M-7', 'S-2'], level: 'SHOULD', needs: ['stress', 'resumption'], runs: 'alone' },
    async (server) => {
      const sessions: Session[] = [];
      let firstEnds = Number.POSITIVE_INFINITY;
      for (let count = 0; count < MANY; count += 1) {
        const romeo = await server.bound().catch(() => undefined);
        const enabled = await romeo?.enable().catch(() => undefined);
        if (romeo === undefined || enabled === undefined) return; // the server refuses a further session
        if (count === 0) firstEnds = Date.now() + 1000 * Number(enabled.attrs.max ?? Number.POSITIVE_INFINITY);
        sessions.push(romeo.session);
        romeo.cut();
      }
      let left = 0;
      for (const session of sessions) {
        const again = await server.login();
        const answer = await answerTo(again, again.resumeRequest(session));
        if (answer.name === 'resumed') left += 1;
        else session.over = true;
        await again.close();
      }
      if (Date.now() > firstEnds) skip('sessions expire here before so many can be opened');
      if (left === MANY) warn('a limit', `${MANY} sessions of one account wait`);
      if (left === 0) fail('the newest ones to be kept', 'none is');
    },
  ),

  check(
    'resume-guesses',
    'A client that guesses ids is refused each time, or stopped: it harms nobody',
    { clauses: ['R-7', 'S-2'], needs: ['resumption'] },
    async (server) => {
      const romeo = await server.enabled();
      romeo.cut();
      const guesser = await server.login('juliet');
      for (let count = 0; count < 5 && guesser.isOpen(); count += 1) {
        guesser.send(resumeRequest(`previd='guess-${count}' h='0'`));
        await guesser.receive('<failed/>', (element) => anAnswer(element) || streamError(element));
      }
      await server.resumed(romeo.session);
    },
  ),
];
