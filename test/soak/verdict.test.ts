import { describe, expect, it } from 'vitest';
import { createLedger } from '../../src/cli/demo/ledger.js';
import type { SoakResult } from './run.js';
import { faultsIn } from './verdict.js';

/** One message each way, and nothing wrong. */
const result = (but: Partial<SoakResult> = {}): SoakResult => ({
  accounts: [way(), way()].map(({ account }) => account),
  cuts: { rst: 2 },
  early: 0,
  bursts: 1,
  isStoreFailing: false,
  resumed: [1, 1],
  enabled: 2,
  faults: {},
  readings: [40, 80].map((at) => ({ at, memory: 1 })).concat({ at: 100, memory: 1 }),
  seconds: 120,
  busy: { host: 0.5, clients: 0.5 },
  end: END,
  ...but,
});

const END = {
  memory: 1,
  rss: 1,
  cpu: 1,
  store: { live: 0, hibernating: 0, remembered: 0 },
  running: 0,
  sockets: 0,
  full: 1,
  reports: { enabled: 2, resumed: 2, superseded: 2 },
};

const way = (act: (ledger: ReturnType<typeof createLedger>) => void = () => {}) => {
  const ledger = createLedger();
  const number = ledger.sent();
  ledger.delivered(number, 0);
  ledger.acked(number);
  act(ledger);
  return ledger;
};

describe('the verdict of a soak', () => {
  it('finds no fault when every check succeeds', () => {
    expect(faultsIn(result())).toEqual([]);
  });

  it.each<[string, Partial<SoakResult>]>([
    ['1 lost', { accounts: [way((ledger) => ledger.acked(ledger.sent())).account] }],
    ['1 doubled', { accounts: [way((ledger) => ledger.delivered(1, 1)).account] }],
    ['1 returned to their senders', { accounts: [way((ledger) => ledger.failed(ledger.sent(), 'closed')).account] }],
    ['1 sessions begun anew', { enabled: 3 }],
    ['1 sessions never resumed', { resumed: [0, 1] }],
    ['1 entries left in the store', { end: { ...END, store: { live: 0, hibernating: 1, remembered: 0 } } }],
    ['2 sessions still held by the host', { end: { ...END, running: 2 } }],
    ['1 sockets still open at the host', { end: { ...END, sockets: 1 } }],
    ['3 × violation at the host', { end: { ...END, reports: { violation: 3 } } }],
    ['1 × resumptionFailed at the clients', { faults: { resumptionFailed: 1 } }],
    ['no queue of the host was full', { end: { ...END, full: 0 } }],
    ['memory grows', { readings: [40, 100].map((at) => ({ at, memory: at })) }],
  ])('finds %s', (fault, but) => {
    expect(faultsIn(result(but))).toContain(fault);
  });

  it('lets sessions be lost while the store fails', () => {
    const returned = way((ledger) => ledger.failed(ledger.sent(), 'resumptionFailed')).account;
    expect(faultsIn(result({ isStoreFailing: true, enabled: 3, accounts: [returned] }))).toEqual([]);
  });

  it('wants one fate for each message while the store fails', () => {
    const forgotten = way((ledger) => ledger.sent()).account;
    expect(faultsIn(result({ isStoreFailing: true, accounts: [forgotten] }))).toEqual(['1 without a settled receipt']);
  });
});
