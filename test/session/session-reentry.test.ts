import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import type { Report } from '../../src/index.js';
import { createSession } from '../../src/session/client-session.js';
import type { LinkHandle } from '../../src/session/running-session.js';
import { createSessions } from '../../src/session/server-sessions.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { ENABLED, element, message, ROMEO } from '../support/session-wire.js';

it('accepts an <a/> during the write of the stanza that it acknowledges, and a stanza that is sent during that report (server class 2, server class 3)', () => {
  const acknowledged: (string | null)[] = [];
  const written: string[] = [];
  let link: LinkHandle | undefined;
  const onReport = (report: Report): void => {
    if (report.type !== 'acknowledged') return;
    acknowledged.push(...report.stanzas.map(({ key }) => key));
    if (acknowledged.length === 1) session.send(message('2'));
  };
  const session = createSession({ clock: createVirtualClock(), onStanza() {}, onReport });
  link = session.attach({
    write(xml) {
      written.push(xml);
      const sent = written.filter((text) => text.startsWith('<message')).length;
      if (xml.startsWith('<message')) link?.receive(element(`<a xmlns='urn:xmpp:sm:3' h='${sent}'/>`));
    },
    close() {},
    destroy() {},
  });
  session.authenticated(ROMEO);
  session.bound();
  session.enable();
  link.receive(element(ENABLED));
  session.send(message('1'));
  expect(acknowledged).toEqual(['1', '2']);
  expect(written.slice(1)).toEqual(["<message id='1'/>", "<message id='2'/>"]);
});

it('delivers a stanza that arrives during a write, after the current effects (A-3)', () => {
  const order: string[] = [];
  let link: LinkHandle | undefined;
  const sessions = createSessions({
    policy: { resume: false },
    clock: createVirtualClock(),
    onStanza: (_session, stanza, position) => order.push(`${stanza.attrs.id} ${position}`),
    onReport: (_session, { type }) => order.push(type),
  });
  const session = sessions.accept();
  link = session.attach({
    write(xml) {
      order.push(xml);
      link?.receive(element("<message xmlns='jabber:client' id='inside'/>"));
    },
    close() {},
    destroy() {},
  });
  session.writeUncounted('<features/>');
  expect(order).toEqual(['<features/>', 'inside null']);
});

it('delivers a stanza although writing the answer to it fails (design law 5)', () => {
  const order: string[] = [];
  const session = createSession({
    clock: createVirtualClock(),
    policy: { maxUnackedStanzas: 0 },
    onStanza: (stanza, position) => order.push(`${stanza.attrs.id} ${position}`),
    onReport: ({ type }) => order.push(type),
  });
  let isBroken = false;
  const link = session.attach({
    write() {
      if (isBroken) throw new Error('EPIPE');
    },
    close() {},
    destroy() {},
  });
  session.authenticated(ROMEO);
  session.bound();
  session.enable();
  link.receive(element(ENABLED));
  isBroken = true;
  link.inOrder(() => {
    link.receive(element("<message xmlns='jabber:client' id='1'/>"));
    link.receive(element("<r xmlns='urn:xmpp:sm:3'/>"));
  });
  expect(order).toEqual(['enabled', '1 1', 'hibernationStart']);
});

it('keeps no reference to a connection that is gone', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const session = createSession({ clock: createVirtualClock(), onStanza() {}, onReport() {} });
  const connection = ((stream) => {
    session.attach(stream).lost();
    return new WeakRef(stream);
  })({ write() {}, close() {}, destroy() {} });
  await new Promise(setImmediate);
  collect();
  expect(connection.deref()).toBeUndefined();
  expect(session.state.session.link.epoch).toBe(0);
});
