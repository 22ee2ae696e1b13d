/** Now and then a member sends its partner more at once than the host's queue takes: the host has to slow it down. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../src/testing.js';
import type { Member } from './member.js';
import { BOTH_WAYS, BURST, CALM, FLOOD_EVERY } from './pace.js';

export interface Floods {
  /** Begins what is due. @param elapsed seconds since the run began */
  tick(members: readonly Member[], elapsed: number): void;
  /** A burst is on its way to this member, or was a moment ago. */
  reach(member: Member): boolean;
  /** Bursts so far. */
  readonly bursts: number;
}

export const createFloods = (random: Random, isOn: boolean): Floods => {
  const receivers = new Set<Member>();
  let bursts = 0;
  let due = FLOOD_EVERY;

  const flood = async (from: Member, to: Member): Promise<void> => {
    receivers.add(to);
    bursts += 1;
    await Promise.all(Array.from({ length: BURST }, () => from.sendTo(to)));
    await delay(CALM, undefined, { ref: false });
    receivers.delete(to);
  };

  return {
    tick(members, elapsed) {
      if (!isOn || elapsed < due) return;
      const first = random.integer(0, members.length - 1);
      const [from, to] = [members[first], members[first ^ 1]];
      if (!from?.isSteady || !to?.isSteady || receivers.has(from) || receivers.has(to)) return;
      due = elapsed + FLOOD_EVERY;
      void flood(from, to);
      if (random.chance(BOTH_WAYS)) void flood(to, from);
    },
    reach: (member) => receivers.has(member),
    get bursts() {
      return bursts;
    },
  };
};
