import { describe, expect, it } from 'vitest';
import { createStreamParser, type Element } from '../../src/xml.js';
import { HEADER, read, readBody, record } from './recorder.js';

const STREAMS = 'http://etherx.jabber.org/streams';

describe('a stream', () => {
  it('is reported in wire order: header, elements, close', () => {
    expect(
      read(
        "<?xml version='1.0'?>",
        HEADER,
        "<a/> <message id='1'>x</message>\n<r xmlns='urn:xmpp:sm:3'/>",
        '</stream:stream>',
      ),
    ).toEqual([
      'open jabber:client',
      '<a xmlns="jabber:client"/>',
      '<message id="1" xmlns="jabber:client">x</message>',
      '<r xmlns="urn:xmpp:sm:3"/>',
      'close',
    ]);
  });
  it('gives the attributes of its header', () => {
    const headers: Record<string, string>[] = [];
    const ignore = (): void => {};
    const parser = createStreamParser(
      {},
      {
        streamOpen: (attributes) => headers.push({ ...attributes }),
        element: ignore,
        streamClose: ignore,
        violation: ignore,
      },
    );
    parser.write(HEADER);
    expect(headers).toEqual([{ xmlns: 'jabber:client', 'xmlns:stream': STREAMS, to: 'example.com', version: '1.0' }]);
  });
  it.each([
    ["<?xml version='1.0' encoding='utf-8' standalone='yes'?>", 'jabber:client', HEADER],
    ['', '', `<s:stream xmlns:s='${STREAMS}'>`],
    ['', STREAMS, `<stream xmlns='${STREAMS}'>`],
  ])('may be opened as %s … %s', (declaration, defaultXmlns, header) => {
    expect(read(declaration + header)).toEqual([`open ${defaultXmlns}`]);
  });
  it('may close in its first tag', () => {
    expect(read(HEADER.replace('>', '/>'))).toEqual(['open jabber:client', 'close']);
  });
});

describe('an element', () => {
  const elementsOf = (body: string): Element[] => {
    const elements: Element[] = [];
    const ignore = (): void => {};
    const parser = createStreamParser(
      {},
      { streamOpen: ignore, element: (element) => elements.push(element), streamClose: ignore, violation: ignore },
    );
    parser.write(HEADER + body);
    return elements;
  };
  it('has its namespace without its stream', () => {
    const [message, error, none] = elementsOf("<message><body/></message><stream:error/><iq xmlns=''/>");
    expect(message?.parent).toBeNull();
    expect(message?.getChild('body')?.getNS()).toBe('jabber:client');
    expect(error?.name).toBe('stream:error');
    expect(error?.getNS()).toBe(STREAMS);
    expect(none?.getNS()).toBeUndefined();
  });
  it('declares the prefixes of the header that it uses, and no others', () => {
    const [using, shadowing] = elementsOf(
      "<a><b stream:c='1'/></a><a xmlns:stream='urn:x'><stream:b><c xmlns:stream='urn:y'><stream:d/></c></stream:b></a>",
    );
    expect(using?.attrs).toEqual({ xmlns: 'jabber:client', 'xmlns:stream': STREAMS });
    expect(shadowing?.attrs['xmlns:stream']).toBe('urn:x');
  });
  it('keeps text, CDATA, references and white space', () => {
    expect(readBody("<b a='&#10;&lt;\t'> x&amp;<![CDATA[<y>&z;]]>&#x1F600;\r\n</b>")).toEqual([
      '<b a="\n&lt; " xmlns="jabber:client"> x&amp;&lt;y&gt;&amp;z;\u{1F600}\n</b>',
    ]);
  });
  it('has its size in UTF-16 units, without the white space around it', () => {
    const sizes: number[] = [];
    const ignore = (): void => {};
    const parser = createStreamParser(
      {},
      { streamOpen: ignore, element: (_element, size) => sizes.push(size), streamClose: ignore, violation: ignore },
    );
    parser.write(`${HEADER} \n <a>\u{1F600}</a> `);
    parser.write(' <b/>\r');
    parser.write('\n<cc/>');
    expect(sizes).toEqual([9, 4, 5]);
  });
  it('with attributes that have the names of object properties causes no fault', () => {
    const [element] = elementsOf("<a __proto__='x' constructor='y' xmlns:__proto__='urn:p' __proto__:b='z'/>");
    expect(element?.attrs.constructor).toBe('y');
    expect(Object.getPrototypeOf(element?.attrs)).toBe(Object.prototype);
  });
});

