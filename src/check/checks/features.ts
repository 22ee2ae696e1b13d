/** Checks of the stream features: what the server announces, and when. */
import { check } from '../check.js';
import { fail } from '../finding.js';
import { childOf } from '../wire/element.js';
import { NS } from '../wire/namespaces.js';

export const features = [
  check(
    'feature-after-login',
    'Stream management is announced beside bind once the client has logged in',
    { clauses: ['F-1'] },
    async (server) => {
      const romeo = await server.login();
      if (childOf(romeo.features, 'sm', NS.sm) === undefined) fail("<sm xmlns='urn:xmpp:sm:3'/>", 'none');
      if (childOf(romeo.features, 'bind', NS.bind) === undefined) fail('<bind/> beside <sm/>', 'none');
    },
  ),

  check(
    'feature-not-before-login',
    'Stream management is not announced before the client has logged in',
    { clauses: ['F-1'] },
    async (server) => {
      const romeo = await server.connect();
      await romeo.begin();
      if (childOf(romeo.features, 'sm', NS.sm) !== undefined) fail('no <sm/> before login', 'it is there');
    },
  ),

  check('feature-once', 'The feature is announced once', { clauses: ['F-1'] }, async (server) => {
    const romeo = await server.login();
    const count = romeo.features.children.filter(({ name, ns }) => name === 'sm' && ns === NS.sm).length;
    if (count !== 1) fail('one <sm/> of urn:xmpp:sm:3', `${count}`);
  }),
];
