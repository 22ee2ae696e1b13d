/** What comes again after `<resumed/>`. */
import { type Check, check } from '../check.js';
import { fail, warn } from '../finding.js';
import { idsOf } from '../server.js';
import { isStanza, sm, stanza } from '../wire/conditions.js';
import { NS } from '../wire/namespaces.js';
import { repeated } from './acks.js';
import { canBeResumed, delaysOf, placeOf, places, same } from './steps.js';

const needs = ['resumption'] as const;

export const replay: readonly Check[] = [
  check(
    'replay-unacked',
    'Stanzas that were sent and not acknowledged come again, in order',
    { clauses: ['R-4', 'R-5'], needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.answering = false;
      const sent = await server.deliver(juliet, romeo, 5);
      romeo.cut();
      const again = await canBeResumed(server, romeo.session, 0);
      const came = await repeated(again, sent);
      if (!same(came, sent)) fail('number 1, 2, 3, 4, 5', places(came, sent));
    },
  ),

  check(
    'replay-queued',
    'Stanzas that arrived while the client was away come, in order, the last one too',
    { clauses: ['R-4'], needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.cut();
      const sent = await server.queue(juliet, romeo.jid, 5);
      const again = await canBeResumed(server, romeo.session);
      const came = await repeated(again, sent);
      if (!same(came, sent)) fail('number 1, 2, 3, 4, 5', places(came, sent));
    },
  ),

  check(
    'replay-both',
    'What was unacknowledged comes before what arrived since',
    { clauses: ['R-4'], needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.answering = false;
      const before = await server.deliver(juliet, romeo, 3);
      romeo.cut();
      const sent = [...before, ...(await server.queue(juliet, romeo.jid, 3))];
      const again = await canBeResumed(server, romeo.session, 0);
      const came = await repeated(again, sent);
      if (!same(came, sent)) fail('number 1, 2, 3, 4, 5, 6', places(came, sent));
    },
  ),

  check(
    'replay-partial',
    'The h of <resume/> acknowledges: only what it does not cover comes again',
    { clauses: ['R-5'], needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.answering = false;
      const sent = await server.deliver(juliet, romeo, 5);
      romeo.cut();
      const again = await canBeResumed(server, romeo.session, 2);
      const came = await repeated(again, sent);
      if (!same(came, sent.slice(2))) fail('number 3, 4, 5', places(came, sent));
    },
  ),

  check(
    'replay-nothing',
    'When h covers everything nothing comes again',
    { clauses: ['R-5'], needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.answering = false;
      const sent = await server.deliver(juliet, romeo, 4);
      romeo.cut();
      const again = await canBeResumed(server, romeo.session, 4);
      const came = await repeated(again, sent);
      if (came.length > 0) fail('none', places(came, sent));
    },
  ),

  check(
    'replay-after-resumed',
    '<resumed/> comes first, the stanzas behind it',
    { clauses: ['R-4'], needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.cut();
      await server.queue(juliet, romeo.jid, 3);
      const again = await canBeResumed(server, romeo.session);
      await again.roundTrip();
      if (placeOf(again, isStanza) < placeOf(again, sm('resumed'))) fail('<resumed/> first', 'a stanza before it');
    },
  ),

  check(
    'replay-before-newer',
    'Nothing newer overtakes what comes again',
    { clauses: ['R-4'], needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.cut();
      const old = await server.queue(juliet, romeo.jid, 10);
      const again = await server.login();
      const resumed = again.resume(romeo.session);
      const sent = [...old, ...Array.from({ length: 10 }, server.unique)];
      for (const id of sent.slice(10)) juliet.send(server.message(romeo.jid, id));
      await resumed;
      await again.receive('the newest message', stanza('message', { id: sent.at(-1) }));
      const came = idsOf(again.seen);
      if (!same(came, sent)) fail('number 1 to 20', places(came, sent));
    },
  ),

  check(
    'replay-kinds',
    'Messages, presence and IQs all come again, in the order in which they were sent',
    { clauses: ['R-4'], needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.cut();
      const [one, two, three, four] = [server.unique(), server.unique(), server.unique(), server.unique()];
      juliet.send(
        server.message(romeo.jid, one),
        `<presence to='${romeo.jid}' id='${two}'/>`,
        `<iq type='get' id='${three}' to='${romeo.jid}'><query xmlns='jabber:iq:version'/></iq>`,
        server.message(romeo.jid, four),
      );
      await juliet.roundTrip();
      const again = await canBeResumed(server, romeo.session);
      await again.receive('the last message', stanza('message', { id: four }));
      const came = again.seen.filter(isStanza).map(({ attrs }) => attrs.id ?? '');
      const sent = [one, two, three, four];
      if (!same(came, sent)) fail('message, presence, IQ, message', places(came, sent));
    },
  ),

  check(
    'replay-unaltered',
    'A stanza that comes again is the one that was sent: same id, sender, address, type and content',
    { clauses: ['R-4'], needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.cut();
      const id = server.unique();
      const body = "&lt;&amp;&gt; 'quoted' \u{1F339}  ";
      juliet.send(
        `<message to='${romeo.jid}' id='${id}' type='chat' xml:lang='it'><body>${body}</body><x xmlns='urn:example:x' a='1'><y/></x></message>`,
      );
      await juliet.roundTrip();
      const again = await canBeResumed(server, romeo.session);
      const { attrs, children } = await again.receive('the message', stanza('message', { id }));
      const text = children.find(({ name }) => name === 'body')?.text;
      const x = children.find(({ ns }) => ns === 'urn:example:x');
      const right = attrs.from === juliet.jid && attrs.to === romeo.jid && attrs.type === 'chat';
      if (!right || text !== "<&> 'quoted' \u{1F339}  " || x?.attrs.a !== '1' || x.children[0]?.name !== 'y')
        fail('the message as it was sent', 'another');
    },
  ),

  check(
    'replay-then-asks',
    'Behind what comes again the server asks whether it has arrived',
    { clauses: ['P-1', 'R-4'], level: 'SHOULD', needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.cut();
      const sent = await server.queue(juliet, romeo.jid, 3);
      const again = await canBeResumed(server, romeo.session);
      await again.receive('<r/>', sm('r'));
      if (placeOf(again, sm('r')) < placeOf(again, stanza('message', { id: sent.at(-1) })))
        fail('<r/> behind the last stanza', '<r/> before it');
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
    'replay-one-delay',
    'However often a stanza comes again, it is stamped with one delay at most',
    { clauses: ['A-12'], needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.cut();
      const [id = ''] = await server.queue(juliet, romeo.jid, 1);
      for (let times = 0; times < 2; times += 1) {
        const again = await server.login();
        again.answering = false;
        await again.resume(romeo.session, 0);
        const message = await again.receive('the message', stanza('message', { id }));
        const delays = delaysOf(message);
        if (delays.length > 1) fail('one <delay/> at most', `${delays.length}`);
        const { stamp } = delays[0]?.attrs ?? {};
        if (stamp !== undefined && Number.isNaN(Date.parse(stamp))) fail('a time in <delay/>', stamp);
        again.cut();
      }
    },
  ),

  check(
    'replay-no-delay-on-iq',
    'An IQ that comes again bears no delay',
    { clauses: ['A-12'], level: 'SHOULD', needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.cut();
      const id = server.unique();
      juliet.send(`<iq type='get' id='${id}' to='${romeo.jid}'><query xmlns='jabber:iq:version'/></iq>`);
      await juliet.roundTrip();
      const again = await canBeResumed(server, romeo.session);
      const iq = await again.receive('the IQ', stanza('iq', { id }));
      if (delaysOf(iq).length > 0) warn('no <delay/>', 'one');
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
