/** The cases that every client has to pass with every server, over every transport. */
import { afterAll, beforeAll, describe, it, type TestContext } from 'vitest';
import { createCuttingProxy, createRandom, seedFrom } from '../../src/testing.js';
import { type Client, type ClientOptions, type Connect, reasonOf } from './clients/client.js';
import { connectOwn } from './clients/own.js';
import { connectXmppjs } from './clients/xmppjs.js';
import { flow } from './flow.js';
import type { Gentleness } from './gentle-cuts.js';
import {
  type Entrance,
  type Life,
  type Peer,
  type PeerKind,
  QUEUE_LIMIT,
  TRANSPORTS,
  type Transport,
} from './peers/peer.js';
import { createStrandingProxy, type StrandingProxy } from './stranding-proxy.js';

export interface Suite {
  readonly kind: PeerKind;
  /** What cuts the server survives. */
  gentleness(transport: Transport): Gentleness;
}

/** What a test has: the server, and users that no other test has. */
export interface Stage {
  entrance(life: Life): Entrance;
  /** Connects a new user; it is closed when the test is over. */
  join(options: Partial<ClientOptions> & { readonly life: Life }): Promise<Client>;
  newUser(): string;
  onTestFinished(cleanup: () => unknown): void;
}

const CUTS_ARE: Readonly<Record<Gentleness, string>> = {
  any: 'cuts of all kinds, inside elements too',
  whole: 'cuts that leave whole elements with the server',
  calm: 'cuts at which nobody sends',
};
const MESSAGES = 500;
const CUTS = 20;
/** Cuts for which a connection may come back too late. */
const SPARE = 6;
const USERS = 200;
const seed = seedFrom(process.env.SEED);

export const CLIENTS: readonly (readonly [string, Connect])[] = [
  ['xmpp.js with the drop-in', connectXmppjs],
  ['a client of our own', connectOwn],
];

/** Skipped, and says why, when the server is not installed; where `SMACKS_INTEROP=required` that is a failure. */
export const withPeer = (kind: PeerKind, cases: (peer: () => Peer, newUser: () => string) => void): void => {
  if (kind.missing !== undefined && process.env.SMACKS_INTEROP !== 'required') {
    describe.skip(`${kind.name}: skipped, because ${kind.missing}`, () => it('talks to our client', () => {}));
    return;
  }
  describe(`${kind.name}, SEED=${seed}`, () => {
    let peer: Peer | undefined;
    let users = 0;
    const verify = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    beforeAll(async () => {
      if (kind.missing !== undefined) throw new Error(`${kind.name} is required: ${kind.missing}`);
      // xmpp.js has no option for a certificate that no authority signed.
      process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
      peer = await kind.start(USERS);
    });
    afterAll(async () => {
      if (verify === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = verify;
      await peer?.stop();
    });
    cases(
      () => peer ?? fail('the server is not up'),
      () => `user${++users}`,
    );
  });
};

const fail = (why: string): never => {
  throw new Error(why);
};

export const interop = ({ kind, gentleness: gentlenessFor }: Suite): void =>
  withPeer(kind, (peer, newUser) => {
    for (const [client, connect] of CLIENTS) {
      for (const transport of TRANSPORTS) {
        const entrance = (life: Life): Entrance => peer().entrance(transport, life);
        const test = (name: string, run: (stage: Stage, context: TestContext) => Promise<void>): void =>
          it.concurrent(`${client}, over ${transport}: ${name}`, (context) =>
            run(newStage(context, connect, entrance, newUser), context));

        test('enables, and every stanza is acknowledged once (E-5, A-5)', enables);
        test('is cut, resumes, and both sides get the stanzas sent meanwhile, once and in order (R-3, R-5)', resumes);
        test('takes the session over while the server believes that the old connection is alive (R-11)', takesOver);
        test(
          'comes back too late: <failed h/> settles the stanzas that it covers, and a new session follows (R-8, R-15)',
          expires,
        );
        const gentleness = gentlenessFor(transport);
        test(`loses and doubles none of ${MESSAGES} messages each way over ${CUTS} ${CUTS_ARE[gentleness]}`, async (stage, {
          expect,
        }) => {
          const users = [stage.newUser(), stage.newUser()] as const;
          const random = createRandom(seed);
          const options = {
            connect,
            entrance: entrance('long'),
            users,
            messages: MESSAGES,
            cuts: CUTS + SPARE,
            random,
            gentleness,
          };
          const { faults, cuts, directions } = await flow(options);
          // Order is for the servers to keep: ejabberd routes what comes during a takeover anew, behind what is newer.
          expect(
            faults.filter((fault) => !/out of order$|cuts not made$/.test(fault)),
            JSON.stringify(directions),
          ).toEqual([]);
          expect(cuts.made).toBeGreaterThanOrEqual(CUTS);
          expect(directions.map(({ receipts }) => receipts.acked)).toEqual([MESSAGES, MESSAGES]);
          expect(directions.map(({ failedResumptions }) => failedResumptions)).toEqual([0, 0]);
        });
      }
    }
  });

type Case = (stage: Stage, context: TestContext) => Promise<void>;

const enables: Case = async ({ join }, { expect }) => {
  const [romeo, juliet] = [await join({ life: 'long' }), await join({ life: 'long' })];
  expect(romeo.reports.of('enabled')).toMatchObject([{ resumable: true, max: 60 }]);
  await Promise.all(Array.from({ length: 20 }, (_, index) => romeo.send(juliet.jid, `m${index}`).acked));
  await juliet.received(20);
  expect(juliet.messages.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, index) => `m${index}`));
  expect(romeo.reports.of('violation')).toEqual([]);
  expect(romeo.reports.of('toleratedViolation')).toEqual([]);
};

