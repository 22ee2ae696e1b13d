/** Checks of the presence that other clients see: a user is available until the session ends, and no longer. */
import { type Check, check } from '../check.js';
import type { Client } from '../client.js';
import { fail } from '../finding.js';
import { type Server, sleep } from '../server.js';
import { type Match, stanza } from '../wire/conditions.js';
import { NS } from '../wire/namespaces.js';
import { answerTo, canBeResumed, QUIET, resumeRequest } from './steps.js';

const needs = ['resumption'] as const;

/** A presence whose negative priority keeps messages for the bare JID away from the client. */
const AVAILABLE = '<presence><priority>-1</priority></presence>';

/** An available client, a second client of the same user, and a contact who received directed presence. */
interface Scene {
  readonly romeo: Client;
  /** The second client and the contact; both see the presence. */
  readonly watchers: readonly { readonly who: string; readonly client: Client }[];
  readonly gone: Match;
}

const scene = async (server: Server, attributes?: string): Promise<Scene> =>
  appear(server, await watchersOf(server), attributes);

/** Creates a second client of romeo, and a client of juliet. */
const watchersOf = async (server: Server): Promise<Scene['watchers']> => {
  const own = await server.bound();
  own.send(AVAILABLE);
  await own.receive('its own presence', stanza('presence', { from: own.jid }));
  const juliet = await server.bound('juliet');
  juliet.send(AVAILABLE);
  return [
    { who: 'another resource', client: own },
    { who: 'a contact', client: juliet },
  ];
};

/** A client of romeo becomes available, and every watcher sees its presence. */
const appear = async (server: Server, watchers: Scene['watchers'], attributes?: string): Promise<Scene> => {
  const romeo = await server.enabled('romeo', attributes);
  const contacts = watchers.filter(({ client }) => client.account !== romeo.account);
  romeo.send(AVAILABLE, ...contacts.map(({ client }) => `<presence to='${client.jid}'/>`));
  for (const { who, client } of watchers)
    await client.receive(`presence, seen by ${who}`, stanza('presence', { from: romeo.jid, type: undefined }));
  return { romeo, watchers, gone: stanza('presence', { from: romeo.jid, type: 'unavailable' }) };
};

/** No watcher receives unavailable presence from romeo during this time. */
const nobodyHears = async ({ watchers, gone }: Scene, during = QUIET): Promise<void> => {
  await Promise.all(watchers.map(({ who, client }) => client.silent(`nothing seen by ${who}`, gone, during)));
};

/** Each watcher receives unavailable presence from romeo exactly once. */
const eachHearsOnce = async ({ watchers, gone }: Scene, within?: number): Promise<void> => {
  await Promise.all(
    watchers.map(async ({ who, client }) => {
      await client.receive(`unavailable presence, seen by ${who}`, gone, within);
      await sleep(QUIET / 2);
      const count = client.seen.filter(gone).length;
      if (count !== 1) fail(`unavailable presence once, seen by ${who}`, `${count} times`);
    }),
  );
};

export const presence: readonly Check[] = [
  check(
    'presence-hibernating',
    'While a session waits for its client nobody is told that the user has gone',
    { clauses: ['C-2'], needs },
    async (server) => {
      const stage = await scene(server);
      stage.romeo.cut();
      await nobodyHears(stage);
    },
  ),

  check(
    'presence-resumed',
    'A resumption is not seen by anybody',
    { clauses: ['C-2', 'R-4'], needs },
    async (server) => {
      const stage = await scene(server);
      stage.romeo.cut();
      const again = await canBeResumed(server, stage.romeo.session);
      await again.roundTrip();
      await nobodyHears(stage);
    },
  ),

  check(
    'presence-takeover',
    'A session that goes over from a live connection to a new one is not seen to have gone',
    { clauses: ['R-11'], needs },
    async (server) => {
      const stage = await scene(server);
      const again = await canBeResumed(server, stage.romeo.session);
      await again.roundTrip();
      await nobodyHears(stage);
    },
  ),

  check(
    'presence-race',
    'When two clients resume one session at once nobody is told that the user has gone',
    { clauses: ['R-11'], needs },
    async (server) => {
      const watchers = await watchersOf(server);
      // The outcome of the race varies, so the check runs it several times.
      for (let times = 0; times < 6; times += 1) {
        const stage = await appear(server, watchers);
        const { session } = stage.romeo;
        const both = await Promise.all([server.login(), server.login()]);
        stage.romeo.cut();
        for (const client of both)
          client.send(resumeRequest(`previd='${session.smId}' h='${client.h(session.received)}'`));
        const first = both.map((client) =>
          client.receive('an answer', ({ ns, name }) => ns === NS.sm && ['resumed', 'failed'].includes(name)),
        );
        await Promise.all(first.map((answer) => answer.catch(() => undefined)));
        await nobodyHears(stage, QUIET / 3);
        await Promise.all(both.map((client) => client.close()));
      }
    },
  ),

  check(
    'presence-refused',
    'A <resume/> that is refused is not seen by anybody either',
    { clauses: ['R-5', 'R-12'], needs },
    async (server) => {
      const stage = await scene(server);
      stage.romeo.cut();
      const { smId } = stage.romeo.session;
      const juliet = await server.login('juliet');
      await answerTo(juliet, resumeRequest(`previd='${smId}' h='0'`));
      const bound = await server.bound();
      await answerTo(bound, resumeRequest(`previd='${smId}' h='0'`));
      await nobodyHears(stage);
    },
  ),

  check(
    'presence-kept',
    'A resumed client is still available: who comes later sees it',
    { clauses: ['R-4', 'R-13'], needs },
    async (server) => {
      const stage = await scene(server);
      stage.romeo.cut();
      const again = await canBeResumed(server, stage.romeo.session);
      await again.roundTrip();
      const late = await server.bound();
      late.send(AVAILABLE);
      await late.receive(
        'presence of the resumed client',
        stanza('presence', { from: stage.romeo.jid, type: undefined }),
      );
    },
  ),

  check('presence-close', 'A closed stream is seen at once, and once', { clauses: ['C-1'] }, async (server) => {
    const stage = await scene(server);
    await stage.romeo.close();
    await eachHearsOnce(stage);
  }),

  check(
    'presence-close-resumed',
    'A resumed client that closes its stream is seen to go, also by those to whom it sent presence before',
    { clauses: ['C-1', 'R-4'], needs },
    async (server) => {
      const stage = await scene(server);
      stage.romeo.cut();
      const again = await canBeResumed(server, stage.romeo.session);
      await again.roundTrip();
      await again.close();
      await eachHearsOnce(stage);
    },
  ),

  check(
    'presence-lost',
    'The loss of a session that cannot be resumed is seen at once, and once',
    { clauses: ['C-3'] },
    async (server) => {
      const stage = await scene(server, '');
      stage.romeo.cut();
      await eachHearsOnce(stage);
    },
  ),

  check(
    'presence-expired',
    'When a session expires this is seen once',
    { clauses: ['M-2', 'C-2'], needs: ['expiry'] },
    async (server) => {
      const stage = await scene(server, server.brief);
      stage.romeo.cut();
      await eachHearsOnce(stage, server.patience + 1000 * (server.facts.lifetime ?? 0));
    },
  ),
];
