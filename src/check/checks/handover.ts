/** Checks of stanzas in flight while a session moves from one connection to another. */
import { type Check, check } from '../check.js';
import type { Client } from '../client.js';
import { fail } from '../finding.js';
import { idsOf, type Server } from '../server.js';
import { stanza } from '../wire/conditions.js';
import { NS } from '../wire/namespaces.js';
import { repeated } from './acks.js';
import { canBeResumed, places, same } from './steps.js';

const needs = ['resumption'] as const;

export const handover: readonly Check[] = [
  check(
    'replay-before-newer',
    'Nothing newer overtakes what comes again',
    { clauses: ['R-4'], needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.cut();
      const old = await server.queue(juliet, romeo.jid, 20);
      const again = await server.login();
      await again.resume(romeo.session);
      await inOrder(server, juliet, again, old);
    },
  ),

  check(
    'replay-before-newest',
    'What arrives at the very moment of a resumption does not overtake what comes again',
    { clauses: ['R-4', 'R-11'], needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.cut();
      const old = await server.queue(juliet, romeo.jid, 10);
      const again = await server.login();
      const resumed = again.resume(romeo.session);
      await Promise.all([resumed, inOrder(server, juliet, again, old)]);
    },
  ),

  check(
    'replay-acknowledged',
    'What came again and was then acknowledged does not come a third time',
    { clauses: ['R-6', 'R-5'], needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.cut();
      const sent = await server.queue(juliet, romeo.jid, 3);
      const again = await canBeResumed(server, romeo.session);
      await again.receive('the last message', stanza('message', { id: sent.at(-1) }));
      again.acknowledge();
      await again.ask();
      again.cut();
      const thrice = await canBeResumed(server, romeo.session);
      const came = await repeated(thrice, sent);
      if (came.length > 0) fail('none', places(came, sent));
    },
  ),

  check(
    'replay-counted-once',
    'A stanza that comes again is not counted again: one more than was sent is too high',
    { clauses: ['R-6', 'A-8'], level: 'SHOULD', needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.answering = false;
      const sent = await server.deliver(juliet, romeo, 3);
      romeo.cut();
      const again = await server.login();
      again.answering = false;
      await again.resume(romeo.session, 0);
      await again.receive('the last message', stanza('message', { id: sent.at(-1) }));
      again.send(`<a xmlns='${NS.sm}' h='${again.h(4)}'/>`);
      await again.ended('a stream that ends, because 4 of 3 were acknowledged');
    },
  ),

  check(
    'replay-broken',
    'A connection that is lost while stanzas come again loses none of them: all come once more',
    { clauses: ['R-17', 'R-4'], needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.cut();
      const sent = await server.queue(juliet, romeo.jid, 6);
      for (let times = 0; times < 2; times += 1) {
        const again = await server.login();
        again.answering = false;
        await again.resume(romeo.session, 0);
        again.cut('reset');
      }
      const last = await canBeResumed(server, romeo.session, 0);
      const came = await repeated(last, sent);
      if (!same(came, sent)) fail('number 1 to 6', places(came, sent));
    },
  ),

  check(
    'replay-answer',
    "The server's own answer to an IQ comes too when the connection was lost meanwhile",
    { clauses: ['R-4', 'A-3'], needs },
    async (server) => {
      const romeo = await server.enabled();
      const id = server.unique();
      romeo.send(`<iq type='get' id='${id}' to='${server.domain}'><ping xmlns='urn:xmpp:ping'/></iq>`);
      romeo.answering = false;
      await romeo.receive('the answer', stanza('iq', { id }));
      romeo.cut();
      const again = await canBeResumed(server, romeo.session, 0);
      await again.receive('the answer once more', stanza('iq', { id }));
    },
  ),

  check(
    'replay-takeover',
    'When a live session goes over to a new connection nothing is lost and nothing doubled',
    { clauses: ['R-11', 'R-4'], needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.answering = false;
      const before = await server.deliver(juliet, romeo, 3);
      const again = await server.login();
      const during = Array.from({ length: 6 }, server.unique);
      for (const id of during.slice(0, 3)) juliet.send(server.message(romeo.jid, id));
      const resumed = again.resume(romeo.session, 3);
      for (const id of during.slice(3)) juliet.send(server.message(romeo.jid, id));
      await resumed;
      for (const id of during) await again.receive(`message ${during.indexOf(id) + 1} of 6`, stanza('message', { id }));
      await again.roundTrip();
      const sent = [...before, ...during];
      const came = idsOf(again.seen);
      if (came.length !== 6) fail('number 4 to 9, once each', places(came, sent));
    },
  ),

  check(
    'replay-inactive',
    'What is held back from an inactive client is not lost with its connection',
    { clauses: ['R-4', 'P-3'], needs: ['resumption', 'csi'] },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.answering = false;
      romeo.send(`<inactive xmlns='${NS.csi}'/>`);
      await romeo.ask();
      const sent = [server.unique(), server.unique()];
      juliet.send(`<presence to='${romeo.jid}' id='${sent[0]}'/>`, server.message(romeo.jid, sent[1] ?? ''));
      await juliet.roundTrip();
      romeo.cut();
      const again = await canBeResumed(server, romeo.session, 0);
      await again.receive('the message', stanza('message', { id: sent[1] }));
      await again.receive('the presence', stanza('presence', { id: sent[0] }));
    },
  ),
];

/** Sends ten more messages and expects them after the old messages, in order. */
const inOrder = async (server: Server, juliet: Client, romeo: Client, old: readonly string[]): Promise<void> => {
  const sent = [...old, ...Array.from({ length: 10 }, server.unique)];
  for (const id of sent.slice(old.length)) juliet.send(server.message(romeo.jid, id));
  await romeo.receive('the newest message', stanza('message', { id: sent.at(-1) }));
  const came = idsOf(romeo.seen);
  if (!same(came, sent)) fail(`number 1 to ${sent.length}`, places(came, sent));
};
