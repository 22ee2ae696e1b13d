import { describe, expect, it } from 'vitest';
import { Element, stampDelay } from '../../src/xml.js';

const FIRST_ATTEMPT = { from: 'juliet@example.com/balcony', stamp: Date.UTC(2026, 0, 2, 3, 4, 5, 6) };
const message = (attrs: Record<string, string> = {}): Element => {
  const element = new Element('message', { xmlns: 'jabber:client', ...attrs });
  element.c('body').t('hi');
  return element;
};

describe('a stanza that is sent again', () => {
  it('is stamped with the time of the first attempt (A-12, A-13)', () => {
    const stamped = stampDelay(message(), FIRST_ATTEMPT);
    expect(stamped.toString()).toBe(
      '<message xmlns="jabber:client"><body>hi</body>' +
        '<delay xmlns="urn:xmpp:delay" from="juliet@example.com/balcony" stamp="2026-01-02T03:04:05.006Z"/></message>',
    );
  });
  it('is stamped on a copy', () => {
    const original = message();
    const stamped = stampDelay(original, FIRST_ATTEMPT);
    stamped.attrs.to = 'x';
    stamped.children.pop();
    expect(original.toString()).toBe(message().toString());
    expect(original.getChild('body')?.parent).toBe(original);
  });
  it('is stamped once: the oldest stamp stays', () => {
    const stamped = stampDelay(message(), FIRST_ATTEMPT);
    expect(stampDelay(stamped, { stamp: FIRST_ATTEMPT.stamp + 1000 })).toBe(stamped);
  });
  it('gets a stamp also when it has a <delay/> of another namespace', () => {
    const element = message();
    element.c('delay', { xmlns: 'urn:other' });
    expect(stampDelay(element, FIRST_ATTEMPT).getChildren('delay', 'urn:xmpp:delay')).toHaveLength(1);
  });
  it('has no `from` in the stamp for a room', () => {
    const stamped = stampDelay(message({ type: 'groupchat' }), FIRST_ATTEMPT);
    expect(stamped.getChild('delay')?.attrs).toEqual({ xmlns: 'urn:xmpp:delay', stamp: '2026-01-02T03:04:05.006Z' });
  });
  it('is never stamped when it is an IQ', () => {
    const iq = new Element('iq', { xmlns: 'jabber:client', type: 'get' });
    expect(stampDelay(iq, FIRST_ATTEMPT)).toBe(iq);
    expect(iq.children).toEqual([]);
  });
});
