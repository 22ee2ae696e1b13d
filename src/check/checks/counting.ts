/** Checks of the stanzas that the server's h counts. */
import { type Check, check } from '../check.js';
import type { Client } from '../client.js';
import { fail, warn } from '../finding.js';
import type { Server } from '../server.js';
import { sm, stanza } from '../wire/conditions.js';
import { NS } from '../wire/namespaces.js';
import { answerTo, canBeResumed } from './steps.js';

const sentence = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

const counted = async (client: Client, expected: number): Promise<void> => {
  const count = await client.ask();
  if (count !== expected) fail(`h for ${expected} stanzas`, `h for ${count}`);
};

/** An element, and the number of stanzas that the server must count for it. */
interface Kind {
  readonly id: string;
  readonly name: string;
  readonly counts: 0 | 1;
  xml(server: Server, client: Client): string;
}

const KINDS: readonly Kind[] = [
  { id: 'message', name: 'a message', counts: 1, xml: (server, { jid }) => server.message(jid, server.unique()) },
  {
    id: 'empty-message',
    name: 'a message without content',
    counts: 1,
    xml: (_server, { jid }) => `<message to='${jid}'/>`,
  },
  {
    id: 'presence',
    name: 'presence',
    counts: 1,
    xml: (_server, { jid }) => `<presence to='${jid}' type='unavailable'/>`,
  },
  {
    id: 'iq-get',
    name: 'an IQ request',
    counts: 1,
    xml: ({ domain, unique }) => `<iq type='get' id='${unique()}' to='${domain}'><ping xmlns='urn:xmpp:ping'/></iq>`,
  },
  {
    id: 'iq-result',
    name: 'an IQ result',
    counts: 1,
    xml: ({ domain, unique }) => `<iq type='result' id='${unique()}' to='${domain}'/>`,
  },
  {
    id: 'iq-error',
    name: 'an IQ error',
    counts: 1,
    xml: ({ domain, unique }) =>
      `<iq type='error' id='${unique()}' to='${domain}'><error type='cancel'><item-not-found xmlns='${NS.stanzaErrors}'/></error></iq>`,
  },
  {
    id: 'iq-without-id',
    name: 'an IQ without an id',
    counts: 1,
    xml: ({ domain }) => `<iq type='get' to='${domain}'><ping xmlns='urn:xmpp:ping'/></iq>`,
  },
  {
    id: 'iq-bad-type',
    name: 'an IQ of an unknown type',
    counts: 1,
    xml: ({ domain, unique }) => `<iq type='ask' id='${unique()}' to='${domain}'><ping xmlns='urn:xmpp:ping'/></iq>`,
  },
  {
    id: 'malformed-to',
    name: 'a stanza whose address is malformed',
    counts: 1,
    xml: ({ unique }) => `<message to='@@/' id='${unique()}'><body>x</body></message>`,
  },
  {
    id: 'unknown-user',
    name: 'a message for somebody who does not exist',
    counts: 1,
    xml: (server) => server.message(`nobody-${server.unique()}@${server.domain}`, server.unique()),
  },
  { id: 'white-space', name: 'white space', counts: 0, xml: () => ' \n ' },
  { id: 'a', name: '<a/>', counts: 0, xml: (_server, client) => `<a xmlns='${NS.sm}' h='${client.h(0)}'/>` },
];

