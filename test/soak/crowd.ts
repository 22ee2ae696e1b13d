/** All clients of a run. They talk in pairs, each in its turn. */
import type { Report } from '../../src/index.js';
import type { Cutter } from './cutter.js';
import { Member, type Transport } from './member.js';
import { BATCH } from './pace.js';
import type { Start } from './sample.js';

export interface Crowd {
  readonly members: readonly Member[];
  /** Reports that tell of a fault, by name. */
  readonly faults: Readonly<Record<string, number>>;
  /** Messages sent so far. */
  readonly sent: number;
  /** The next in turn sends a message to its partner. */
  sendNext(): void;
  /** Every message has arrived, every receipt has spoken, and everybody has a connection. */
  readonly isSettled: boolean;
  close(): Promise<void>;
}

/** Resolves when everybody has a session. */
export const gather = async (
  users: Start['users'],
  transport: Transport,
  port: number,
  cutter: Cutter,
): Promise<Crowd> => {
  const members: Member[] = [];
  const faults: Record<string, number> = {};
  let sent = 0;

  const onReport = ({ type }: Report): void => {
    if (FAULTS.has(type)) faults[type] = (faults[type] ?? 0) + 1;
  };
  for (let from = 0; from < users.length; from += BATCH) {
    const batch = users.slice(from, from + BATCH);
    members.push(
      ...(await Promise.all(
        batch.map((account) =>
          Member.connect({ ...account, transport, port, onReport, onConnection: cutter.connected }),
        ),
      )),
    );
  }

  return {
    members,
    faults,
    get sent() {
      return sent;
    },
    sendNext() {
      const sender = sent % members.length;
      const [from, to] = [members[sender], members[sender ^ 1]];
      if (to !== undefined) from?.sendTo(to);
      sent += 1;
    },
    get isSettled() {
      return members.every(({ incoming, isLive }) => incoming.settled && isLive);
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
