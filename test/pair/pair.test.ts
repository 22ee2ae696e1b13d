import { describe, expect, it } from 'vitest';
import { createRandom, seedFrom } from '../../src/testing/random.js';
import { isDeep, rounds } from '../support/effort.js';
import { faultsOf, type Kind, type Life, live } from './schedule.js';

const seed = seedFrom(process.env.SEED);
const SCHEDULES = rounds(400);

interface Tally {
  resumptions: number;
  failed: number;
  undisturbed: number;
  stanzas: number;
}

const kinds: readonly (Kind & { readonly name: string; readonly losesSessions: boolean })[] = [
  { name: 'cuts anywhere (R-4, R-5, R-6, R-17)', losesSessions: false },
  { name: 'cuts and counters that pass 2^32 (A-4)', nearWrap: true, losesSessions: false },
  { name: 'handling that is deferred, in any order (A-14)', deferred: true, nearWrap: true, losesSessions: false },
  { name: 'links that die in silence (P-2, R-11)', halfOpen: true, losesSessions: false },
  { name: 'sessions that expire (R-8, R-15, M-2)', timeouts: true, losesSessions: true },
  {
    name: 'logins that carry <resume/> and <enable/> (I-2, I-3, I-5)',
    inline: true,
    nearWrap: true,
    losesSessions: false,
  },
  {
    name: 'peers that are inactive, and stanzas held back from them (P-3)',
    idle: true,
    nearWrap: true,
    losesSessions: false,
  },
  {
    name: 'all of these at once',
    idle: true,
    deferred: true,
    nearWrap: true,
    halfOpen: true,
    timeouts: true,
    inline: true,
    losesSessions: true,
  },
];

describe(`a client and a server on links that break, SEED=${seed}`, () => {
  for (const [index, { name, losesSessions, ...kind }] of kinds.entries()) {
    it(`acknowledge, return or keep every stanza exactly once over ${SCHEDULES} schedules of ${name}`, async () => {
      const random = createRandom((seed + index) % 2 ** 32);
      const tally: Tally = { resumptions: 0, failed: 0, undisturbed: 0, stanzas: 0 };
      for (let schedule = 0; schedule < SCHEDULES; schedule++) {
        const life = await live(random, kind);
        const faults = faultsOf(life);
        if (faults.length > 0) {
          expect({ faults, log: life.log }, `schedule ${schedule}, SEED=${seed}`).toEqual({ faults: [], log: [] });
        }
        count(tally, life);
      }
      expect(tally.resumptions).toBeGreaterThan(isDeep ? SCHEDULES / 2 : 0);
      expect(tally.undisturbed).toBeGreaterThan(isDeep && !losesSessions ? SCHEDULES / 4 : 0);
      if (isDeep && losesSessions) expect(tally.failed).toBeGreaterThan(SCHEDULES / 80);
    });
  }
});

const count = (tally: Tally, { ledgers, pair }: Life): void => {
  const names = pair.client.reports.map((report) => report.type);
  tally.resumptions += names.filter((name) => name === 'resumed').length;
  tally.failed += names.filter((name) => name === 'resumptionFailed').length;
  tally.stanzas += ledgers.reduce((total, { sent }) => total + sent.length, 0);
  const lossless = ledgers.every(({ from, to, sent }) => {
    const inOrder = JSON.stringify(to.delivered.map(({ key }) => key)) === JSON.stringify(sent);
    return from.returned.length === 0 && inOrder;
  });
  if (lossless) tally.undisturbed += 1;
};