export const counting: readonly Check[] = [
  check(
    'count-from-zero',
    'The count starts with <enable/>: what came before is not in it',
    { clauses: ['A-2', 'A-3'] },
    async (server) => {
      const romeo = await server.bound();
      await romeo.roundTrip();
      await romeo.roundTrip();
      await romeo.enable();
      await counted(romeo, 0);
    },
  ),

  ...KINDS.map(({ id, name, counts, xml }) =>
    check(
      `count-${id}`,
      counts === 1 ? `${sentence(name)} counts` : `${sentence(name)} does not count`,
      { clauses: ['A-3'], ...(id === 'white-space' && { needs: ['tcp'] as const }) },
      async (server) => {
        const romeo = await server.enabled();
        romeo.send(xml(server, romeo));
        await counted(romeo, counts);
        romeo.send(server.message(romeo.jid, server.unique()));
        await counted(romeo, counts + 1);
      },
    ),
  ),

  check('count-r', '<r/> does not count, however often it is sent', { clauses: ['A-3', 'A-5'] }, async (server) => {
    const romeo = await server.enabled();
    for (let times = 0; times < 4; times += 1) await counted(romeo, 0);
  }),

  check('count-csi', 'Client state indication does not count', { clauses: ['A-3'], needs: ['csi'] }, async (server) => {
    const romeo = await server.enabled();
    romeo.send(`<inactive xmlns='${NS.csi}'/>`);
    await counted(romeo, 0);
    romeo.send(`<active xmlns='${NS.csi}'/>`, `<inactive xmlns='${NS.csi}'/>`, `<active xmlns='${NS.csi}'/>`);
    await counted(romeo, 0);
  }),

  check(
    'count-other-namespace',
    'An element of another namespace is no stanza, whatever its name',
    { clauses: ['A-3'] },
    async (server) => {
      const romeo = await server.enabled();
      romeo.send("<message xmlns='urn:example:other'><body>x</body></message>", `<r xmlns='${NS.sm}'/>`);
      const answer = await romeo.receive('<a/>, or a stream error', ({ ns, name }) =>
        name === 'a' ? ns === NS.sm : ns === NS.stream && name === 'error',
      );
      if (answer.name === 'a' && answer.attrs.h !== romeo.h(0)) fail(`h='${romeo.h(0)}'`, `h='${answer.attrs.h}'`);
    },
  ),

  check(
    'count-one-write',
    'Stanzas in the same write as <enable/> count',
    { clauses: ['A-2', 'A-1'] },
    async (server) => {
      const romeo = await server.bound();
      romeo.send(
        `<enable xmlns='${NS.sm}' resume='true'/>`,
        '<presence><priority>-1</priority></presence>',
        server.message(romeo.jid, server.unique()),
        `<r xmlns='${NS.sm}'/>`,
      );
      romeo.began(await romeo.receive('<enabled/>', sm('enabled')));
      const { attrs } = await romeo.receive('<a/>', sm('a'));
      if (attrs.h !== romeo.h(2)) fail(`h='${romeo.h(2)}'`, `h='${attrs.h}'`);
    },
  ),

  check('count-many', 'Fifty messages in one write are fifty', { clauses: ['A-3', 'A-5'] }, async (server) => {
    const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
    await server.deliver(romeo, juliet, 50);
    await counted(romeo, 50);
  }),

  check(
    'count-in-pieces',
    'A stanza that arrives in pieces is one',
    { clauses: ['A-3'], needs: ['tcp'] },
    async (server) => {
      const romeo = await server.enabled();
      romeo.answering = false; // an answer to <r/> would break the element
      const id = server.unique();
      const text = server.message(romeo.jid, id);
      romeo.send(text.slice(0, 12));
      await new Promise((resolve) => setTimeout(resolve, 100));
      romeo.send(text.slice(12, 40));
      await new Promise((resolve) => setTimeout(resolve, 100));
      romeo.send(text.slice(40));
      await romeo.receive('the message', stanza('message', { id }));
      await counted(romeo, 1);
    },
  ),

  check(
    'count-half',
    'Half an element that a lost connection leaves is forgotten: the resumed stream is read from its own beginning',
    { clauses: ['A-3', 'R-6'], needs: ['resumption', 'tcp'] },
    async (server) => {
      const romeo = await server.enabled();
      await romeo.roundTrip();
      romeo.answering = false; // an answer to <r/> would break the element
      romeo.send(`<message to='${romeo.jid}' id='half'><bo`);
      await new Promise((resolve) => setTimeout(resolve, 100));
      romeo.cut('end');
      const again = await server.login();
      const { name } = await answerTo(again, again.resumeRequest(romeo.session));
      if (name !== 'resumed') warn('a session that can be resumed', 'it is lost to half an element');
      await again.roundTrip();
      await counted(again, 2);
    },
  ),

  check(
    'count-over-resumption',
    'The count goes on over a resumption',
    { clauses: ['R-6', 'A-3'], needs: ['resumption'] },
    async (server) => {
      const romeo = await server.enabled();
      await romeo.roundTrip();
      await romeo.roundTrip();
      romeo.cut();
      const again = await canBeResumed(server, romeo.session);
      await counted(again, 2);
      await again.roundTrip();
      await counted(again, 3);
      again.cut();
      const thrice = await canBeResumed(server, romeo.session);
      await thrice.roundTrip();
      await counted(thrice, 4);
    },
  ),
];
