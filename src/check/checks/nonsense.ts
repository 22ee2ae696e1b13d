/** Checks of elements of stream management in places where they have no meaning. */
import { type Check, check } from '../check.js';
import { fail } from '../finding.js';
import { sm } from '../wire/conditions.js';
import { NS } from '../wire/namespaces.js';
import { canBeResumed } from './steps.js';

/** Elements that only a server sends, and an unknown element. */
const STRANGE: Readonly<Record<string, string>> = {
  enabled: `<enabled xmlns='${NS.sm}' id='x' resume='true'/>`,
  resumed: `<resumed xmlns='${NS.sm}' previd='x' h='0'/>`,
  failed: `<failed xmlns='${NS.sm}'><item-not-found xmlns='${NS.stanzaErrors}'/></failed>`,
  unknown: `<unknown xmlns='${NS.sm}'/>`,
};

export const nonsense: readonly Check[] = [
  ...['r', 'a'].map((name) =>
    check(
      `${name}-before-enable`,
      `<${name}/> before <enable/> is refused or ignored, and the stream goes on`,
      { clauses: ['X-2'], level: 'SHOULD' },
      async (server) => {
        const romeo = await server.bound();
        romeo.send(name === 'r' ? `<r xmlns='${NS.sm}'/>` : `<a xmlns='${NS.sm}' h='0'/>`);
        await romeo.roundTrip();
        romeo.forget(sm('failed'));
        await romeo.enable();
      },
    ),
  ),

  ...Object.entries(STRANGE).map(([name, xml]) =>
    check(
      `${name}-from-client`,
      `<${name}/> from a client is refused or ignored, and the stream goes on`,
      { clauses: ['X-2'], level: 'SHOULD' },
      async (server) => {
        const romeo = await server.enabled();
        romeo.send(xml);
        await romeo.roundTrip();
      },
    ),
  ),

  check(
    'nonsense-harmless',
    'What a client may not say moves no counter and costs no session',
    { clauses: ['X-2', 'A-3'], needs: ['resumption'] },
    async (server) => {
      for (const xml of Object.values(STRANGE)) {
        const romeo = await server.enabled();
        await romeo.roundTrip();
        romeo.send(xml, `<r xmlns='${NS.sm}'/>`);
        const answer = await romeo.receive('<a/>, or a stream error', ({ ns, name }) =>
          name === 'a' ? ns === NS.sm : ns === NS.stream && name === 'error',
        );
        if (answer.name === 'error') continue; // the check above covers a stream error
        if (answer.attrs.h !== romeo.h(1))
          fail(`h='${romeo.h(1)}'`, `h='${answer.attrs.h}' after ${xml.split(' ')[0]}/>`);
        romeo.cut();
        const again = await canBeResumed(server, romeo.session);
        again.forget(sm('a'));
        if ((await again.ask()) !== 1) fail('h for 1 stanza', 'another');
      }
    },
  ),
];
