import { describe, expect, it } from 'vitest';
import { uint32 } from '../../src/index.js';
import { createRandom, type Random, seedFrom } from '../../src/testing/random.js';
import type { Cut, CuttingProxy, ProxiedLink } from '../../src/testing.js';
import { message, type RawClient } from '../support/raw-client.js';
import {
  CAPULET,
  MONTAGUE,
  startTwoServers,
  TO_CAPULET,
  TO_MONTAGUE,
  type TwoServers,
} from '../support/two-servers.js';

const seed = seedFrom(process.env.SEED);
const CUTS = 30;
/** Seconds: a link that is dead without a word is found out soon. */
const QUICK = { ackIdle: 0.02, maxAckDelay: 0.3, deadAfter: 0.5 };

describe(`two servers whose streams are cut ${CUTS} times, SEED=${seed}`, () => {
  it.each([
    { name: 'from 0', initialCount: uint32(0) },
    { name: 'across 2^32', initialCount: uint32(-3) },
  ])(
    'lose, double and reorder no stanza in either direction, and resume, with counts that are $name (M-9, A-4, R-4, R-5, R-6, R-17)',
    async ({ initialCount }) => {
      const servers = await startTwoServers({ policy: { ...QUICK, initialCount } });
      const { montague, capulet } = servers;
      const random = createRandom(seed);
      const romeo = await montague.bound('romeo', 'a');
      const juliet = await capulet.bound('juliet', 'a');
      let sent = 0;
      const talk = (count: number): void => {
        for (let i = 0; i < count; i++) {
          sent += 1;
          romeo.write(message(`juliet@${CAPULET}/a`, `m${sent}`));
          juliet.write(message(`romeo@${MONTAGUE}/a`, `m${sent}`));
        }
      };
      talk(1);
      await Promise.all([montague.reported('enabled', TO_CAPULET), capulet.reported('enabled', TO_MONTAGUE)]);
      await Promise.all([romeo, juliet].map((client) => client.heard(/id="m1"/)));
      for (let cuts = 0; cuts < CUTS; cuts++) {
        // Half of the cuts find streams that are up; the others find whatever there is, dialback and replay too.
        const isUp = cuts % 2 === 0;
        if (isUp) {
          // What was sent before may have arrived ahead of the last cut; only what is sent now needs a stream that is up now.
          talk(1);
          await Promise.all([arrival(romeo, sent), arrival(juliet, sent)]);
        }
        const proxy = random.pick([servers.toCapulet, servers.toMontague]);
        const cut = proxy.cut(await anyLink(proxy, isUp), anyCut(random, isUp));
        talk(random.integer(1, 6));
        await cut;
        talk(random.integer(0, 3));
      }
      talk(1);
      await Promise.all([arrival(romeo, sent), arrival(juliet, sent)]);
      const numbers = Array.from({ length: sent }, (_, index) => `m${index + 1}`);
      expect(messages(juliet)).toEqual(numbers);
      expect(messages(romeo)).toEqual(numbers);
      expectResumed(servers);
    },
  );
});

const expectResumed = ({ montague, capulet }: TwoServers): void => {
  const initiating = [montague.of('resumed', TO_CAPULET), capulet.of('resumed', TO_MONTAGUE)].flat();
  expect(initiating.length).toBeGreaterThanOrEqual(CUTS / 3);
  expect(initiating.some(({ replayed }) => replayed > 0)).toBe(true);
  for (const session of [TO_CAPULET, TO_MONTAGUE]) {
    for (const host of [montague, capulet]) {
      expect(host.of('enabled', session)).toHaveLength(1);
      expect(host.of('returned', session)).toEqual([]);
      expect(host.of('resumptionFailed', session)).toEqual([]);
      expect(host.of('misuse', session)).toEqual([]);
    }
  }
};

/** The newest, or the one that has carried most: that is the session's, for dialback has connections of its own. */
const anyLink = async (proxy: CuttingProxy, most: boolean): Promise<ProxiedLink> => {
  await expect.poll(() => proxy.connections.length, { interval: 2 }).toBeGreaterThan(0);
  const links = [...proxy.connections];
  if (most) links.sort((a, b) => a.bytes.up - b.bytes.up);
  return links.at(-1) ?? expect.fail('there is no link');
};

/** Silent only where stream management finds it out: dialback would wait for the negotiation time. */
const anyCut = (random: Random, isUp: boolean): Cut => {
  const direction = random.pick(['up', 'down'] as const);
  return random.pick([
    { how: 'rst' },
    { how: 'fin' },
    { how: isUp ? 'half-open' : 'rst' },
    { how: 'between', direction },
    { how: 'inside', direction, keepBytes: random.integer(1, 400) },
  ] as const);
};

/** An attempt that fails is made again later and later. */
const arrival = (client: RawClient, count: number): Promise<void> =>
  expect.poll(() => messages(client).at(-1), { interval: 2 }).toBe(`m${count}`);

const messages = ({ ids }: RawClient): readonly string[] => ids.filter((id) => id !== 'bind');
