/** Checks of the end of streams. */
import { type Check, check } from '../check.js';
import { fail } from '../finding.js';
import { NS } from '../wire/namespaces.js';
import { canBeResumed, cannotBeResumed } from './steps.js';

export const closing: readonly Check[] = [
  check('close-answered', 'A closed stream is closed by the server too', { clauses: ['C-1'] }, async (server) => {
    const romeo = await server.enabled();
    romeo.leave();
    const { closed, error } = await romeo.ended('</stream:stream>');
    if (error !== undefined) fail('</stream:stream> alone', 'a stream error');
    if (!closed) fail('</stream:stream>', 'the connection was closed without it');
  }),

  check(
    'close-resumed',
    'A resumed session that is then closed is over',
    { clauses: ['C-1', 'R-17'], needs: ['resumption'] },
    async (server) => {
      const romeo = await server.enabled();
      romeo.cut();
      const again = await canBeResumed(server, romeo.session);
      await again.roundTrip();
      await again.close();
      await cannotBeResumed(server, romeo.session);
    },
  ),

  check(
    'close-behind-stanzas',
    'Stanzas in the same write as the end of the stream are handled before it',
    { clauses: ['C-1', 'A-10'] },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      const id = server.unique();
      romeo.leave(server.message(juliet.jid, id));
      await juliet.receive('the message', ({ name, attrs }) => name === 'message' && attrs.id === id);
    },
  ),

  check(
    'error-then-resume',
    'A stream that ended with an error for what the client sent does not break the server for its user',
    { clauses: ['X-2', 'S-3'] },
    async (server) => {
      const romeo = await server.enabled();
      romeo.send(`<message to='${romeo.jid}'><body></message>`);
      await romeo.ended('the stream to end');
      const again = await server.enabled();
      await again.roundTrip();
    },
  ),

  check(
    'websocket-close',
    '<close/> is answered with <close/>, and ends the session',
    { clauses: ['C-1'], needs: ['websocket', 'resumption'] },
    async (server) => {
      const romeo = await server.enabled();
      await romeo.roundTrip();
      romeo.leave();
      const { closed } = await romeo.ended('<close/>');
      if (!closed) fail('<close/>', 'the WebSocket was closed without it');
      await cannotBeResumed(server, romeo.session);
    },
  ),

  check(
    'websocket-lost',
    'A WebSocket that is closed without <close/> leaves a session that can be resumed',
    { clauses: ['C-2'], needs: ['websocket', 'resumption'] },
    async (server) => {
      const romeo = await server.enabled();
      await romeo.roundTrip();
      romeo.cut('end');
      await canBeResumed(server, romeo.session);
    },
  ),

  check(
    'websocket-frames',
    'Each element comes in a message of its own that declares its namespace, also what comes again',
    { clauses: ['R-4', 'A-3'], needs: ['websocket', 'resumption'] },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.cut();
      await server.queue(juliet, romeo.jid, 3);
      const again = await canBeResumed(server, romeo.session);
      await again.roundTrip();
      const foreign = again.seen.find(
        ({ name, ns }) => ['message', 'presence', 'iq'].includes(name) && ns !== NS.client,
      );
      if (foreign !== undefined)
        fail(`stanzas of ${NS.client}`, foreign.ns === '' ? 'one without a namespace' : foreign.ns);
    },
  ),
];
