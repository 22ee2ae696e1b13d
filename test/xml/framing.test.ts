import { describe, expect, it } from 'vitest';
import { serverFraming, tcpFraming, webSocketFraming } from '../../src/xml.js';
import { type Recording, record } from './recorder.js';

const FRAMING = 'urn:ietf:params:xml:ns:xmpp-framing';
const STREAMS = 'http://etherx.jabber.org/streams';
const OPEN = `<open xmlns='${FRAMING}' to='a' version='1.0'/>`;

describe('an element in a message of its own (RFC 7395 section 3.3)', () => {
  const { frame } = webSocketFraming;

  it.each([
    ['<message/>', "<message xmlns='jabber:client'/>"],
    ["<message to='a'><x/></message>", "<message xmlns='jabber:client' to='a'><x/></message>"],
    ['<presence></presence>', "<presence xmlns='jabber:client'></presence>"],
    [`<iq id=" xmlns='x' "/>`, `<iq xmlns='jabber:client' id=" xmlns='x' "/>`],
    ["<iq id='>'/>", "<iq xmlns='jabber:client' id='>'/>"],
    ["<iq><x xmlns='y'/></iq>", "<iq xmlns='jabber:client'><x xmlns='y'/></iq>"],
    ['<stream:error><x/></stream:error>', `<stream:error xmlns:stream='${STREAMS}'><x/></stream:error>`],
  ])('%s declares the namespace that the stream header would declare', (element, message) => {
    expect(frame(element)).toBe(message);
  });

  it.each([
    "<r xmlns='urn:xmpp:sm:3'/>",
    "<message to='a' xmlns = 'jabber:client'/>",
    '<message\nxmlns="jabber:client"><x/></message>',
    `<stream:features xmlns:stream='${STREAMS}'/>`,
    "<c:message xmlns:c='jabber:client'/>",
  ])('%s stays as it is', (element) => {
    expect(frame(element)).toBe(element);
  });

  it('is not changed on TCP', () => {
    expect(tcpFraming.frame('<message/>')).toBe('<message/>');
  });
});

describe('the limits of a framed stream that restarts', () => {
  const SMALL = { maxElements: 1 };
  const TWO = '<a><b/></a>';

  it('are the new limits, from the next message on', () => {
    const { lines, parser } = record(
      SMALL,
      (line, parser) => line === '<auth/>' && parser.restart({}),
      webSocketFraming.createParser,
    );
    for (const message of [OPEN, '<auth/>', OPEN, TWO]) parser.write(message);
    expect(lines.slice(2)).toEqual(['open jabber:client', TWO]);
  });

  it('do not change when no limits are given', () => {
    const { lines, parser } = record(SMALL, () => {}, webSocketFraming.createParser);
    parser.write(OPEN);
    parser.restart();
    for (const message of [OPEN, TWO]) parser.write(message);
    expect(lines.slice(1)).toEqual(['open jabber:client', 'error policy-violation']);
  });
});

describe('a header', () => {
  it('between servers has the namespace jabber:server and the prefix of dialback', () => {
    expect(serverFraming.header({ from: 'a', to: 'b' })).toBe(
      `<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='${STREAMS}' xmlns:db='jabber:server:dialback' from='a' to='b'>`,
    );
  });

  it('escapes its attributes', () => {
    expect(webSocketFraming.header({ from: "a'<" })).toBe(`<open xmlns='${FRAMING}' from='a&apos;&lt;'/>`);
    expect(tcpFraming.header({ from: '"' })).toMatch(/ from='&quot;'>$/);
  });
});

describe('a parser of messages', () => {
  const read = (...messages: readonly string[]): Recording => {
    const limits = { maxStanzaBytes: 100, maxDepth: 3, maxAttributes: 3, maxElements: 4 };
    const recording = record(limits, () => {}, webSocketFraming.createParser);
    for (const message of messages) recording.parser.write(message);
    return recording;
  };
  const CLOSE = `<close xmlns='${FRAMING}'/>`;
  const OPENED = 'open jabber:client';

  it('gives one element for each message', () => {
    const { lines } = read(OPEN, "<r xmlns='urn:xmpp:sm:3'/>", "<message xmlns='jabber:client'><x/></message> ", CLOSE);
    const message = '<message xmlns="jabber:client"><x/></message>';
    expect(lines).toEqual([OPENED, '<r xmlns="urn:xmpp:sm:3"/>', message, 'close']);
  });

  it('carries no text of one message into the next', () => {
    const { lines } = read(OPEN, "<a xmlns:p='q' xmlns='r'/>", '<b/>', '<p:b/>');
    expect(lines.slice(2)).toEqual(['<b/>', 'error not-well-formed']);
  });

  it.each([
    `<a>${'x'.repeat(100)}</a>`,
    `<a b='${'x'.repeat(100)}`,
    '<a><a><a><a/></a></a></a>',
    "<a a='' b='' c='' d=''/>",
    '<a><b/><b/><b/><b/></a>',
  ])('applies the limits: %s', (message) => {
    expect(read(OPEN, message).lines).toEqual([OPENED, 'error policy-violation']);
  });

  it('measures each message by itself', () => {
    const message = `<a>${'x'.repeat(80)}</a>`;
    expect(read(OPEN, message, message, message).lines).toEqual([OPENED, message, message, message]);
  });

  it.each([
    ['<a/><b/>', 'not-well-formed'],
    ['<a/><b', 'not-well-formed'],
    ['<a/>text', 'not-well-formed'],
    ['<a/></b>', 'not-well-formed'],
    ['<a', 'not-well-formed'],
    ['<!-- -->', 'restricted-xml'],
    ['text<a/>', 'bad-format'],
    ['\uFEFF<a/>', 'bad-format'],
    ["<?xml version='1.0'?><a/>", 'bad-format'],
  ])('gives no element for %j, and none after it', (message, condition) => {
    expect(read(OPEN, message, '<c/>').lines).toEqual([OPENED, `error ${condition}`]);
  });

  it('expects <open/> first, and again after a restart', () => {
    const { parser, lines } = read(OPEN, '<a/>');
    expect(parser.idle).toBe(true);
    parser.restart();
    expect(parser.idle).toBe(false);
    parser.write(OPEN);
    parser.restart();
    parser.write('<message/>');
    parser.write(OPEN);
    expect(lines).toEqual([OPENED, '<a/>', OPENED, 'error invalid-namespace']);
  });

  it('calls no callback after either side closed it', () => {
    const peers = read(OPEN, CLOSE, '<a/>');
    expect(peers.lines).toEqual([OPENED, 'close']);
    expect(peers.parser.idle).toBe(false);
    const ours = read(OPEN);
    ours.parser.close();
    ours.parser.write('<');
    expect(ours.lines).toEqual([OPENED]);
  });
});
