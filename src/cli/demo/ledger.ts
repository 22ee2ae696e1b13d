/** The ledger of a direction: the numbers of the sent messages, the arrivals, and the result of each receipt. */

export interface Ledger {
  /**
   * Records that the next message was sent.
   * @returns the number of the message: 1, 2, 3 and so on
   */
  sent(): number;
  /** Records that a message with this number arrived at `at` (milliseconds). */
  delivered(number: number, at: number): void;
  /** Records that the receipt of this message says that the server has it. */
  acked(number: number): void;
  /** Records that the receipt of this message says that it failed, and why. An empty reason counts as no reason. */
  failed(number: number, reason: string): void;
  /** The number of sent messages. */
  readonly count: number;
  /** The number of different messages that arrived. */
  readonly arrived: number;
  /** True when every receipt is settled, and every message that did not fail has arrived. */
  readonly settled: boolean;
  readonly account: Account;
}

/** The account of a direction, in numbers of messages. */
export interface Account {
  readonly sent: number;
  /** Different messages that arrived. */
  readonly delivered: number;
  /** Messages that neither arrived nor failed according to their receipt. */
  readonly lost: number;
  /** Repeated arrivals of a message. */
  readonly doubled: number;
  /** Arrivals after a later message. */
  readonly outOfOrder: number;
  /** Arrivals of messages that were never sent. */
  readonly unknown: number;
  /** The longest time between two arrivals, in milliseconds. */
  readonly longestGap: number;
  readonly receipts: Receipts;
}

export interface Receipts {
  readonly acked: number;
  readonly failed: number;
  readonly pending: number;
  /** Receipts that say acknowledged for a message that did not arrive, or failed without a reason. */
  readonly wrong: number;
}

export const createLedger = (): Ledger => {
  let sent = 0;
  let doubled = 0;
  let outOfOrder = 0;
  let unknown = 0;
  let latest = 0;
  let lastArrival: number | undefined;
  let longestGap = 0;
  const arrived = new Set<number>();
  const acked = new Set<number>();
  const failed = new Map<number, string>();

  const arrives = (number: number, at: number): void => {
    longestGap = Math.max(longestGap, at - (lastArrival ?? at));
    lastArrival = at;
    if (number < latest) outOfOrder += 1;
    latest = Math.max(latest, number);
    arrived.add(number);
  };

  const receipts = (): Receipts => {
    const unfounded = [...acked].filter((number) => !arrived.has(number)).length;
    const unexplained = [...failed.values()].filter((reason) => reason === '').length;
    return {
      acked: acked.size,
      failed: failed.size,
      pending: sent - acked.size - failed.size,
      wrong: unfounded + unexplained,
    };
  };

  const lost = (): number => {
    const excused = [...failed.keys()].filter((number) => !arrived.has(number)).length;
    return sent - arrived.size - excused;
  };

  return {
    sent: () => ++sent,
    delivered(number, at) {
      if (!(number >= 1 && number <= sent)) unknown += 1;
      else if (arrived.has(number)) doubled += 1;
      else arrives(number, at);
    },
    acked: (number) => void acked.add(number),
    failed: (number, reason) => void failed.set(number, reason),
    get count() {
      return sent;
    },
    get arrived() {
      return arrived.size;
    },
    get settled() {
      return acked.size + failed.size === sent && lost() === 0;
    },
    get account() {
      return {
        sent,
        delivered: arrived.size,
        lost: lost(),
        doubled,
        outOfOrder,
        unknown,
        longestGap,
        receipts: receipts(),
      };
    },
  };
};

/** The faults of an account, in words; empty when there are none. */
export const faultsOf = ({ lost, doubled, outOfOrder, unknown, receipts }: Account): readonly string[] => {
  const counts: readonly (readonly [number, string])[] = [
    [lost, 'lost'],
    [doubled, 'doubled'],
    [outOfOrder, 'out of order'],
    [unknown, 'never sent'],
    [receipts.wrong, 'with a wrong receipt'],
    [receipts.pending, 'without a settled receipt'],
  ];
  return counts.filter(([count]) => count > 0).map(([count, fault]) => `${count} ${fault}`);
};