const resumes: Case = async ({ join, entrance, onTestFinished }, { expect }) => {
  const proxy = await createCuttingProxy({ target: { host: '127.0.0.1', port: entrance('long').port } });
  onTestFinished(() => proxy.close());
  const [romeo, juliet] = [await join({ life: 'long', port: proxy.port }), await join({ life: 'long' })];
  for (const round of [1, 2, 3]) {
    const [link] = proxy.connections;
    if (link === undefined) throw new Error('there is no link');
    proxy.refuse();
    await proxy.cut(link, { how: round === 2 ? 'rst' : 'fin' });
    await romeo.reports.nth('hibernationStart', round);
    const receipt = romeo.send(juliet.jid, `back-${round}`);
    await Promise.all([1, 2, 3].map((number) => juliet.send(romeo.jid, `${round}-${number}`).acked));
    proxy.accept();
    await romeo.reports.nth('resumed', round);
    await Promise.all([receipt.acked, romeo.received(round * 3), juliet.received(round)]);
  }
  expect(romeo.messages.map(({ id }) => id)).toEqual(
    [1, 2, 3].flatMap((round) => [1, 2, 3].map((n) => `${round}-${n}`)),
  );
  expect(juliet.messages.map(({ id }) => id)).toEqual(['back-1', 'back-2', 'back-3']);
  expect(romeo.reports.of('enabled')).toHaveLength(1);
  expect(romeo.reports.of('violation')).toEqual([]);
  expect(romeo.reports.of('toleratedViolation')).toEqual([]);
};

const takesOver: Case = async (stage, { expect }) => {
  const proxy = await strandingProxy(stage, 'long');
  const [romeo, juliet] = [await stage.join({ life: 'long', port: proxy.port }), await stage.join({ life: 'long' })];
  const old = proxy.strand('server');
  await juliet.send(romeo.jid, 'into the void').acked;
  const receipt = romeo.send(juliet.jid, 'meanwhile');
  await romeo.reports.nth('resumed');
  await Promise.all([receipt.acked, romeo.received(1), juliet.received(1), old]);
  await juliet.send(romeo.jid, 'afterwards').acked;
  await romeo.received(2);
  expect(romeo.messages.map(({ id }) => id)).toEqual(['into the void', 'afterwards']);
  expect(juliet.messages.map(({ id }) => id)).toEqual(['meanwhile']);
  expect(romeo.reports.of('enabled')).toHaveLength(1);
};

/** The server learns of the loss at once, the client only when the server has given the session up. */
const expires: Case = async (stage, { expect }) => {
  const proxy = await strandingProxy(stage, 'short');
  const patient = { ackIdle: 60, maxAckDelay: 60, deadAfter: 60 };
  const romeo = await stage.join({ life: 'short', port: proxy.port, mechanism: 'PLAIN', policy: patient });
  const juliet = await stage.join({ life: 'short' });
  const first = romeo.send(juliet.jid, 'arrives').acked;
  await juliet.received(1);
  void proxy.strand('client');
  const second = romeo.send(juliet.jid, 'does not').acked;
  await juliet.send(romeo.jid, 'too late').acked;
  await juliet.received(2);
  expect(juliet.messages.at(-1)).toMatchObject({ id: 'too late', type: 'error' });
  proxy.strand('server').catch(() => {});
  await romeo.reports.nth('resumptionFailed');
  expect(romeo.reports.of('resumptionFailed')).toMatchObject([{ condition: 'item-not-found', h: expect.any(Number) }]);
  await first;
  expect(await second.catch(reasonOf)).toBe('resumptionFailed');
  await romeo.reports.nth('enabled', 2);
  const again = romeo.send(juliet.jid, 'anew').acked;
  romeo.probe();
  await Promise.all([again, juliet.received(3)]);
};

export interface Overflowed {
  readonly romeo: Client;
  /** How often it has connected. */
  connections(): number;
}

/** A client that is on its way back to a session for which more has been queued than the server will hold. */
export const overflow = async ({ join, entrance, onTestFinished }: Stage): Promise<Overflowed> => {
  let connections = 0;
  const proxy = await createCuttingProxy({
    target: { host: '127.0.0.1', port: entrance('narrow').port },
    onConnection: () => {
      connections += 1;
    },
  });
  onTestFinished(() => proxy.close());
  const [romeo, juliet] = [await join({ life: 'narrow', port: proxy.port }), await join({ life: 'long' })];
  const [link] = proxy.connections;
  if (link === undefined) throw new Error('there is no link');
  proxy.refuse();
  await proxy.cut(link, { how: 'fin' });
  for (let number = 0; number < QUEUE_LIMIT + 3; number++) await juliet.send(romeo.jid, `m${number}`).acked;
  proxy.accept();
  return { romeo, connections: () => connections };
};

const strandingProxy = async ({ entrance, onTestFinished }: Stage, life: Life): Promise<StrandingProxy> => {
  const proxy = await createStrandingProxy(entrance(life).port);
  onTestFinished(() => proxy.close());
  return proxy;
};

export const newStage = (
  { onTestFinished }: TestContext,
  connect: Connect,
  entrance: (life: Life) => Entrance,
  newUser: () => string,
): Stage => ({
  entrance,
  newUser,
  onTestFinished: (cleanup) => onTestFinished(async () => void (await cleanup())),
  async join({ life, ...rest }) {
    const at = entrance(life);
    const client = await connect({ entrance: at, port: at.port, user: newUser(), resource: 'a', ...rest });
    onTestFinished(() => client.close());
    return client;
  },
});
