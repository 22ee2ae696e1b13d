import { describe, expect, it } from 'vitest';
import { createLedger, faultsOf, type Ledger } from '../../src/cli/demo/ledger.js';

describe('the ledger of one direction', () => {
  it('finds no fault when every message arrived once, in order, and was acknowledged', () => {
    const ledger = sent(3);
    for (const number of [1, 2, 3]) arriveAndAck(ledger, number);
    expect(ledger.settled).toBe(true);
    expect(faultsOf(ledger.account)).toEqual([]);
    expect(ledger.account).toMatchObject({ sent: 3, delivered: 3, receipts: { acked: 3, failed: 0, pending: 0 } });
  });

  it('reports a message that was acknowledged and did not arrive as lost, and its receipt as wrong', () => {
    const ledger = sent(2);
    arriveAndAck(ledger, 1);
    ledger.acked(2);
    expect(ledger.settled).toBe(false);
    expect(faultsOf(ledger.account)).toEqual(['1 lost', '1 with a wrong receipt']);
  });

  it('reports a receipt that is still pending after every message arrived', () => {
    const ledger = sent(1);
    ledger.delivered(1, 0);
    expect(ledger.settled).toBe(false);
    expect(faultsOf(ledger.account)).toEqual(['1 without a settled receipt']);
  });

  it('counts a second arrival as doubled, not as out of order', () => {
    const ledger = sent(2);
    for (const number of [1, 2]) arriveAndAck(ledger, number);
    ledger.delivered(1, 0);
    expect(faultsOf(ledger.account)).toEqual(['1 doubled']);
  });

  it('counts a message that arrives after a later message as out of order', () => {
    const ledger = sent(3);
    for (const number of [3, 1, 2]) arriveAndAck(ledger, number);
    expect(faultsOf(ledger.account)).toEqual(['2 out of order']);
  });

  it('does not report a message as lost when its receipt failed', () => {
    const ledger = sent(1);
    ledger.failed(1, 'resumptionFailed');
    expect(ledger.settled).toBe(true);
    expect(faultsOf(ledger.account)).toEqual([]);
  });

  it('reports a failed receipt without a reason as wrong', () => {
    const ledger = sent(1);
    ledger.failed(1, '');
    expect(faultsOf(ledger.account)).toEqual(['1 with a wrong receipt']);
  });

  it('allows a message to arrive although its receipt failed, because the sender could not know', () => {
    const ledger = sent(1);
    ledger.failed(1, 'resumptionFailed');
    ledger.delivered(1, 0);
    expect(faultsOf(ledger.account)).toEqual([]);
  });

  it.each([0, 2, Number.NaN])('reports number %s, which was never sent', (number) => {
    const ledger = sent(1);
    arriveAndAck(ledger, 1);
    ledger.delivered(number, 0);
    expect(faultsOf(ledger.account)).toEqual(['1 never sent']);
  });

  it('measures the longest time between two arrivals', () => {
    const ledger = sent(4);
    [1000, 1010, 1500, 1510].forEach((at, index) => {
      ledger.delivered(index + 1, at);
    });
    expect(ledger.account.longestGap).toBe(490);
  });
});

const sent = (count: number): Ledger => {
  const ledger = createLedger();
  for (let number = 1; number <= count; number++) expect(ledger.sent()).toBe(number);
  return ledger;
};

const arriveAndAck = (ledger: Ledger, number: number): void => {
  ledger.delivered(number, 0);
  ledger.acked(number);
};
