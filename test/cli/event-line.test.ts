import { describe, expect, it } from 'vitest';
import { eventLine } from '../../src/cli/host/event-line.js';
import { peerViolation, type Report } from '../../src/index.js';

const stanza = { xml: '<message/>', kind: 'message', type: 'chat', at: 0, key: null } as const;
const line = (report: Report): string => eventLine({ session: 'romeo@localhost/a', report }, new Date(0));

describe('the line of an event', () => {
  it('shows the time, the owner of the session and the event', () => {
    expect(line({ type: 'expired' })).toBe('1970-01-01T00:00:00.000Z romeo@localhost/a expired');
  });

  it('shows each fact with its name', () => {
    expect(line({ type: 'resumed', acknowledged: 3, replayed: 1 })).toMatch(/ resumed acknowledged=3 replayed=1$/);
    expect(line({ type: 'refused', condition: null, state: 'enabling' })).toMatch(
      / refused condition=null state=enabling$/,
    );
  });

  it('shows the number of stanzas, and never their content', () => {
    const returned = { ...stanza, written: true };
    expect(line({ type: 'returned', reason: 'expired', stanzas: [returned, returned] })).toMatch(
      / returned reason=expired stanzas=2$/,
    );
    expect(line({ type: 'stanzaQueued', stanza })).toMatch(/ stanzaQueued stanza=message$/);
  });

  it('shows the condition of a failure, and what is wrong', () => {
    const tolerated = { kind: 'toleratedViolation', text: 'h is low' } as const;
    expect(line({ type: 'toleratedViolation', failure: tolerated, state: 'enabling' })).toMatch(
      / failure=toleratedViolation "h is low" state=enabling$/,
    );
    expect(line({ type: 'violation', failure: peerViolation('invalid-xml', 'no h'), state: 'enabling' })).toMatch(
      / failure=invalid-xml "no h" state=enabling$/,
    );
    expect(line({ type: 'hibernationStart', until: 1000, unacked: 0, stanzas: [] })).toMatch(
      / until=1970-01-01T00:00:01.000Z /,
    );
    const fault = { kind: 'storeFault', reason: 'text' } as const;
    expect(line({ type: 'storeFault', failure: fault, state: 'claiming' })).toMatch(/=storeFault state=claiming$/);
  });
});
