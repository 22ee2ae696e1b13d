import { Element } from 'ltx';
import { describe, expect, it } from 'vitest';
import { answerIq, malformedIq } from '../../src/host/services.js';
import { stanzaError } from '../../src/host/stanza-error.js';

const FROM = 'romeo@capulet.lit/orchard';

const iq = (type: string, child: string, xmlns: string, attrs: Record<string, string> = {}): Element => {
  const stanza = new Element('iq', { from: FROM, id: 'i1', type, ...attrs });
  stanza.c(child, { xmlns });
  return stanza;
};

const answer = (stanza: Element): string | undefined => answerIq(stanza, 'capulet.lit')?.toString();
const unavailable = expect.stringContaining('<service-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>');

describe('an iq the server answers itself', () => {
  it('is a ping (XEP-0199)', () => {
    expect(answer(iq('get', 'ping', 'urn:xmpp:ping', { to: 'capulet.lit' }))).toBe(
      `<iq from="capulet.lit" to="${FROM}" id="i1" type="result"/>`,
    );
  });

  it('is a request for a session (RFC 3921)', () => {
    expect(answer(iq('set', 'session', 'urn:ietf:params:xml:ns:xmpp-session'))).toContain('type="result"');
  });

  it('is a request for the roster, which is empty', () => {
    expect(answer(iq('get', 'query', 'jabber:iq:roster'))).toContain('<query xmlns="jabber:iq:roster"/>');
    expect(answer(iq('set', 'query', 'jabber:iq:roster'))).toEqual(unavailable);
  });

  it('is service discovery of the server and of one’s own account', () => {
    const info = 'http://jabber.org/protocol/disco#info';
    expect(answer(iq('get', 'query', info, { to: 'capulet.lit' }))).toContain(
      '<identity category="server" type="im"/>',
    );
    expect(answer(iq('get', 'query', info, { to: 'capulet.lit' }))).toContain('<feature var="urn:xmpp:ping"/>');
    expect(answer(iq('get', 'query', info, { to: 'Romeo@capulet.lit' }))).toContain('category="account"');
  });

  it('is for one’s own account when it has no address (RFC 6120 section 10.3.3, H21)', () => {
    const info = 'http://jabber.org/protocol/disco#info';
    const described = answerIq(iq('get', 'query', info), 'capulet.lit', ['urn:xmpp:push:0'])?.toString();
    expect(described).toContain('category="account"');
    expect(described).toContain('<feature var="urn:xmpp:push:0"/>');
    expect(described).not.toContain('category="server"');
    expect(answer(iq('get', 'query', 'http://jabber.org/protocol/disco#items'))).toContain('type="result"');
  });

  it('is not a question about another account', () => {
    expect(answer(iq('get', 'ping', 'urn:xmpp:ping', { to: 'juliet@capulet.lit' }))).toEqual(unavailable);
  });

  it('is not of an unknown kind', () => {
    expect(answer(iq('get', 'query', 'jabber:iq:version', { to: 'capulet.lit' }))).toEqual(unavailable);
    expect(answer(iq('set', 'ping', 'urn:xmpp:ping'))).toEqual(unavailable);
  });

  it('is never a result or an error', () => {
    expect(answer(iq('result', 'ping', 'urn:xmpp:ping'))).toBeUndefined();
    expect(answer(iq('error', 'ping', 'urn:xmpp:ping'))).toBeUndefined();
  });
});

describe('an iq that breaks RFC 6120 section 8.2.3', () => {
  const empty = new Element('iq', { id: 'i1', type: 'get' });
  const two = iq('get', 'a', 'urn:a');
  two.c('b', { xmlns: 'urn:b' });
  const noId = new Element('iq', { type: 'get' });
  noId.c('a', { xmlns: 'urn:a' });

  it.each([
    ['has no payload', empty],
    ['has two payloads', two],
    ['has no id', noId],
    ['has an unknown type', iq('push', 'a', 'urn:a')],
  ])('is a bad request when it %s', (_, stanza) => {
    expect(malformedIq(stanza)?.toString()).toContain('<error type="modify"><bad-request');
  });

  it('gets no answer when it is an answer itself', () => {
    expect(malformedIq(new Element('iq', { type: 'result' }))).toBeUndefined();
    expect(malformedIq(iq('get', 'a', 'urn:a'))).toBeUndefined();
  });
});

describe('a stanza error', () => {
  it('goes back to the sender with the same id, without the payload', () => {
    const message = new Element('message', { from: FROM, to: 'x@y', id: 'm1', type: 'chat' });
    message.c('body').t('secret');
    expect(stanzaError(message, 'recipient-unavailable', 'gone')?.toString()).toBe(
      `<message from="x@y" to="${FROM}" id="m1" type="error"><error type="wait">` +
        '<recipient-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>' +
        '<text xmlns="urn:ietf:params:xml:ns:xmpp-stanzas">gone</text></error></message>',
    );
  });

  it('never answers an error', () => {
    expect(stanzaError(new Element('message', { from: FROM, type: 'error' }), 'service-unavailable')).toBeUndefined();
  });
});
