import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { isRight, open, policy, type Report } from '../../src/index.js';
import { type LinkHandle, run } from '../../src/session/session.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { type Element, parseElement } from '../../src/xml.js';

const element = (xml: string): Element => {
  const parsed = parseElement(xml);
  if (isRight(parsed)) return parsed.right;
  throw new Error(parsed.left.text);
};

const message = (key: string) =>
  ({ type: 'app.send', stanza: { xml: `<message id='${key}'/>`, kind: 'message', type: '', key } }) as const;

it('takes an <a/> from inside the write of what it acknowledges, and a stanza sent from inside the report of that (server class 2, server class 3)', () => {
  const acknowledged: (string | null)[] = [];
  const written: string[] = [];
  let link: LinkHandle | undefined;
  const hear = (report: Report): void => {
    if (report.type !== 'acknowledged') return;
    acknowledged.push(...report.stanzas.map(({ key }) => key));
    if (acknowledged.length === 1) session.tell(message('2'));
  };
  const session = run({
    state: open('client', policy()),
    clock: createVirtualClock(),
    deliver() {},
    report: hear,
  });
  link = session.attach({
    write(xml) {
      written.push(xml);
      const sent = written.filter((text) => text.startsWith('<message')).length;
      if (xml.startsWith('<message')) link?.receive(element(`<a xmlns='urn:xmpp:sm:3' h='${sent}'/>`));
    },
    close() {},
    destroy() {},
    pause() {},
    resume() {},
  });
  session.tell({ type: 'app.authenticated', owner: 'romeo@example.net' });
  session.tell({ type: 'app.bound' });
  session.tell({ type: 'app.enable' });
  link.receive(element("<enabled xmlns='urn:xmpp:sm:3' resume='true' id='secret-id' max='60'/>"));
  session.tell(message('1'));
  expect(acknowledged).toEqual(['1', '2']);
  expect(written.slice(1)).toEqual(["<message id='1'/>", "<message id='2'/>"]);
});

it('delivers a stanza that is taken from inside a write, once what is under way is done (A-3)', () => {
  const order: string[] = [];
  let link: LinkHandle | undefined;
  const session = run({
    state: open('server', policy({ resume: false })),
    clock: createVirtualClock(),
    deliver: (stanza, position) => order.push(`${stanza.attrs.id} ${position}`),
    report: ({ type }) => order.push(type),
  });
  link = session.attach({
    write(xml) {
      order.push(xml);
      link?.receive(element("<message xmlns='jabber:client' id='inside'/>"));
    },
    close() {},
    destroy() {},
    pause() {},
    resume() {},
  });
  session.tell({ type: 'app.writeUncounted', xml: '<features/>' });
  expect(order).toEqual(['<features/>', 'inside null']);
});

it('lets go of a connection that is gone', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const session = run({
    state: open('client', policy()),
    clock: createVirtualClock(),
    deliver() {},
    report() {},
  });
  const connection = ((stream) => {
    session.attach(stream).lost();
    return new WeakRef(stream);
  })({ write() {}, close() {}, destroy() {}, pause() {}, resume() {} });
  await new Promise(setImmediate);
  collect();
  expect(connection.deref()).toBeUndefined();
  expect(session.state.session.link.epoch).toBe(0);
});
