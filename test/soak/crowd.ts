/** All clients of a run. They talk in pairs, each in its turn. */
import type { Report } from '../../src/index.js';
import type { Random } from '../../src/testing.js';
import { Member, type MemberOptions } from './member.js';
import { BATCH, DEFERRED, HANDLED_AFTER } from './pace.js';
import type { Start } from './sample.js';

export interface Crowd {
  readonly members: readonly Member[];
  /** Reports that tell of a fault, by name. */
  readonly faults: Readonly<Record<string, number>>;
  /** Messages that were sent in turn so far. */
  readonly turns: number;
  /** The next in turn sends a message to its partner. */
  sendNext(): void;
  /** Every receipt has spoken, and everybody has a connection. */
  readonly isSettled: boolean;
  /** Every message has arrived that was not returned. */
  readonly isDelivered: boolean;
  close(): Promise<void>;
}

/** Resolves when everybody has a session. */
export const gather = async (
  users: Start['users'],
  shared: Pick<MemberOptions, 'transport' | 'port' | 'reconnectDelay' | 'onConnection'>,
  /** Of those that handle later; undefined when nobody does. */
  deferral: Random | undefined,
): Promise<Crowd> => {
  const members: Member[] = [];
  const faults: Record<string, number> = {};
  let turns = 0;

  const onReport = ({ type }: Report): void => {
    if (FAULTS.has(type)) faults[type] = (faults[type] ?? 0) + 1;
  };
  for (let from = 0; from < users.length; from += BATCH) {
    const batch = users.slice(from, from + BATCH);
    members.push(
      ...(await Promise.all(
        batch.map((account, n) => {
          const mechanism = n % 2 === 0 ? 'PLAIN' : 'SCRAM-SHA-1';
          const handledAfter = deferral?.chance(DEFERRED) ? () => deferral.integer(...HANDLED_AFTER) : undefined;
          return Member.connect({ ...account, mechanism, ...shared, handledAfter, onReport });
        }),
      )),
    );
  }

  return {
    members,
    faults,
    get turns() {
      return turns;
    },
    sendNext() {
      const sender = turns % members.length;
      const [from, to] = [members[sender], members[sender ^ 1]];
      if (to !== undefined) void from?.sendTo(to);
      turns += 1;
    },
    get isSettled() {
      return members.every(({ open, isLive }) => open === 0 && isLive);
    },
    get isDelivered() {
      return members.every(({ incoming }) => incoming.settled);
    },
    async close() {
      await Promise.all(members.map((member) => member.close()));
    },
  };
};

/** What no session may report, whatever is cut. */
const FAULTS: ReadonlySet<Report['type']> = new Set([
  'resumptionFailed',
  'refused',
  'expired',
  'returned',
  'violation',
  'toleratedViolation',
  'misuse',
]);
