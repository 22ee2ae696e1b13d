/** What waits in line dies with its link (design law 6, faults H1 to H3). */
import { expect, it } from 'vitest';
import { peerViolation, type Report, SM_3 } from '../../src/index.js';
import { answerInline } from '../../src/sasl2.js';
import { createSessions, type SessionStore } from '../../src/server.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { type Element, parseElement } from '../../src/xml.js';

const read = (xml: string): Element => {
  const element = parseElement(xml);
  return element._tag === 'Right' ? element.right : expect.fail(xml);
};

const ENABLE = read(`<enable xmlns='${SM_3}' resume='true'/>`);

/** A server whose store answers never. */
const start = () => {
  const reports: Report[] = [];
  const written: string[] = [];
  const never = (): Promise<never> => new Promise(() => {});
  const store: SessionStore = { ...createMemoryStore(), save: never, claim: never };
  const sessions = createSessions({
    store,
    clock: createVirtualClock(),
    onStanza() {},
    onReport: (_session, report) => reports.push(report),
  });
  const session = sessions.accept();
  const link = session.attach({ write: (xml) => written.push(xml), close: () => written.push('close'), destroy() {} });
  return { session, link, reports, written };
};

const waiting = () => {
  const parts = start();
  parts.session.authenticated('romeo@localhost');
  parts.session.bound();
  parts.link.receive(ENABLE);
  return parts;
};

it.each<[string, (parts: ReturnType<typeof start>) => void]>([
  ['its connection is lost', ({ link }) => link.lost()],
  ['the embedder closes the session', ({ session }) => session.close('conflict')],
  [
    'another connection takes its place',
    ({ session }) => void session.attach({ write() {}, close() {}, destroy() {} }),
  ],
])('an act that waits for the store, and a later one, do not run when %s', (_why, end) => {
  const parts = waiting();
  const ran: number[] = [];
  parts.link.inOrder(() => ran.push(1));
  end(parts);
  parts.link.inOrder(() => ran.push(2));
  expect(ran).toEqual([]);
  expect(parts.link.receive(read('<message xmlns="jabber:client"/>'))).toBe(true);
});

it('an act does not run after the session ended the stream', () => {
  const { link, written } = start();
  link.violated(peerViolation('policy-violation', ''));
  expect(written.at(-1)).toBe('close');
  link.inOrder(() => expect.fail('it ran'));
});

it('an inline login that is answered on a dead link changes nothing, and is no misuse', () => {
  const { session, link, reports } = start();
  link.lost();
  const request = read(
    "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><bind xmlns='urn:xmpp:bind:0'/></authenticate>",
  );
  const fail = () => expect.fail('it went on');
  answerInline(
    { account: 'romeo@localhost', data: undefined, request },
    { session, link, bind: fail, jid: () => undefined, features: () => '', done: fail },
  ).begin();
  expect(reports.map(({ type }) => type)).toEqual(['ended']);
});

it('more input than a read can hold ends a stream that does not pause: policy-violation (S-2)', () => {
  const { link, written, reports } = waiting();
  const message = read('<message xmlns="jabber:client"/>');
  for (let sent = 0; sent < 16_384; sent++) link.receive(message);
  expect(written).toEqual([]);
  link.receive(message);
  expect(written.join('')).toMatch(/<policy-violation .*close$/);
  expect(reports.map(({ type }) => type)).toContain('violation');
});
