/** Bad times: they go round all sessions, and whoever has one is cut every few hundred milliseconds. */
import { anyCut } from '../../src/cli/demo/cuts.js';
import type { Cut, ProxiedLink, Random } from '../../src/testing.js';
import type { Member } from './member.js';
import { BAD_SHARE, CUT_AFTER, EARLY_CUT_AFTER, EARLY_CUTS, MOST_AWAY, ROUND, SILENT_CUTS } from './pace.js';

export interface Cutter {
  /** Cuts what is due. @param elapsed seconds since the run began */
  tick(members: readonly Member[], elapsed: number): void;
  /** A connection is being made: it may be cut before its session is back. */
  connected(member: Member, link: ProxiedLink): void;
  /** No more cuts. Resolves when those that wait for their bytes are made. */
  stop(): Promise<void>;
  /** Cuts that were made, by kind. */
  readonly made: Readonly<Record<Cut['how'], number>>;
  /** Of those: on a connection that was only coming back. */
  readonly early: number;
}

/** @param isSpared asked before each cut */
export const createCutter = (random: Random, isSpared: (member: Member) => boolean): Cutter => {
  const made = { between: 0, inside: 0, fin: 0, rst: 0, 'half-open': 0 };
  const due = new Map<Member, number>();
  let early = 0;
  let running = true;
  const pending = new Set<Promise<boolean>>();

  const cut = async (member: Member, link: ProxiedLink, how: Cut): Promise<boolean> => {
    if (!running || isSpared(member)) return false;
    const making = member.cut(link, how);
    pending.add(making);
    const isMade = await making;
    pending.delete(making);
    if (isMade) made[how.how] += 1;
    return isMade;
  };

  const look = (member: Member, now: number): void => {
    const { link } = member;
    if (!member.isLive || link === undefined) return;
    const at = due.get(member);
    if (at === undefined) due.set(member, now + random.integer(...CUT_AFTER));
    else if (now >= at) {
      due.delete(member);
      void cut(member, link, random.chance(SILENT_CUTS) ? { how: 'half-open' } : loudCut(random));
    }
  };

  return {
    made,
    get early() {
      return early;
    },
    tick(members, elapsed) {
      const now = Date.now();
      if (members.filter(({ isLive }) => !isLive).length > members.length * MOST_AWAY) return;
      members.forEach((member, index) => {
        if (hasBadTime(index / members.length, elapsed)) look(member, now);
        else due.delete(member);
      });
    },
    connected(member, link) {
      if (!running || member.enabled === 0 || !random.chance(EARLY_CUTS)) return;
      setTimeout(
        async () => {
          if (await cut(member, link, loudCut(random))) early += 1;
        },
        random.integer(...EARLY_CUT_AFTER),
      );
    },
    async stop() {
      running = false;
      await Promise.all(pending);
    },
  };
};

/** @param place of a session among all, from 0 to 1 */
const hasBadTime = (place: number, elapsed: number): boolean => (place + elapsed / ROUND) % 1 < BAD_SHARE;

const loudCut = (random: Random): Cut => {
  const cut = anyCut(random);
  return cut.how === 'half-open' ? { how: 'rst' } : cut;
};