describe('what XMPP forbids (S-3)', () => {
  it.each([
    ['a comment', '<!-- x -->'],
    ['a malformed comment', '<!-- x -- y -->'],
    ['a processing instruction', '<?php x ?>'],
    ['a document type', '<!DOCTYPE x>'],
    ['an undefined entity', '<a>&nbsp;</a>'],
    ['an undefined entity in an attribute', "<a b='&nbsp;'/>"],
  ])('%s ends the stream with restricted-xml', (_what, text) => {
    expect(readBody(`<ok/>${text}<late/>`)).toEqual(['<ok xmlns="jabber:client"/>', 'error restricted-xml']);
    expect(readBody(`<a>${text}</a>`)).toEqual(['error restricted-xml']);
  });
  it.each(['<!DOCTYPE x [<!ENTITY a "b">]>', '<!-- x -->', '<?php x ?>'])(
    '%s before the header ends it with restricted-xml',
    (text) => {
      expect(read(text, HEADER)).toEqual(['error restricted-xml']);
    },
  );
  it.each([
    ['duplicate attributes', "<a b='1' b='2'/>"],
    ['duplicate attributes by namespace', "<a xmlns:p='urn:x' xmlns:q='urn:x' p:b='1' q:b='2'/>"],
    ['a name that begins with a digit', '<1a/>'],
    ['a local name that begins with a digit', "<p:1a xmlns:p='urn:x'/>"],
    ['two colons', "<p:a:b xmlns:p='urn:x'/>"],
    ['an undeclared prefix', '<p:a/>'],
    ['an undeclared prefix of an attribute', "<a p:b='1'/>"],
    ['the prefix xmlns', '<xmlns:a/>'],
    ['an emptied prefix', "<a xmlns:p=''/>"],
    ['the prefix xml bound anew', "<a xmlns:xml='urn:x'/>"],
    ['another prefix for xml', "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>"],
    ['a prefix out of its scope', "<a><b xmlns:p='urn:x'/><p:c/></a>"],
    ['NUL', '<a>\0</a>'],
    ['a control character', '<a>\x01</a>'],
    ['U+FFFF', '<a>\uFFFF</a>'],
    ['half a surrogate pair', '<a>\uD83D</a>'],
    ['the other half', '<a>\uDE00</a>'],
    ['a reference to NUL', '<a>&#0;</a>'],
    ['a reference to half a surrogate pair', '<a>&#xD800;</a>'],
    ['a bare ampersand', '<a>AT&T</a>'],
    ['a bare ampersand at the end of a word', "<a b='x & y'/>"],
    ['< in an attribute', "<a b='<'/>"],
    ['an unquoted attribute', '<a b=c/>'],
    ['an attribute without value', '<a b/>'],
    ['no space between attributes', "<a b='1'c='2'/>"],
    [']]> in text', '<a>]]></a>'],
    ['a wrong close tag', '<a></b>'],
    ['a close tag too early', '<a><b></a>'],
    ['the stream closed inside an element', '<a></stream:stream>'],
    ['the stream closed by another name', '</stream:foo>'],
    ['an XML declaration', "<?xml version='1.0'?>"],
    ['a markup declaration', '<!ELEMENT a ANY>'],
    ['a bare <', '< a/>'],
  ])('%s is not well-formed', (_what, text) => {
    expect(readBody(`<ok/>${text}`)).toEqual(['<ok xmlns="jabber:client"/>', 'error not-well-formed']);
  });
  it.each(['x', '\uFEFF', ' <?xml version="1.0"?>', "<?xml encoding='UTF-8'?>", '</a>', '\uD800'])(
    '%s before the header is not well-formed',
    (text) => {
      expect(read(text + HEADER)).toEqual(['error not-well-formed']);
    },
  );
  it.each(["version='1.1'", "version='1.0' encoding='ISO-8859-1'", "version='1.0' encoding='UTF-16'"])(
    'an XML declaration with %s is an unsupported-encoding',
    (declaration) => {
      expect(read(`<?xml ${declaration}?>`, HEADER)).toEqual(['error unsupported-encoding']);
    },
  );
  it.each(['<stream>', "<stream:stream xmlns:stream='urn:other'>", "<message xmlns='jabber:client'>"])(
    'the root %s is an invalid-namespace',
    (header) => {
      expect(read(header)).toEqual(['error invalid-namespace']);
    },
  );
  it('a root of another name in the namespace of streams is a bad-format', () => {
    expect(read(HEADER.replace('stream:stream', 'stream:strem'))).toEqual(['error bad-format']);
  });
  it.each(['hello<a/>', '&#65;<a/>', '<![CDATA[x]]>'])('%s between elements is a bad-format', (text) => {
    expect(readBody(text)).toEqual(['error bad-format']);
  });
});

describe('a dead parser', () => {
  it('calls no callback after a violation', () => {
    const { parser, lines } = record();
    parser.write(`${HEADER}<a></b><c/>`);
    parser.write('<d/></stream:stream>');
    parser.restart();
    parser.write(HEADER);
    expect(lines).toEqual(['open jabber:client', 'error not-well-formed']);
  });
  it('calls no callback after the stream was closed', () => {
    expect(read(`${HEADER}</stream:stream><a/>`, `\0${HEADER}`)).toEqual(['open jabber:client', 'close']);
  });
  it.each(['open', '<starttls'])('calls no callback when it was closed from inside the callback of %s', (at) => {
    const { parser, lines } = record({}, (line, self) => {
      if (line.startsWith(at)) self.close();
    });
    parser.write(`${HEADER}<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><injected/>\0`);
    parser.write('<late/>');
    expect(lines.at(-1)?.startsWith(at)).toBe(true);
  });
  it('results from a callback that throws, and the error comes out of write', () => {
    const { parser, lines } = record({}, (line) => {
      if (line.startsWith('<a')) throw new Error('mine');
    });
    expect(() => parser.write(`${HEADER}<a/><b/>`)).toThrow('mine');
    parser.write('<c/>');
    expect(lines).toEqual(['open jabber:client', '<a xmlns="jabber:client"/>']);
  });
});

describe('text written from inside a callback', () => {
  it('is read after the current text', () => {
    const { parser, lines } = record({}, (line, self) => {
      if (line.startsWith('<a')) self.write('<c/>');
    });
    parser.write(`${HEADER}<a/><b/>`);
    expect(lines.slice(1).map((line) => line.slice(0, 2))).toEqual(['<a', '<b', '<c']);
  });
});

describe('idle', () => {
  it('is true only between elements', () => {
    const { parser } = record();
    const states = ['', ' ', HEADER, ' \n', '<a', '>', '</a>', '\r', '<b/> <c'].map((text) => {
      parser.write(text);
      return parser.idle;
    });
    expect(states).toEqual([false, false, true, true, false, false, true, true, false]);
  });
});
