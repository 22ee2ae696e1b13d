/** Checks of the stanzas that the server sends again after `<resumed/>`. */
import { type Check, check } from '../check.js';
import { fail, warn } from '../finding.js';
import { isStanza, sm, stanza } from '../wire/conditions.js';
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
];
