import { describe, expect, it } from 'vitest';
import { isRight, open, policy, type Report, type TraceLine } from '../../src/index.js';
import { type RunningSession, run, type Stream } from '../../src/session/session.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { type Element, parseElement } from '../../src/xml.js';

const wire = (): Stream & { readonly written: string[] } => {
  const written: string[] = [];
  return {
    written,
    write: (xml) => written.push(xml),
    close: () => written.push('</stream:stream>'),
    destroy: () => written.push('destroyed'),
    pause() {},
    resume() {},
  };
};

const element = (xml: string): Element => {
  const parsed = parseElement(xml);
  if (isRight(parsed)) return parsed.right;
  throw new Error(parsed.left.text);
};

const message = (key: string) =>
  ({ type: 'app.send', stanza: { xml: `<message id='${key}'/>`, kind: 'message', type: '', key } }) as const;

const client = (deliver: (stanza: Element) => void = () => {}, trace?: (line: TraceLine) => void) => {
  const reports: Report[] = [];
  const session: RunningSession = run({
    state: open('client', policy()),
    clock: createVirtualClock(),
    deliver,
    report: (report) => reports.push(report),
    ...(trace && { trace }),
  });
  return { session, reports };
};

/** A resumable session on its first connection. */
const enabled = (session: RunningSession) => {
  const first = wire();
  const link = session.attach(first);
  session.tell({ type: 'app.authenticated', owner: 'romeo@example.net' });
  session.tell({ type: 'app.bound' });
  session.tell({ type: 'app.enable' });
  link.receive(element("<enabled xmlns='urn:xmpp:sm:3' resume='true' id='secret-id' max='60'/>"));
  return { first, link };
};

describe('a running session', () => {
  it('that is given another connection has lost the one before, and resumes on it (client class K)', () => {
    const { session } = client();
    const { link } = enabled(session);
    session.tell(message('1'));
    const second = wire();
    const next = session.attach(second);
    session.tell({ type: 'app.authenticated', owner: 'romeo@example.net' });
    session.tell({ type: 'app.resume' });
    link.receive(element("<a xmlns='urn:xmpp:sm:3' h='1'/>"));
    next.receive(element("<resumed xmlns='urn:xmpp:sm:3' previd='secret-id' h='0'/>"));
    expect(second.written).toEqual([
      "<resume xmlns='urn:xmpp:sm:3' h='0' previd='secret-id'/>",
      "<message id='1'/>",
      "<r xmlns='urn:xmpp:sm:3'/>",
    ]);
  });

  it('takes a stream that throws for a lost link, and loses nothing (design law 8)', () => {
    const { session } = client();
    const { first } = enabled(session);
    first.write = () => {
      throw new Error('write after end');
    };
    session.tell(message('1'));
    session.tell(message('2'));
    expect(session.state.configuration).toBe('hibernating.unlinked');
    expect(first.written.at(-1)).toBe('destroyed');
    const second = wire();
    const next = session.attach(second);
    session.tell({ type: 'app.authenticated', owner: 'romeo@example.net' });
    session.tell({ type: 'app.resume' });
    next.receive(element("<resumed xmlns='urn:xmpp:sm:3' previd='secret-id' h='0'/>"));
    expect(second.written).toContain("<message id='1'/>");
    expect(second.written).toContain("<message id='2'/>");
  });

  it('never carries what waits for one account to another (R-12, client class H)', () => {
    const { session, reports } = client();
    const { link } = enabled(session);
    session.tell(message('1'));
    link.lost();
    session.attach(wire());
    session.tell({ type: 'app.authenticated', owner: 'juliet@example.net' });
    session.tell({ type: 'app.resume' });
    expect(session.state.configuration).toBe('disabled.authenticated');
    expect(reports).toContainEqual({
      type: 'returned',
      reason: 'resumptionFailed',
      stanzas: [expect.objectContaining({ key: '1', written: true })],
    });
  });

  it('counts a stanza although the application throws on it (S2 of stanza.js)', () => {
    const thrown: unknown[] = [];
    const listen = (error: unknown): void => void thrown.push(error);
    process.once('uncaughtException', listen);
    const { session } = client(() => {
      throw new Error('the application failed');
    });
    const { first, link } = enabled(session);
    link.receive(element("<message xmlns='jabber:client'/>"));
    link.receive(element("<r xmlns='urn:xmpp:sm:3'/>"));
    expect(first.written.at(-1)).toBe("<a xmlns='urn:xmpp:sm:3' h='1'/>");
    return expect.poll(() => thrown.map(String)).toEqual(['Error: the application failed']);
  });

  it('is traced without passwords and without SM-IDs', () => {
    const lines: string[] = [];
    const { session } = client(undefined, (line) => lines.push(JSON.stringify(line)));
    session.attach(wire());
    session.tell({
      type: 'app.writeUncounted',
      xml: "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>AHJvbWVvAHBhc3M=</auth>",
    });
    enabled(session);
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.join()).toContain('<auth…');
    expect(lines.join()).not.toMatch(/AHJvbWVv|secret-id/);
  });
});
