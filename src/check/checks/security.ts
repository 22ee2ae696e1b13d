/** Checks of SM-IDs and of hostile input. */
import { type Check, check } from '../check.js';
import { fail, warn } from '../finding.js';
import { type Server, sleep } from '../server.js';
import { streamError } from '../wire/conditions.js';
import { QUIET } from './steps.js';

const needs = ['resumption'] as const;

const smIds = async (server: Server, count: number): Promise<readonly string[]> => {
  const clients = await Promise.all(Array.from({ length: count }, () => server.enabled()));
  return clients.map(({ session }) => session.smId ?? fail('an id', 'none'));
};

/** XML that XMPP forbids, inside a message. */
const FORBIDDEN: Readonly<Record<string, { readonly what: string; readonly xml: string }>> = {
  comment: { what: 'A comment', xml: '<!-- a comment -->' },
  instruction: { what: 'A processing instruction', xml: '<?an instruction?>' },
  entity: { what: 'A reference to an entity that nobody declared', xml: '&unknown;' },
  doctype: { what: 'A document type declaration', xml: '<!DOCTYPE x [<!ENTITY y "z">]>' },
  'bad-nesting': { what: 'An element that overlaps another', xml: '<x><y></x></y>' },
  control: { what: 'A control character', xml: '\u0001' },
};

export const security: readonly Check[] = [
  check('smid-unique', 'Every session has an id of its own', { clauses: ['R-2'], needs }, async (server) => {
    const ids = [...(await smIds(server, 2)), ...(await smIds(server, 1))];
    if (new Set(ids).size !== ids.length) fail('ids that differ', 'the same twice');
  }),

  check(
    'smid-length',
    'An id has 4000 bytes at most, and one at least',
    { clauses: ['R-2'], needs },
    async (server) => {
      const [id = ''] = await smIds(server, 1);
      const bytes = Buffer.byteLength(id);
      if (bytes < 1 || bytes > 4000) fail('1 to 4000 bytes', `${bytes}`);
    },
  ),

  check(
    'smid-random',
    'Ids cannot be guessed: what differs between two of them has room for 64 random bits',
    { clauses: ['R-2'], level: 'SHOULD', needs },
    async (server) => {
      const [one = '', two = ''] = await smIds(server, 2);
      const differing = [...one].filter((letter, place) => letter !== two[place]).length;
      // A letter of base64 carries six bits; two random letters are equal once in 64 times, so the limit is a little below 64 bits.
      if (differing * 6 < 60) warn('64 bits', `${differing} letters that differ`);
    },
  ),

  check(
    'smid-secret',
    'The id is not the id of the stream, which is no secret, and does not contain it',
    { clauses: ['R-2'], level: 'SHOULD', needs },
    async (server) => {
      const romeo = await server.enabled();
      const stream = romeo.streamId() ?? '';
      if (stream.length > 3 && romeo.session.smId?.includes(stream))
        warn('an id of its own', 'it has the id of the stream in it');
    },
  ),

  check(
    'smid-after-close',
    'The id of a session that is over is not given to another one',
    { clauses: ['R-2'], needs },
    async (server) => {
      const romeo = await server.enabled();
      await romeo.close();
      const [id] = await smIds(server, 1);
      if (id === romeo.session.smId) fail('another id', 'the same');
    },
  ),

  ...Object.entries(FORBIDDEN).map(([name, { what, xml }]) =>
    check(`xml-${name}`, `${what} ends the stream with an error`, { clauses: ['S-3'] }, async (server) => {
      const romeo = await server.enabled();
      romeo.send(`<message to='${romeo.jid}' id='${server.unique()}'><body>${xml}</body></message>`);
      romeo.send(`<r xmlns='urn:xmpp:sm:3'/>`);
      await romeo.receive('a stream error', streamError);
      await romeo.ended('the stream to be closed');
    }),
  ),

  check(
    'xml-deep',
    'Ten thousand elements inside each other harm nobody else',
    { clauses: ['S-3'], needs: ['stress'], runs: 'last' },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.send(`<message to='${romeo.jid}'>${'<x>'.repeat(10_000)}${'</x>'.repeat(10_000)}</message>`);
      await juliet.roundTrip();
      await sleep(2 * QUIET);
      await juliet.roundTrip();
      await server.enabled();
    },
  ),
];
