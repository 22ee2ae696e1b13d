/** Checks of stream management inside SASL2 (XEP-0388) and BIND2 (XEP-0386), as section 9 of XEP-0198 defines it. */
import { type Check, check } from '../check.js';
import type { Client } from '../client.js';
import { fail, skip } from '../finding.js';
import { idsOf, type Server } from '../server.js';
import { failedCondition, stanza, summary } from '../wire/conditions.js';
import { childOf, type Element } from '../wire/element.js';
import { NS } from '../wire/namespaces.js';
import { canBeResumed, QUIET, refused, resumeRequest } from './steps.js';

const BIND = (inside = ''): string => `<bind xmlns='${NS.bind2}'><tag>check</tag>${inside}</bind>`;
const ENABLE = `<enable xmlns='${NS.sm}' resume='true'/>`;

const isFeatures = ({ ns, name }: Element): boolean => ns === NS.stream && name === 'features';

/** Logs in by SASL2 with these elements inside `<authenticate/>`. @returns the client and `<success/>` */
const enter = async (server: Server, who: 'romeo' | 'juliet', ...inside: readonly string[]) => {
  const client = await server.connect(who);
  const success = await client.authenticateInline(...inside);
  return { client, success };
};

const inSuccess = (success: Element, name: string): Element =>
  childOf(success, name, NS.sm) ?? fail(`<${name}/> in <success/>`, contentsOf(success));

const inBound = (success: Element, name: string): Element => {
  const bound = childOf(success, 'bound', NS.bind2) ?? fail('<bound/> in <success/>', contentsOf(success));
  return childOf(bound, name, NS.sm) ?? fail(`<${name}/> in <bound/>`, contentsOf(bound));
};

const contentsOf = ({ children }: Element): string => children.map(({ name }) => `<${name}/>`).join(' ') || 'nothing';

/** Creates a client whose session the server enabled inline. */
const enabledInline = async (server: Server): Promise<Client> => {
  const { client, success } = await enter(server, 'romeo', BIND(ENABLE));
  client.bound(childOf(success, 'authorization-identifier')?.text ?? '');
  client.began(inBound(success, 'enabled'));
  return client;
};

