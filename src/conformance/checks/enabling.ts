/** `<enable/>` at the right time and at the wrong ones, and what is granted. */
import { check } from '../check.js';
import type { Client } from '../client.js';
import { fail, skip, warn } from '../finding.js';
import { anyOf, failedCondition, sm, summary } from '../wire/conditions.js';
import type { Element } from '../wire/element.js';
import { NS } from '../wire/namespaces.js';

const ENABLE = `<enable xmlns='${NS.sm}' resume='true'/>`;

const answerTo = async (client: Client, enable: string): Promise<Element> => {
  client.send(enable);
  const answer = await client.receive('<enabled/> or <failed/>', anyOf(sm('enabled'), sm('failed')));
  if (answer.name === 'enabled') client.began(answer);
  return answer;
};

/** A refusal that names this condition directly inside `<failed/>`. */
const refused = async (client: Client, request: string, condition: string): Promise<void> => {
  client.send(request);
  const answer = await client.receive(`<failed/> with ${condition}`, anyOf(sm('failed'), sm('enabled'), sm('resumed')));
  if (answer.name !== 'failed' || failedCondition(answer) !== condition)
    fail(`<failed/> with ${condition}`, summary(answer));
};

/** The stream goes on: what is sent next is answered. */
const goesOn = async (client: Client): Promise<void> => void (await client.roundTrip());

export const enabling = [
  check(
    'enable-before-login',
    '<enable/> before login is refused with unexpected-request, and the client can still log in',
    { clauses: ['E-3', 'X-1'] },
    async (server) => {
      const romeo = await server.connect();
      await romeo.begin();
      await refused(romeo, ENABLE, 'unexpected-request');
      await romeo.authenticate();
    },
  ),

  check(
    'enable-before-bind',
    '<enable/> before a resource is bound is refused with unexpected-request',
    { clauses: ['E-3', 'X-1'] },
    async (server) => {
      const romeo = await server.login();
      await refused(romeo, ENABLE, 'unexpected-request');
    },
  ),

  check(
    'enable-before-bind-then-right',
    'After an <enable/> that came too early the client can bind and enable',
    { clauses: ['E-3', 'E-4'] },
    async (server) => {
      const romeo = await server.login();
      await answerTo(romeo, ENABLE);
      await romeo.bind();
      await romeo.enable();
      await goesOn(romeo);
    },
  ),
];

void skip;
void warn;
