import { describe, expect, it } from 'vitest';
import { isLeft } from '../../src/index.js';
import { CLIENT, type ClassifyOptions, classify, type Incoming, parseElement, SERVER } from '../../src/xml.js';

const classifyText = (text: string, options: Partial<ClassifyOptions> = {}): Incoming => {
  const element = parseElement(text);
  if (isLeft(element)) throw new Error(element.left.text);
  return classify(element.right, { contentNamespace: CLIENT, acceptSm2: false, ...options });
};

describe('a top-level element', () => {
  it.each(['message', 'presence', 'iq'])('<%s/> in the content namespace is a stanza (A-3)', (stanzaKind) => {
    const stanza = { kind: 'stanza', stanzaKind };
    expect(classifyText(`<${stanzaKind} xmlns='jabber:client'/>`)).toEqual(stanza);
    expect(classifyText(`<c:${stanzaKind} xmlns:c='jabber:client'/>`)).toEqual(stanza);
    expect(classifyText(`<${stanzaKind} xmlns='jabber:server'/>`, { contentNamespace: SERVER })).toEqual(stanza);
  });
  it.each([
    "<message xmlns='jabber:server'/>",
    "<message xmlns='urn:xmpp:sm:2'/>",
    '<message/>',
    "<message xmlns=''/>",
    "<c:message xmlns='jabber:client' xmlns:c='urn:other'/>",
    "<Message xmlns='jabber:client'/>",
    "<r xmlns='jabber:client'/>",
    "<stream:features xmlns:stream='http://etherx.jabber.org/streams'/>",
    "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
  ])('%s is not a stanza, and is never counted (A-3)', (text) => {
    expect(classifyText(text)).toEqual({ kind: 'other' });
  });
  it('of stream management is a nonza, with its namespace', () => {
    expect(classifyText("<s:a xmlns:s='urn:xmpp:sm:3' h='1'/>")).toEqual({
      kind: 'nonza',
      nonza: { name: 'a', h: 1 },
      xmlns: 'urn:xmpp:sm:3',
    });
  });
  it('of stream management that is wrong has its name and the answer to it (A-7, X-2)', () => {
    expect(classifyText("<resume xmlns='urn:xmpp:sm:3'/>")).toMatchObject({
      kind: 'malformed',
      name: 'resume',
      xmlns: 'urn:xmpp:sm:3',
      failure: { kind: 'refusal', condition: 'bad-request' },
    });
    expect(classifyText("<message xmlns='urn:xmpp:sm:3'/>")).toMatchObject({
      kind: 'malformed',
      name: 'message',
      failure: { kind: 'refusal', condition: 'unexpected-request' },
    });
  });
  it('of urn:xmpp:sm:2 is a nonza only when that version is accepted', () => {
    const r = "<r xmlns='urn:xmpp:sm:2'/>";
    expect(classifyText(r)).toEqual({ kind: 'other' });
    expect(classifyText(r, { acceptSm2: true })).toEqual({
      kind: 'nonza',
      nonza: { name: 'r' },
      xmlns: 'urn:xmpp:sm:2',
    });
  });
  it('that is a stream error has its condition', () => {
    const text =
      "<e:error xmlns:e='http://etherx.jabber.org/streams'><reset xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></e:error>";
    expect(classifyText(text)).toEqual({ kind: 'streamError', condition: 'reset' });
  });
});
