import { describe, expect, it } from 'vitest';
import { backoff } from '../../src/host/s2s/backoff.js';
import { translated } from '../../src/host/s2s/content.js';
import { domainOf, readDialback, writeDialback } from '../../src/host/s2s/dialback.js';
import { createKeys } from '../../src/host/s2s/keys.js';
import { isRight } from '../../src/index.js';
import { CLIENT, type Element, parseElement, SERVER } from '../../src/xml.js';

const parsed = (xml: string): Element => {
  const read = parseElement(xml);
  return isRight(read) ? read.right : expect.fail(JSON.stringify(read.left));
};

describe('a dialback key', () => {
  it.each([
    ['XEP-0185', 'xmpp.example.com', 'example.org', '37c69b1cf07a3f67c04a5ef5902fa5114f2c76fe4a2686482ba5b89323075643'],
    [
      'XEP-0220',
      'montague.example',
      'capulet.example',
      'b4835385f37fe2895af6c196b59097b16862406db80559900d96bf6fa7d23df3',
    ],
  ])('equals the key of the example in %s', (_xep, receiving, originating, key) => {
    const keys = createKeys('s3cr3tf0rd14lb4ck');
    const claim = { receiving, originating, streamId: 'D60000229F' };
    expect(keys.make(claim)).toBe(key);
    expect(keys.isOurs(key, claim)).toBe(true);
  });

  it('is valid only for its stream, its domains and its secret', () => {
    const keys = createKeys();
    const claim = { receiving: 'a.example', originating: 'b.example', streamId: 's1' };
    const key = keys.make(claim);
    expect(keys.isOurs(key, { ...claim, streamId: 's2' })).toBe(false);
    expect(keys.isOurs(key, { ...claim, receiving: 'b.example', originating: 'a.example' })).toBe(false);
    expect(createKeys().isOurs(key, claim)).toBe(false);
    for (const other of ['', key.slice(1), `${key}0`, 'é'.repeat(32)]) expect(keys.isOurs(other, claim)).toBe(false);
  });
});

describe('an element of dialback', () => {
  const declared = (xml: string): Element => parsed(xml.replace(' ', " xmlns:db='jabber:server:dialback' "));

  it('is read back as it was written', () => {
    const request = { name: 'verify', from: 'a.example', to: 'b.example', id: 's<1', key: 'k&' } as const;
    expect(readDialback(declared(writeDialback(request)))).toEqual({ ...request, type: undefined });
  });

  it('has the condition of its error', () => {
    const written = writeDialback({ name: 'result', from: 'a.example', to: 'b.example', answer: 'item-not-found' });
    const element = declared(written);
    expect(readDialback(element)).toMatchObject({ type: 'error' });
    expect(element.getChild('error')?.getChild('item-not-found', 'urn:ietf:params:xml:ns:xmpp-stanzas')).toBeDefined();
  });

  it.each(["<db:result to='a'/>", "<db:result from='a@b' to='c'/>", "<db:verify from='a' to='b/c'/>"])(
    'is invalid without two valid domains: %s',
    (xml) => {
      expect(readDialback(declared(xml))).toBe('misaddressed');
    },
  );

  it('is recognised by its namespace and its name', () => {
    expect(readDialback(parsed("<result from='a' to='b'/>"))).toBeUndefined();
    expect(readDialback(declared("<db:other from='a' to='b'/>"))).toBeUndefined();
  });

  it('compares domains in lower case', () => {
    expect(domainOf('Capulet.EXAMPLE.')).toBe('capulet.example');
    expect(domainOf(undefined)).toBeUndefined();
  });
});

describe('the content namespace of a stanza', () => {
  it('is replaced where it is declared, with every prefix', () => {
    const stanza = parsed("<c:message xmlns:c='jabber:client' to='a'><c:body>hi</c:body></c:message>");
    const changed = translated(stanza, CLIENT, SERVER);
    expect(changed.getNS()).toBe(SERVER);
    expect(changed.getChildElements()[0]?.getNS()).toBe(SERVER);
    expect(stanza.getNS()).toBe(CLIENT);
  });

  it('is replaced in children that declare it again, and not in a payload', () => {
    const inner = "<message xmlns='jabber:client'><body xmlns='jabber:client'/></message>";
    const stanza = parsed(
      `<message xmlns='jabber:client'><body xmlns='jabber:client'/><forwarded xmlns='urn:xmpp:forward:0'>${inner}</forwarded></message>`,
    );
    expect(
      translated(stanza, CLIENT, SERVER)
        .toString()
        .match(/jabber:\w+/g),
    ).toEqual([...[SERVER, SERVER], ...[CLIENT, CLIENT]]);
  });

  it('is the same after two replacements', () => {
    const xml = '<message xmlns="jabber:client"><body>hi</body><x xmlns="y"/></message>';
    expect(translated(translated(parsed(xml), CLIENT, SERVER), SERVER, CLIENT).toString()).toBe(xml);
  });
});

describe('the wait before an attempt', () => {
  it('is random below a bound that doubles, up to half a minute', () => {
    expect(backoff(0, 0)).toBe(0);
    expect([0, 1, 2, 8, 9, 1000].map((failures) => backoff(failures, 0.999_999))).toEqual([
      ...[99, 199, 399, 25_599],
      ...[29_999, 29_999],
    ]);
  });
});
