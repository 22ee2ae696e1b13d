/** Checks of `<enable/>` at the right time and at wrong times, and of the values that the server grants. */
import { type Check, check } from '../check.js';
import { fail, skip, warn } from '../finding.js';
import { summary } from '../wire/conditions.js';
import { NS } from '../wire/namespaces.js';
import { answerTo, canBeResumed, refused } from './steps.js';

const enable = (attributes = ''): string => `<enable xmlns='${NS.sm}' ${attributes}/>`;

export const enabling: readonly Check[] = [
  check(
    'enable-before-login',
    '<enable/> before login is refused with unexpected-request',
    { clauses: ['E-3', 'X-1'] },
    async (server) => {
      const romeo = await server.connect();
      await romeo.begin();
      await refused(romeo, enable(), 'unexpected-request');
    },
  ),

  check(
    'enable-before-login-harmless',
    'After an <enable/> before login the client can still log in, bind and enable',
    { clauses: ['E-3'] },
    async (server) => {
      const romeo = await server.connect();
      await romeo.begin();
      await answerTo(romeo, enable());
      await romeo.authenticate();
      await romeo.bind();
      await romeo.enable();
    },
  ),

  check(
    'enable-before-bind',
    '<enable/> before a resource is bound is refused with unexpected-request',
    { clauses: ['E-3', 'X-1'] },
    async (server) => {
      const romeo = await server.login();
      await refused(romeo, enable(), 'unexpected-request');
    },
  ),

  check(
    'enable-before-bind-harmless',
    'After an <enable/> that came before binding the client can bind and enable',
    { clauses: ['E-3', 'E-4'] },
    async (server) => {
      const romeo = await server.login();
      await answerTo(romeo, enable("resume='true'"));
      await romeo.bind();
      await romeo.enable();
      await romeo.roundTrip();
    },
  ),

  check(
    'enable-behind-bind',
    'A bind request, <enable/> and <r/> in one write are all answered',
    { clauses: ['E-4', 'A-5'] },
    async (server) => {
      const romeo = await server.login();
      const bind = `<iq type='set' id='bind'><bind xmlns='${NS.bind}'/></iq>`;
      const answer = await answerTo(romeo, bind, enable(), `<r xmlns='${NS.sm}'/>`);
      if (answer.name !== 'enabled') fail('<enabled/>', summary(answer));
      await romeo.receive('<a/>', ({ ns, name }) => ns === NS.sm && name === 'a');
    },
  ),

  check(
    'enable-plain',
    'Who does not ask for resumption gets <enabled/> without an id',
    { clauses: ['E-4', 'E-5'] },
    async (server) => {
      const romeo = await server.bound();
      const { id, resume } = await romeo.enable('').then(({ attrs }) => attrs);
      if (id !== undefined || ['true', '1'].includes(resume ?? ''))
        fail('<enabled/> alone', 'a session that can be resumed');
    },
  ),

  check(
    'enable-resumable',
    "Who asks for resumption gets resume='true' and an id together, or neither",
    { clauses: ['E-5'] },
    async (server) => {
      const romeo = await server.bound();
      const { attrs } = await romeo.enable("resume='true'");
      const resume = ['true', '1'].includes(attrs.resume ?? '');
      if (resume !== (attrs.id !== undefined && attrs.id !== ''))
        fail('resume and id together', resume ? 'resume without id' : 'id without resume');
    },
  ),

  check(
    'enable-resume-1',
    "resume='1' means the same as resume='true'",
    { clauses: ['E-10', 'E-5'], needs: ['resumption'] },
    async (server) => {
      const romeo = await server.enabled('romeo', "resume='1'");
      if (romeo.session.smId === null) fail('a session that can be resumed', 'one that cannot');
      romeo.cut();
      await canBeResumed(server, romeo.session);
    },
  ),

  ...["resume='false'", "resume='0'"].map((attributes) =>
    check(
      `enable-${attributes.replaceAll(/[='"]+/g, '-').replace(/-$/, '')}`,
      `${attributes} asks for no resumption`,
      { clauses: ['E-10', 'E-5'] },
      async (server) => {
        const romeo = await server.bound();
        const { attrs } = await romeo.enable(attributes);
        if (attrs.id !== undefined || ['true', '1'].includes(attrs.resume ?? ''))
          fail('<enabled/> without an id', 'a session that can be resumed');
      },
    ),
  ),

  check(
    'enable-resume-spaced',
    "White space around a boolean is collapsed: resume=' true ' is true",
    { clauses: ['E-10'], level: 'SHOULD', needs: ['resumption'] },
    async (server) => {
      const romeo = await server.enabled('romeo', "resume=' true '");
      if (romeo.session.smId === null) fail('a session that can be resumed', 'one that cannot');
    },
  ),

  check(
    'enable-resume-nonsense',
    "resume='yes' is not true: it is refused, or grants no resumption",
    { clauses: ['E-10'], level: 'SHOULD' },
    async (server) => {
      const romeo = await server.bound();
      const answer = await answerTo(romeo, enable("resume='yes'"));
      if (answer.name === 'enabled' && romeo.session.smId !== null)
        fail('<failed/>, or <enabled/> without an id', 'a session that can be resumed');
      await romeo.roundTrip();
    },
  ),

  check(
    'enable-twice-refused',
    'A second <enable/> is refused with unexpected-request, or ends the stream with an error',
    { clauses: ['E-9'] },
    async (server) => {
      const romeo = await server.enabled();
      romeo.send(enable("resume='true'"));
      const answer = await romeo.receive(
        '<failed/> with unexpected-request, or a stream error',
        ({ ns, name }) =>
          (ns === NS.sm && ['failed', 'enabled'].includes(name)) || (ns === NS.stream && name === 'error'),
      );
      if (answer.name === 'error') return;
      const found = summary(answer);
      if (found !== '<failed/> with unexpected-request') fail('<failed/> with unexpected-request', found);
    },
  ),

  check(
    'enable-twice-harmless',
    'A second <enable/> changes nothing in the running session: its count goes on, and it can be resumed',
    { clauses: ['E-9'], needs: ['resumption'] },
    async (server) => {
      const romeo = await server.enabled();
      await romeo.roundTrip();
      romeo.send(enable("resume='true'"));
      await romeo.receive('an answer to the second <enable/>', ({ ns, name }) =>
        name === 'error' ? ns === NS.stream : ns === NS.sm && ['failed', 'enabled'].includes(name),
      );
      if (romeo.session.over) return; // the specification allows a stream error
      await romeo.roundTrip();
      const count = await romeo.ask();
      if (count !== 2) fail('h for 2 stanzas', `h for ${count}`);
      romeo.cut();
      await canBeResumed(server, romeo.session);
    },
  ),

  check(
    'enable-max-wish',
    'No more time is granted than the client asks for',
    { clauses: ['E-6'], level: 'SHOULD', needs: ['resumption'] },
    async (server) => {
      const romeo = await server.bound();
      const { attrs } = await romeo.enable("resume='true' max='3'");
      if (attrs.max === undefined) skip('the server does not say how long it keeps a session');
      if (Number(attrs.max) > 3) fail("max='3' at most", `max='${attrs.max}'`);
    },
  ),

  check(
    'enable-max-form',
    'The time that is granted is a positive whole number',
    { clauses: ['E-6', 'E-12'], needs: ['resumption'] },
    async (server) => {
      const romeo = await server.bound();
      const { attrs } = await romeo.enable();
      if (attrs.max !== undefined && !/^\s*\+?0*[1-9]\d*\s*$/.test(attrs.max))
        fail('a positive whole number', attrs.max);
    },
  ),

  check(
    'enable-max-huge',
    'A huge wish is cut down to what the server allows',
    { clauses: ['E-6', 'E-12'], needs: ['resumption'] },
    async (server) => {
      const [romeo, juliet] = [await server.bound(), await server.bound('juliet')];
      const usual = await romeo.enable().then(({ attrs }) => attrs.max);
      const huge = await juliet.enable("resume='true' max='4294967295'").then(({ attrs }) => attrs.max);
      if (usual === undefined || huge === undefined) skip('the server does not say how long it keeps a session');
      if (Number(huge) > YEAR) fail('a time that ends', `max='${huge}'`);
      if (Number(huge) < Number(usual)) warn(`at least what is granted without a wish, ${usual} s`, `${huge} s`);
    },
  ),

  ...Object.entries({ zero: '0', negative: '-1', fraction: '1.5', word: 'long', endless: '9'.repeat(30) }).map(
    ([name, max]) =>
      check(
        `enable-max-${name}`,
        `max='${max.length > 9 ? '999...' : max}' neither breaks the stream nor makes a session endless`,
        { clauses: ['E-12'] },
        async (server) => {
          const romeo = await server.bound();
          const answer = await answerTo(romeo, enable(`resume='true' max='${max}'`));
          const granted = answer.attrs.max;
          if (granted !== undefined && !(Number(granted) >= 0 && Number(granted) <= YEAR))
            fail('a time that ends', `max='${granted}'`);
          await romeo.roundTrip();
        },
      ),
  ),

  check(
    'enable-location',
    'A location is a host name or an address, with or without a port',
    { clauses: ['E-7'] },
    async (server) => {
      const romeo = await server.bound();
      const { attrs } = await romeo.enable();
      if (attrs.location === undefined) return skip('no location is given');
      if (!/^(\[[0-9a-f:.]+\]|[^:[\]\s/]+)(:\d{1,5})?$/i.test(attrs.location))
        fail('HOST, HOST:PORT or [IPv6]:PORT', attrs.location);
    },
  ),
];

/** A year in seconds. */
const YEAR = 366 * 86_400;
