/** What is wrong with a run, in words. */
import { type Account, faultsOf } from '../../src/cli/demo/ledger.js';
import { flatnessOf } from './memory.js';
import { ROUND } from './pace.js';
import type { SoakResult } from './run.js';

/** @returns nothing when all went well. While the store fails, sessions may be lost: then each message has to have one fate at its sender */
export const faultsIn = (result: SoakResult): readonly string[] => {
  const { accounts, enabled, resumed, faults, seconds, readings, end, bursts, isStoreFailing } = result;
  const total = totalOf(accounts);
  const slowed = bursts > 0 && end.full === 0 ? ['no queue of the host was full'] : [];
  if (isStoreFailing) return [...fatesIn(total), ...slowed];
  const never = resumed.filter((times) => times === 0).length;
  const counts: readonly (readonly [number, string])[] = [
    [total.receipts.failed, 'returned to their senders'],
    [enabled - resumed.length, 'sessions begun anew'],
    [seconds < ROUND ? 0 : never, 'sessions never resumed'],
    [end.store.live + end.store.hibernating + end.store.remembered, 'entries left in the store'],
    [end.running, 'sessions still held by the host'],
    [end.sockets, 'sockets still open at the host'],
    ...Object.entries(end.reports)
      .filter(([name]) => HOST_FAULTS.has(name))
      .map(([name, count]) => [count, `× ${name} at the host`] as const),
    ...Object.entries(faults).map(([name, count]) => [count, `× ${name} at the clients`] as const),
  ];
  return [
    ...faultsOf(total),
    ...slowed,
    ...counts.filter(([count]) => count !== 0).map(([count, fault]) => `${count} ${fault}`),
    ...(flatnessOf(readings, seconds).isFlat ? [] : ['memory grows']),
  ];
};

/** A second receipt of a message ends the run at once, with an error. */
const fatesIn = ({ receipts }: Account): readonly string[] =>
  receipts.pending === 0 ? [] : [`${receipts.pending} without a settled receipt`];

/** Counts added up; the longest gap of any. */
export const totalOf = (accounts: readonly Account[]): Account => {
  const sum = (count: (account: Account) => number): number => accounts.reduce((all, one) => all + count(one), 0);
  return {
    sent: sum(({ sent }) => sent),
    delivered: sum(({ delivered }) => delivered),
    lost: sum(({ lost }) => lost),
    doubled: sum(({ doubled }) => doubled),
    outOfOrder: sum(({ outOfOrder }) => outOfOrder),
    unknown: sum(({ unknown }) => unknown),
    longestGap: Math.max(0, ...accounts.map(({ longestGap }) => longestGap)),
    receipts: {
      acked: sum(({ receipts }) => receipts.acked),
      failed: sum(({ receipts }) => receipts.failed),
      pending: sum(({ receipts }) => receipts.pending),
      wrong: sum(({ receipts }) => receipts.wrong),
    },
  };
};

const HOST_FAULTS: ReadonlySet<string> = new Set([
  'expired',
  'evicted',
  'returned',
  'violation',
  'toleratedViolation',
  'misuse',
  'storeFault',
]);