export const inline: readonly Check[] = [
  check(
    'inline-features',
    'SASL2 announces resumption, and BIND2 stream management',
    { clauses: ['I-1'], needs: ['sasl2'] },
    async (server) => {
      if (!server.facts.inlineResume) fail("<sm xmlns='urn:xmpp:sm:3'/> inline in SASL2", 'none');
      if (!server.facts.inlineEnable) fail("<feature var='urn:xmpp:sm:3'/> in BIND2", 'none');
    },
  ),

  check(
    'inline-enable',
    '<enable/> inside <bind/> is answered with <enabled/> inside <bound/>',
    { clauses: ['I-1', 'E-4', 'E-5'], needs: ['inline-enable'] },
    async (server) => {
      const { client, success } = await enter(server, 'romeo', BIND(ENABLE));
      const enabled = inBound(success, 'enabled');
      client.bound(childOf(success, 'authorization-identifier')?.text ?? '');
      client.began(enabled);
      if (client.session.smId === null) fail("resume='true' and an id", 'neither');
    },
  ),

  check(
    'inline-enable-features',
    'Stream features follow <success/> when no session was resumed',
    { clauses: ['I-2', 'F-1'], needs: ['inline-enable'] },
    async (server) => {
      const { client } = await enter(server, 'romeo', BIND(ENABLE));
      await client.receive('stream features', isFeatures);
    },
  ),

  check(
    'inline-enable-counts',
    'A session that began inline counts from <success/>, and can be resumed',
    { clauses: ['A-2', 'I-1'], needs: ['inline-enable', 'resumption'] },
    async (server) => {
      const client = await enabledInline(server);
      await client.roundTrip();
      await client.roundTrip();
      if ((await client.ask()) !== 2) fail('h for 2 stanzas', 'another');
      client.cut();
      await canBeResumed(server, client.session);
    },
  ),

  check(
    'inline-enable-twice',
    '<enable/> after an inline one is a second one: it is refused',
    { clauses: ['E-9', 'I-1'], needs: ['inline-enable'] },
    async (server) => {
      const client = await enabledInline(server);
      await refused(client, ENABLE, 'unexpected-request');
      await client.roundTrip();
    },
  ),

  check(
    'inline-enable-refused',
    'An inline <enable/> that is refused is answered with <failed/> inside <bound/>, and the resource is bound',
    { clauses: ['I-4', 'X-1'], needs: ['inline-enable'] },
    async (server) => {
      const { client, success } = await enter(server, 'romeo', BIND(`<enable xmlns='${NS.sm}' resume='nonsense'/>`));
      const bound = childOf(success, 'bound', NS.bind2) ?? fail('<bound/> in <success/>', contentsOf(success));
      client.bound(childOf(success, 'authorization-identifier')?.text ?? '');
      const enabled = childOf(bound, 'enabled', NS.sm);
      if (enabled !== undefined) client.began(enabled);
      if (enabled !== undefined) return skip("it is not refused: resume='nonsense' is taken for false");
      const failed = inBound(success, 'failed');
      if (failedCondition(failed) === undefined) fail('<failed/> with a condition', summary(failed));
      await client.roundTrip();
    },
  ),

  check(
    'inline-bind-alone',
    'Who binds inline without <enable/> can enable afterwards',
    { clauses: ['E-4'], needs: ['inline-enable'] },
    async (server) => {
      const { client, success } = await enter(server, 'romeo', BIND());
      client.bound(childOf(success, 'authorization-identifier')?.text ?? '');
      await client.enable();
      await client.roundTrip();
    },
  ),

  check(
    'inline-resume',
    '<resume/> inside <authenticate/> is answered with <resumed/> inside <success/>',
    { clauses: ['I-2', 'R-4'], needs: ['inline-resume', 'resumption'] },
    async (server) => {
      const romeo = await server.enabled();
      await romeo.roundTrip();
      romeo.cut();
      const client = await server.connect();
      const success = await client.authenticateInline(client.resumeRequest(romeo.session));
      const { attrs } = inSuccess(success, 'resumed');
      client.tookOver();
      if (attrs.previd !== romeo.session.smId) fail('previd of the session', attrs.previd ?? 'no previd');
      if (attrs.h !== client.h(1)) fail(`h='${client.h(1)}'`, `h='${attrs.h}'`);
      await client.roundTrip();
    },
  ),

  check(
    'inline-resume-no-features',
    'No stream features follow an inline resumption',
    { clauses: ['I-2'], needs: ['inline-resume', 'resumption'] },
    async (server) => {
      const romeo = await server.enabled();
      romeo.cut();
      const client = await server.connect();
      const success = await client.authenticateInline(client.resumeRequest(romeo.session));
      inSuccess(success, 'resumed');
      client.tookOver();
      await client.silent('no stream features', isFeatures, QUIET);
      await client.roundTrip();
    },
  ),

  check(
    'inline-resume-replays',
    'Behind <success/> comes what was not acknowledged',
    { clauses: ['I-2', 'R-4'], needs: ['inline-resume', 'resumption'] },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.cut();
      const sent = await server.queue(juliet, romeo.jid, 3);
      const client = await server.connect();
      const success = await client.authenticateInline(client.resumeRequest(romeo.session));
      inSuccess(success, 'resumed');
      client.tookOver();
      await client.receive('the last message', stanza('message', { id: sent.at(-1) }));
      const came = idsOf(client.seen);
      if (came.join() !== sent.join()) fail('3 messages, in order', `${came.length}`);
    },
  ),

  check(
    'inline-resume-before-bind',
    'When it resumes, a <bind/> beside the <resume/> is ignored',
    { clauses: ['I-2'], needs: ['inline-resume', 'inline-enable', 'resumption'] },
    async (server) => {
      const romeo = await server.enabled();
      romeo.cut();
      const client = await server.connect();
      const success = await client.authenticateInline(client.resumeRequest(romeo.session), BIND(ENABLE));
      inSuccess(success, 'resumed');
      client.tookOver();
      if (childOf(success, 'bound', NS.bind2) !== undefined) fail('no <bound/>', 'one');
      await client.roundTrip();
    },
  ),

  check(
    'inline-resume-refused',
    'A refused inline <resume/> is <failed/> inside <success/>, and <bind/> with <enable/> goes ahead',
    { clauses: ['I-3', 'X-1'], needs: ['inline-resume', 'inline-enable'] },
    async (server) => {
      const { client, success } = await enter(
        server,
        'romeo',
        resumeRequest("previd='no-such-session' h='0'"),
        BIND(ENABLE),
      );
      const failed = inSuccess(success, 'failed');
      if (failedCondition(failed) !== 'item-not-found') fail('<failed/> with item-not-found', summary(failed));
      client.bound(childOf(success, 'authorization-identifier')?.text ?? '');
      client.began(inBound(success, 'enabled'));
      await client.roundTrip();
    },
  ),

  check(
    'inline-resume-foreign',
    "Another user's session is refused inline too, and stays",
    { clauses: ['R-12', 'I-3'], needs: ['inline-resume', 'resumption'] },
    async (server) => {
      const romeo = await server.enabled();
      romeo.cut();
      const request = resumeRequest(`previd='${romeo.session.smId}' h='0'`);
      const { success } = await enter(server, 'juliet', request);
      if (failedCondition(inSuccess(success, 'failed')) !== 'item-not-found')
        fail('item-not-found', 'another condition');
      await canBeResumed(server, romeo.session);
    },
  ),

  check(
    'inline-resume-without-h',
    'An inline <resume/> without h is refused, and the login goes on',
    { clauses: ['I-3', 'R-5'], needs: ['inline-resume', 'resumption'] },
    async (server) => {
      const romeo = await server.enabled();
      romeo.cut();
      const { client, success } = await enter(server, 'romeo', resumeRequest(`previd='${romeo.session.smId}'`));
      inSuccess(success, 'failed');
      await client.receive('stream features', isFeatures);
    },
  ),
];
