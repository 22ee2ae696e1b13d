import { describe, expect, it } from 'vitest';
import { type Report, type TraceLine, traced } from '../../src/index.js';
import { createSession } from '../../src/session/client-session.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import type { Element } from '../../src/xml.js';
import { element, enabledClient, INCOMING, message, ROMEO, recordingStream } from '../support/session-wire.js';

const client = (onStanza: (stanza: Element) => void = () => {}, onTrace?: (line: TraceLine) => void) => {
  const reports: Report[] = [];
  const session = createSession({
    clock: createVirtualClock(),
    onStanza,
    onReport: (report) => reports.push(report),
    ...(onTrace && { traced, onTrace }),
  });
  return { session, reports };
};

describe('a running session', () => {
  it('that gets another connection treats the one before as lost, and resumes on the new one (client class K)', () => {
    const { session } = client();
    const { link } = enabledClient(session);
    session.send(message('1'));
    const second = recordingStream();
    const next = session.attach(second);
    session.authenticated(ROMEO);
    session.resume();
    link.receive(element("<a xmlns='urn:xmpp:sm:3' h='1'/>"));
    next.receive(element("<resumed xmlns='urn:xmpp:sm:3' previd='secret-id' h='0'/>"));
    expect(second.written).toEqual([
      "<resume xmlns='urn:xmpp:sm:3' h='0' previd='secret-id'/>",
      "<message id='1'/>",
      "<r xmlns='urn:xmpp:sm:3'/>",
    ]);
  });

  it('treats a stream that throws as a lost link, and loses no stanza (design law 8)', () => {
    const { session } = client();
    const { stream: first } = enabledClient(session);
    first.write = () => {
      throw new Error('write after end');
    };
    session.send(message('1'));
    session.send(message('2'));
    expect(session.status).toBe('hibernating');
    expect(first.written.at(-1)).toBe('destroyed');
    const second = recordingStream();
    const next = session.attach(second);
    session.authenticated(ROMEO);
    session.resume();
    next.receive(element("<resumed xmlns='urn:xmpp:sm:3' previd='secret-id' h='0'/>"));
    expect(second.written).toContain("<message id='1'/>");
    expect(second.written).toContain("<message id='2'/>");
  });

  it('never sends the queue of one account to another account (R-12, client class H)', () => {
    const { session, reports } = client();
    const { link } = enabledClient(session);
    session.send(message('1'));
    link.lost();
    session.attach(recordingStream());
    session.authenticated('juliet@example.net');
    session.resume();
    expect(session.status).toBe('negotiating');
    expect(reports).toContainEqual({
      type: 'returned',
      reason: 'resumptionFailed',
      stanzas: [expect.objectContaining({ key: '1', written: true })],
    });
  });

  it("counts a stanza although the application's handler throws (S2 of stanza.js)", () => {
    const thrown: unknown[] = [];
    const listen = (error: unknown): void => void thrown.push(error);
    process.once('uncaughtException', listen);
    const { session } = client(() => {
      throw new Error('the application failed');
    });
    const { stream, link } = enabledClient(session);
    link.receive(element(INCOMING));
    link.receive(element("<r xmlns='urn:xmpp:sm:3'/>"));
    expect(stream.written.at(-1)).toBe("<a xmlns='urn:xmpp:sm:3' h='1'/>");
    return expect.poll(() => thrown.map(String)).toEqual(['Error: the application failed']);
  });

  it('has a trace without passwords and without SM-IDs', () => {
    const lines: string[] = [];
    const { session } = client(undefined, (line) => lines.push(JSON.stringify(line)));
    session.attach(recordingStream());
    session.writeUncounted("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>AHJvbWVvAHBhc3M=</auth>");
    enabledClient(session);
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.join()).toContain('<auth…');
    expect(lines.join()).not.toMatch(/AHJvbWVv|secret-id/);
  });

  it.each(['message', 'iq', 'r', 'resume'])(
    'reports <%s/> without a namespace, and does not count it (A-3, H15)',
    (name) => {
      const { session, reports } = client();
      const { link } = enabledClient(session);
      expect(link.receive(element(`<${name}/>`))).toBe(false);
      expect(session.counters.received).toBe(0);
      expect(reports.at(-1)).toEqual({
        type: 'misuse',
        failure: expect.objectContaining({ reason: expect.stringContaining(`<${name}/> has no namespace`) }),
      });
    },
  );

  it('does not report an element that its peer put into the empty namespace', () => {
    const { session, reports } = client();
    const { link } = enabledClient(session);
    const before = reports.length;
    expect(link.receive(element("<unknown xmlns=''/>"))).toBe(false);
    expect(reports).toHaveLength(before);
  });
});
